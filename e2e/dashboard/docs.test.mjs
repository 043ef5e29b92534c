/** The description of the API in a browser: read, searched, tried, copied as commands that work. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { checkAccessibility, checkWidth, keep, openPage, SAMPLES, startBrowser, startService } from './world.mjs';

let service;
let browser;

before(async () => {
  [service, browser] = await Promise.all([startService(), startBrowser()]);
});

after(async () => {
  await browser?.close();
  await service?.stop();
});

async function openDocs(page) {
  await page.goto(`${service.url}/docs`);
  await page.waitForFunction(() => document.documentElement.dataset.ready === 'true');
}

const LOOKS = {
  light: { colorScheme: 'light' },
  dark: { colorScheme: 'dark' },
  phone: { colorScheme: 'light', width: 390, height: 844 },
};

for (const [look, options] of Object.entries(LOOKS)) {
  test(`operations and errors are accessible and load nothing from elsewhere: ${look}`, async () => {
    const { page, check, close } = await openPage(browser, service, options);
    await openDocs(page);
    await checkWidth(page, `docs, ${look}`);
    await keep(page, `docs-${look}`);
    await page.goto(`${service.url}/docs#extractDocument`);
    await page.locator('#extractDocument').getByText('Try it').click();
    await keep(page, `docs-operation-${look}`);
    // An operation with all that belongs to it; the page without the examples of the others, which would take minutes.
    await page.evaluate(() => document.querySelectorAll('#extractDocument details').forEach((details) => (details.open = true)));
    await page.locator('#extractDocument details details').first().waitFor();
    await checkAccessibility(page, `an operation, ${look}`, '#extractDocument');
    await page.evaluate(() => document.querySelectorAll('details[open]').forEach((details) => (details.open = false)));
    await checkAccessibility(page, `docs, ${look}`);
    for (const path of ['errors', 'errors/quota_exceeded']) {
      await page.goto(`${service.url}/docs/${path}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await checkAccessibility(page, `${path}, ${look}`);
      await checkWidth(page, `${path}, ${look}`);
    }
    await keep(page, `docs-error-${look}`);
    check();
    await close();
  });
}

test('an operation is found, sent, and copied as a command', async () => {
  const { page, check, close } = await openPage(browser, service, {
    permissions: ['clipboard-read', 'clipboard-write'],
    expected: [/401.*usage/, /400.*notifications/],
  });
  await openDocs(page);
  const operations = page.getByRole('navigation', { name: 'Operations' });
  await page.keyboard.press('/');
  await page.keyboard.type('usage');
  assert.equal(await operations.getByRole('link').locator('visible=true').count(), 1);
  await page.keyboard.press('Enter');
  assert.match(page.url(), /#getUsage$/);
  await operations.locator('a[aria-current="true"]', { hasText: 'Get usage' }).waitFor();

  // Without a key it is refused in words, with a key it answers.
  const usage = page.locator('#getUsage');
  await usage.getByText('Try it').click();
  await usage.getByRole('button', { name: 'Send' }).click();
  await usage.locator('[aria-live]').getByText(/^401/).waitFor();
  await usage.locator('[aria-live]').getByText('"missing_api_key"').waitFor();
  await page.getByLabel('API key').fill(service.key);
  await usage.getByRole('button', { name: 'Send' }).click();
  await usage.locator('[aria-live]').getByText(/^200/).waitFor();
  await usage.locator('[aria-live]').getByText('"plan": "pro"').waitFor();
  const kept = await page.evaluate(() => JSON.stringify([document.cookie, { ...localStorage }, { ...sessionStorage }, location.href]));
  assert.ok(!kept.includes('dm_live_'), kept);

  // A file, and the command for the same.
  const extract = page.locator('#extractDocument');
  await extract.getByText('Try it').click();
  await extract.getByLabel('file', { exact: true }).setInputFiles(join(SAMPLES, 'invoice-english.pdf'));
  await extract.getByRole('button', { name: 'Send' }).click();
  await extract.locator('[aria-live]').getByText('"invoiceNumber": "INV-2026-0142"').waitFor();
  await keep(page, 'docs-tried');
  await extract.getByRole('button', { name: 'Copy as curl' }).click();
  const command = (await page.evaluate(() => navigator.clipboard.readText())).replace('curl ', 'curl --noproxy "*" ');
  const { stdout } = await promisify(execFile)('sh', ['-c', command], { cwd: SAMPLES, env: { ...process.env, PARSEFLOW_API_KEY: service.key } });
  assert.equal(JSON.parse(stdout).data.invoiceNumber, 'INV-2026-0142');

  // A body that is edited, and what the description says of refusals.
  const register = page.locator('#registerWebhook');
  await register.getByText('Try it').click();
  await register.getByLabel('Body').fill('{"url": "ftp://example.com", "events": ["*"]}');
  await register.getByRole('button', { name: 'Send' }).click();
  await register.locator('[aria-live]').getByText('"url_scheme_not_allowed"').waitFor();
  await register.getByText('Examples of refusals').click();
  await register.getByText('403 plan_upgrade_required').click();
  await register.locator('pre', { hasText: '"code": "plan_upgrade_required"' }).locator('visible=true').waitFor();
  await register.getByText('Schema of 201').click();
  await register.locator('pre', { hasText: '"properties"' }).first().waitFor();
  check();
  await close();
});

test('every operation can be tried: its form is there, with the example in its body', async () => {
  const { page, check, close } = await openPage(browser, service);
  await openDocs(page);
  const api = JSON.parse(readFileSync(new URL('../../openapi/parseflow.json', import.meta.url), 'utf8'));
  const operations = Object.values(api.paths).flatMap((item) => Object.values(item));
  for (const summary of await page.locator('.try > summary').all()) await summary.evaluate((element) => element.click());
  for (const operation of operations) {
    const form = page.locator(`#${operation.operationId} form`);
    await form.waitFor();
    for (const parameter of operation.parameters ?? []) {
      assert.equal(await form.getByLabel(`${parameter.name} (${parameter.in})`, { exact: true }).count(), 1, `${parameter.name} of ${operation.operationId}`);
    }
    const example = operation.requestBody?.content?.['application/json']?.example;
    if (example !== undefined) assert.deepEqual(JSON.parse(await form.getByLabel('Body').inputValue()), example, operation.operationId);
  }
  assert.ok(operations.length > 40);
  await checkAccessibility(page, 'a form', '#registerWebhook');
  check();
  await close();
});
