/** Endpoints and deliveries: registered, tried, explained, followed, sent again. */
import assert from 'node:assert/strict';
import { execFile, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { checkAccessibility, eventually, keep, openPage, send, settled, signIn, startBrowser, startReceiver, startService } from './world.mjs';

let service;
let browser;

before(async () => {
  [service, browser] = await Promise.all([startService(), startBrowser()]);
});

after(async () => {
  await browser?.close();
  await service?.stop();
});

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const isThere = (program) => {
  try {
    execFileSync(program, [program === 'go' ? 'version' : '--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

/** Compiles a program in Go: `go run` would leave it behind when it is ended. */
const built = (file) => {
  const program = file.replace(/\.go$/, '');
  execFileSync('go', ['build', '-o', program, file], { stdio: 'pipe', timeout: 120_000 });
  return program;
};

/** Each language of the samples that this machine has, and how its program is started on another port. */
const LANGUAGES = [
  { name: 'Node', program: 'node', file: 'receiver.mjs', run: (file) => ['node', file] },
  { name: 'Python', program: 'python3', file: 'receiver.py', run: (file) => ['python3', file] },
  { name: 'PHP', program: 'php', file: 'receiver.php', run: (file, port) => ['php', '-S', `0.0.0.0:${port}`, file] },
  { name: 'Go', program: 'go', file: 'receiver.go', run: (file) => [built(file)] },
];

test('a new endpoint gives its secret once, and receivers that verify with it', async () => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/webhooks/parseflow`;
  const { page, check, close } = await openPage(browser, service, { expected: [/400.*notifications/] });
  await signIn(page, service);
  await page.getByRole('link', { name: 'Endpoints', exact: true }).click();
  await page.getByText('No endpoint yet').waitFor();
  await checkAccessibility(page, 'no endpoint');
  await page.getByRole('link', { name: 'New endpoint' }).first().click();

  await page.getByRole('textbox', { name: 'Address' }).fill('your-app.com');
  await page.getByRole('button', { name: 'Register' }).click();
  await page.getByText('This is not an address.').waitFor();
  await page.getByRole('textbox', { name: 'Address' }).fill('http://10.0.0.1/webhooks');
  await page.getByRole('button', { name: 'Register' }).click();
  await page.locator('.wrong:visible, [role="alert"]:visible').first().waitFor();
  await checkAccessibility(page, 'a refused address');
  await keep(page, 'endpoint-refused');
  await page.getByRole('textbox', { name: 'Address' }).fill(url);
  await page.getByRole('checkbox', { name: 'extraction.*' }).check();
  await page.getByLabel('Description (optional)').fill('Samples');
  await page.getByRole('button', { name: 'Register' }).click();
  await page.getByRole('heading', { name: 'Your endpoint is ready' }).waitFor();
  const secret = await page.locator('[data-secret]').textContent();
  assert.match(secret, /^whsec_[A-Za-z0-9]{32}$/);
  await checkAccessibility(page, 'the secret');
  await keep(page, 'endpoint-registered');

  const folder = mkdtempSync(join(tmpdir(), 'parseflow-receivers-'));
  for (const { name, program, file, run } of LANGUAGES.filter((language) => isThere(language.program))) {
    await page.getByRole('tab', { name, exact: true }).click();
    const code = await page.getByRole('tabpanel').locator('code').first().textContent();
    assert.ok(code.includes(secret), `${name} has the secret in its place`);
    const path = join(folder, file);
    writeFileSync(path, code.replaceAll('9000', String(port)));
    const [command, ...rest] = run(path, port);
    const receiver = spawn(command, rest, { stdio: 'ignore', cwd: folder });
    try {
      // Up, and refuses what is not signed.
      const refused = await eventually(`the receiver in ${name} listens`, () =>
        fetch(url, { method: 'POST', body: '{}', headers: { 'X-ParseFlow-Signature': '00' }, signal: AbortSignal.timeout(5_000) }).then((answer) => answer.status, () => null),
      );
      assert.equal(refused, 401, name);
      await page.getByRole('button', { name: 'Send a test event' }).click();
      await page.getByText(/Your receiver answered 204/).waitFor();
    } finally {
      receiver.kill('SIGKILL');
      await eventually(`the receiver in ${name} ends`, () => receiver.exitCode !== null || receiver.signalCode !== null);
    }
  }
  rmSync(folder, { recursive: true, force: true });
  await page.getByRole('tab', { name: 'Rust' }).click();
  await page.keyboard.press('ArrowRight');
  assert.equal(await page.getByRole('tab', { name: 'PHP' }).getAttribute('aria-selected'), 'true');

  await page.getByRole('link', { name: 'All endpoints' }).click();
  await page.getByRole('link', { name: url }).waitFor();
  assert.ok(!(await page.content()).includes(secret), 'the secret is shown once');
  check();
  await close();
});

test('the log is filtered in its address and followed live, and a delivery tells its story', async () => {
  const receiver = await startReceiver(503);
  const endpoint = await service.call('POST', '/api/webhooks/notifications', { url: receiver.url, events: ['*'], description: 'Archive' });
  const { page, check, close } = await openPage(browser, service, { permissions: ['clipboard-read', 'clipboard-write'] });
  await signIn(page, service);
  await page.getByRole('link', { name: 'Deliveries', exact: true }).first().click();
  await page.getByRole('heading', { name: 'Deliveries', level: 1 }).waitFor();
  await page.getByLabel('Endpoint', { exact: true }).selectOption({ label: 'Archive' });
  await page.getByLabel('Event', { exact: true }).selectOption('extraction.completed');
  await page.getByText('No delivery is like this').waitFor();
  assert.match(page.url(), new RegExp(`endpoint=${endpoint.id}`));
  assert.match(page.url(), /event=extraction\.completed/);

  // Live: what happens elsewhere appears by itself.
  await send(service, 'receipt.pdf');
  const link = page.locator('[data-delivery]').first();
  await link.waitFor();
  await page.reload();
  await link.click();

  const drawer = page.getByRole('dialog', { name: 'Delivery' });
  await drawer.getByText('Answered 503').first().waitFor();
  await drawer.getByText(/Next attempt in|being made/).waitFor();
  await drawer.getByText('{"error":"maintenance"}').locator('visible=true').first().waitFor();
  // What the receiver got, where the time went, what is likely wrong; then the second attempt below the first.
  const shown = (text) => drawer.getByText(text).locator('visible=true').first().waitFor();
  await shown(/x-parseflow-signature: [0-9a-f]{64}/);
  await shown(/x-receiver: express/);
  await shown(/^Connect \d/);
  await shown(/^Wait for the answer \d/);
  await shown(/A proxy answered for a receiver that it cannot reach/);
  await shown(/^attempt 2 · \d\d:\d\d:\d\d/);
  await checkAccessibility(page, 'a delivery that is retried');
  await keep(page, 'delivery-retrying');

  await drawer.getByRole('button', { name: 'Copy as curl' }).click();
  const command = await page.evaluate(() => navigator.clipboard.readText());
  const before = receiver.requests.length;
  // Beside this process, which is also the receiver.
  await promisify(execFile)('sh', ['-c', `PARSEFLOW_SECRET=${endpoint.secret}\n${command.replace('curl -i', 'curl -s -i --noproxy "*"')}`]);
  const byHand = receiver.requests.slice(before).find((request) => request.headers['user-agent'].startsWith('curl'));
  const sent = receiver.requests.find((request) => !request.headers['user-agent'].startsWith('curl'));
  assert.equal(byHand.body, sent.body);
  assert.equal(byHand.headers['x-parseflow-signature'], sent.headers['x-parseflow-signature']);

  await drawer.getByText('Check a signature').click();
  await drawer.getByLabel('Secret of the endpoint').fill(endpoint.secret);
  await drawer.getByLabel('Signature that your receiver computed').fill(sent.headers['x-parseflow-signature']);
  await drawer.getByRole('button', { name: 'Check', exact: true }).click();
  await drawer.getByText('They agree').waitFor();
  await drawer.getByLabel('Signature that your receiver computed').fill('0'.repeat(64));
  await drawer.getByRole('button', { name: 'Check', exact: true }).click();
  await drawer.getByText('They differ').waitFor();
  await checkAccessibility(page, 'a checked signature');

  // Repaired and sent again: the news come by themselves.
  receiver.status = 200;
  await drawer.getByRole('button', { name: 'Resend' }).click();
  await drawer.getByText('Delivered').waitFor();
  await drawer.getByText('Answered 200').waitFor();
  await shown(/^attempt \d, by hand/);
  await drawer.getByLabel('Laid out for reading').uncheck();
  await drawer.getByText(sent.body.slice(0, 60)).waitFor();
  await keep(page, 'delivery-delivered');
  await page.keyboard.press('Escape');
  await drawer.waitFor({ state: 'detached' });
  assert.ok(!page.url().includes('open='));
  await page.getByRole('button', { name: 'Clear' }).click();
  assert.ok(!page.url().includes('endpoint='));
  receiver.stop();
  check();
  await close();
});

test('an endpoint is edited, paused, rotated, disabled and deleted', async () => {
  const receiver = await startReceiver(200);
  const endpoint = await service.call('POST', '/api/webhooks/notifications', { url: receiver.url, events: ['extraction.*'] });
  const { page, check, close } = await openPage(browser, service);
  await signIn(page, service);
  await page.goto(`${service.url}/endpoints/${endpoint.id}`);
  await page.getByText('Nothing has been sent yet. Send a test event').waitFor();
  await page.getByText('version v1, as when it was registered').waitFor();
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await page.getByText('Answers as it should.').waitFor();

  await page.getByRole('button', { name: 'Edit' }).click();
  await page.getByLabel('Description (optional)').fill('Ledger');
  await page.getByText('More settings').click();
  await page.getByLabel('At most this many a second').fill('50');
  await checkAccessibility(page, 'the edited endpoint');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { name: 'Ledger', level: 1 }).waitFor();
  await page.getByText('at most 50 a second').waitFor();

  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByText('Paused by you.').waitFor();
  await page.getByRole('button', { name: 'Resume' }).click();
  await page.getByRole('button', { name: 'Pause' }).waitFor();

  await page.getByRole('button', { name: 'Rotate…' }).click();
  await page.getByRole('button', { name: 'Make a new secret' }).click();
  const secret = await page.getByRole('dialog').locator('[data-secret]').textContent();
  assert.match(secret, /^whsec_/);
  await checkAccessibility(page, 'the rotated secret');
  await page.getByRole('button', { name: 'I have saved it' }).click();
  await page.getByRole('button', { name: 'Activate the new one' }).click();
  await page.getByText(`Ends in ${secret.slice(-4)}.`).waitFor();

  // What happens while it is disabled is skipped.
  await page.getByRole('button', { name: 'Disable' }).click();
  await page.getByText('Disabled by you').waitFor();
  await send(service, 'receipt.pdf');
  await page.getByRole('cell', { name: 'Skipped' }).waitFor();
  await page.getByRole('button', { name: 'Enable' }).click();
  await page.getByText('Nothing has been sent yet.').or(page.getByText('Answers as it should.')).waitFor();

  await page.getByRole('button', { name: 'Delete…' }).click();
  const confirm = page.getByRole('dialog').getByRole('button', { name: 'Delete' });
  assert.ok(await confirm.isDisabled());
  await page.getByRole('dialog').getByRole('textbox').fill(endpoint.id);
  await confirm.click();
  await page.getByRole('heading', { name: 'Endpoints', level: 1 }).waitFor();
  assert.equal(await page.getByRole('link', { name: 'Ledger' }).count(), 0);
  receiver.stop();
  check();
  await close();
});

test('what an outage cost is counted, sent again, stopped and finished', async () => {
  const MISSED = 130;
  const receiver = await startReceiver(200);
  const endpoint = await service.call('POST', '/api/webhooks/notifications', { url: receiver.url, events: ['batch.failed'], description: 'Outage' });
  const path = `/api/webhooks/notifications/${endpoint.id}`;
  const { key } = await service.call('POST', '/api/v1/keys', { name: 'publisher', scopes: ['events:write'] });
  await service.call('PATCH', path, { isActive: false });
  const publish = (number) => service.call('POST', '/api/v1/events', { event: 'batch.failed', data: { number } }, key);
  await Promise.all(Array.from({ length: MISSED }, (_, index) => publish(index + 1)));

  const { page, check, close } = await openPage(browser, service, { expected: [] });
  await signIn(page, service);
  await page.goto(`${service.url}/endpoints/${endpoint.id}`);
  const dialog = page.getByRole('dialog', { name: 'Recover deliveries' });
  const open = () => page.getByRole('button', { name: 'Recover…' }).click();
  await open();
  await dialog.getByText('The endpoint is disabled. Enable it first.').waitFor();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Enable' }).click();
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByText('Paused by you.').waitFor();

  // Counted first; what is chosen changes the count.
  await open();
  await dialog.getByRole('checkbox', { name: 'Skipped' }).uncheck();
  await dialog.getByRole('button', { name: 'Count first' }).click();
  await dialog.getByText('There is nothing to send again.').waitFor();
  await dialog.getByRole('checkbox', { name: 'Skipped' }).check();
  await dialog.getByLabel('Event', { exact: true }).selectOption('batch.failed');
  await dialog.getByRole('button', { name: 'Count first' }).click();
  await dialog.getByText(`${MISSED} deliveries are like this.`).waitFor();
  await checkAccessibility(page, 'a counted recovery');
  await keep(page, 'recover-counted');
  assert.equal(receiver.requests.length, 0, 'counting sends nothing');

  // A paused endpoint takes nothing: the recovery waits, and is stopped.
  await dialog.getByRole('button', { name: `Send ${MISSED} again` }).click();
  await dialog.getByText(`Sending again: 0 of ${MISSED}.`).waitFor();
  await checkAccessibility(page, 'a recovery that runs');
  await keep(page, 'recover-running');
  await dialog.getByRole('button', { name: 'Stop' }).click();
  await dialog.getByText(`Stopped after 0 of ${MISSED}.`).waitFor();
  await dialog.getByRole('button', { name: 'Close', exact: true }).last().click();
  await page.getByRole('button', { name: 'Resume' }).click();
  await page.getByRole('button', { name: 'Pause' }).waitFor();
  assert.equal(receiver.requests.length, 0, 'what was stopped is not sent');

  // Again, to the end.
  await open();
  await dialog.getByRole('button', { name: 'Count first' }).click();
  await dialog.getByRole('button', { name: `Send ${MISSED} again` }).click();
  await dialog.getByText(`Done: ${MISSED} deliveries were queued again.`).waitFor();
  await keep(page, 'recover-done');
  await dialog.getByRole('button', { name: 'Close', exact: true }).last().click();
  await eventually('all of it arrives', () => receiver.requests.length === MISSED);
  const numbers = receiver.requests.map((request) => JSON.parse(request.body).data.number);
  assert.equal(new Set(numbers).size, MISSED, 'each once');
  receiver.stop();
  check();
  await close();
});

test('the catalogue shows each event and sends it as a test; keys are made and shown once', async () => {
  const receiver = await startReceiver(200);
  await service.call('POST', '/api/webhooks/notifications', { url: receiver.url, events: ['*'], description: 'Catalogue' });
  const { page, check, close } = await openPage(browser, service);
  await signIn(page, service);
  await page.getByRole('link', { name: 'Event catalogue' }).click();
  await page.getByRole('link', { name: 'quota.warning' }).click();
  await page.getByRole('heading', { name: 'quota.warning' }).waitFor();
  await page.getByRole('region', { name: 'the example' }).getByText('"percentUsed"').waitFor();
  await page.getByLabel('Endpoint', { exact: true }).selectOption({ label: 'Catalogue' });
  await page.getByRole('button', { name: 'Send a test event' }).click();
  await page.getByRole('dialog', { name: 'Delivery' }).getByText('Delivered').waitFor();
  await page.keyboard.press('Escape');

  await page.getByRole('link', { name: 'API keys' }).click();
  await page.getByRole('button', { name: 'New key' }).click();
  await page.getByLabel('Name').fill('Billing server');
  await page.getByLabel('May publish events').check();
  await checkAccessibility(page, 'a new key');
  await page.getByRole('button', { name: 'Make the key' }).click();
  const key = await page.locator('[data-secret]').textContent();
  await page.getByRole('button', { name: 'I have saved it' }).click();
  await page.getByRole('cell', { name: 'Billing server', exact: true }).waitFor();
  await service.call('POST', '/api/v1/events', { event: 'extraction.completed', data: { id: 'own-1' } }, key);

  await page.getByRole('link', { name: 'Overview' }).click();
  await settled(page);
  await page.locator('[data-feed]').getByText('extraction.completed').first().waitFor();
  await keep(page, 'overview-live');
  receiver.stop();
  check();
  await close();
});
