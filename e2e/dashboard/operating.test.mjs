/** What owners and operators watch: the quota with its marks, an endpoint that fails until it is disabled, the service's health. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, test } from 'node:test';
import { BINARY, checkAccessibility, eventually, keep, openPage, send, sendWith, settled, signIn, startBrowser, startReceiver, startService } from './world.mjs';

let service;
let browser;

before(async () => {
  // Three days are thirty seconds here: a day is ten.
  [service, browser] = await Promise.all([
    startService({ schedule: Array(20).fill('2s').join(','), options: ['--disable-after', '30s'] }),
    startBrowser(),
  ]);
});

after(async () => {
  await browser?.close();
  await service?.stop();
});

/** Where the middle of an element is, as a share of the bar's width. */
const shareOf = (page, selector) =>
  page.evaluate((selector) => {
    const bar = document.querySelector('[role="meter"]').getBoundingClientRect();
    const box = document.querySelector(selector).getBoundingClientRect();
    return { middle: (box.x + box.width / 2 - bar.x) / bar.width, right: (box.right - bar.x) / bar.width };
  }, selector);

test('the quota bar fills live, with its marks at 80 and 100 percent', async () => {
  const key = service.account('quota@example.com', 'pro', '5');
  const { page, check, close } = await openPage(browser, service);
  await signIn(page, service, key);
  const meter = page.getByRole('meter', { name: 'Quota used' });
  const says = (text) => eventually(`the bar says ${text}`, async () => (await meter.getAttribute('aria-valuetext')) === text);
  await says('0 of 5, 0 %');
  assert.ok(Math.abs((await shareOf(page, '[role="meter"] .mark')).middle - 0.8) < 0.01);
  const ends = page.locator('.marks');
  await ends.getByText('80 %').waitFor();
  await ends.getByText('100 %').waitFor();

  for (let number = 0; number < 3; number += 1) await sendWith(service, key, 'invoice.txt');
  await says('3 of 5, 60 %');
  await meter.locator('.fill.good').waitFor();
  await sendWith(service, key, 'invoice.txt');
  await says('4 of 5, 80 %');
  await meter.locator('.fill.warn').waitFor();
  assert.ok(Math.abs((await shareOf(page, '[role="meter"] .fill')).right - 0.8) < 0.02);
  await keep(page, 'quota-warning');
  await sendWith(service, key, 'invoice.txt');
  await says('5 of 5, 100 %');
  await meter.locator('.fill.bad').waitFor();
  await page.getByText('0 left').waitFor();
  assert.equal((await sendWith(service, key, 'invoice.txt')).code, 'quota_exceeded');
  await checkAccessibility(page, 'an exhausted quota');

  // The same on the screen of its own, and in words where a document is refused.
  await page.getByRole('link', { name: 'Usage' }).last().click();
  await page.getByRole('heading', { name: 'Usage', level: 1 }).waitFor();
  await says('5 of 5, 100 %');
  await page.getByText('Documents a month').waitFor();
  await page.getByText('quota.exceeded').waitFor();
  await keep(page, 'quota-exhausted');
  check();
  await close();
});

test('an endpoint that fails says since when, when it will be disabled, and that it was', async () => {
  const receiver = await startReceiver(503);
  const endpoint = await service.call('POST', '/api/webhooks/notifications', { url: receiver.url, events: ['*'], description: 'Ailing' });
  const { page, check, close } = await openPage(browser, service);
  await signIn(page, service);
  await page.goto(`${service.url}/endpoints/${endpoint.id}`);
  const health = page.getByRole('region', { name: 'Health' });
  await health.getByText('Nothing has been sent yet.').waitFor();
  await service.call('POST', `/api/webhooks/notifications/${endpoint.id}/test`, { event: 'extraction.completed' });
  await health.getByText(/Attempts fail since .*\d\d:\d\d \(\d+ attempts? in a row\)/).waitFor();
  await health.getByText(/Failing since .*It will be disabled on .*\d\d:\d\d unless a delivery succeeds\./).waitFor();
  await checkAccessibility(page, 'a failing endpoint');
  await keep(page, 'endpoint-failing');
  await health.getByText(/Disabled on .*, after three days of failures and no success\. Enable it, then recover what it missed\./).waitFor();
  await keep(page, 'endpoint-disabled');

  // Listed and counted where an overview is sought.
  await page.getByRole('navigation').getByRole('link', { name: 'Endpoints', exact: true }).click();
  await page.getByText(/after three days of failures/).waitFor();
  await page.getByRole('link', { name: 'Overview' }).click();
  await settled(page);
  await page.getByText('1 needs attention').waitFor();

  receiver.status = 200;
  await page.goto(`${service.url}/endpoints/${endpoint.id}`);
  await page.getByRole('button', { name: 'Enable' }).click();
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await health.getByText('Answers as it should.').waitFor();
  receiver.stop();
  check();
  await close();
});

test('the operator sees version, readiness and the work of the process, and that it has gone', async () => {
  const own = await startService();
  const { page, check, close } = await openPage(browser, own, { expected: [/ERR_CONNECTION_REFUSED|ERR_INCOMPLETE|ERR_EMPTY|ERR_SOCKET/] });
  await send(own, 'invoice.txt');
  await signIn(page, own);
  await page.getByRole('link', { name: 'Settings and health' }).click();
  const fact = (name) => page.locator('dl').locator('div, dt').filter({ hasText: new RegExp(`^${name}$`) }).locator('xpath=following-sibling::dd[1]');
  const version = execFileSync(BINARY, ['--version'], { encoding: 'utf8' }).trim().split(' ')[1];
  await fact('Version').getByText(version, { exact: true }).waitFor();
  await fact('Process').getByText('answers').waitFor();
  await fact('Database').getByText('ready').waitFor();
  await fact('Live events').getByText('connected').waitFor();
  await fact('Documents read').getByText(/^1, .* each$/).waitFor();
  await fact('Documents waiting').getByText('0').waitFor();

  await own.stop();
  await page.getByText('The service does not answer.').waitFor();
  await keep(page, 'service-gone');
  check();
  await close();
});
