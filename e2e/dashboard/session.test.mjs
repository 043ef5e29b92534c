/** Getting in and out, finding one's way, and how heavy and fast the first view is. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { noteFirstView } from './interactions.mjs';
import { checkAccessibility, keep, openPage, send, settled, signIn, startBrowser, startService } from './world.mjs';

let service;
let browser;

before(async () => {
  [service, browser] = await Promise.all([startService(), startBrowser()]);
});

after(async () => {
  await browser?.close();
  await service?.stop();
});

test('a wrong key is refused in words, and a good one stays out of reach of scripts', async () => {
  const { page, check, close } = await openPage(browser, service, { expected: [/401.*api\/session/] });
  await page.goto(service.url);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('Enter an API key.').waitFor();
  await page.getByLabel('API key').fill(`dm_live_${'0'.repeat(48)}`);
  await page.keyboard.press('Enter');
  await page.getByText('No active key is like this one.').waitFor();
  await checkAccessibility(page, 'a refused sign-in');
  await keep(page, 'sign-in-refused');

  await page.getByLabel('API key').fill(service.key);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
  const kept = await page.evaluate(() => JSON.stringify([document.cookie, { ...localStorage }, { ...sessionStorage }]));
  assert.ok(!kept.includes('dm_live_'), kept);
  assert.ok(!kept.includes('parseflow_session='), kept);

  await page.reload();
  await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
  check();
  await close();
});

test('a session outlives a service that cannot be asked for a while', async () => {
  const { page, check, close } = await openPage(browser, service, { expected: [/ERR_FAILED/] });
  await signIn(page, service);
  await page.route('**/api/session', (route) => route.abort());
  await page.reload();
  await page.getByText('The service does not answer.').waitFor();
  await checkAccessibility(page, 'no answer');
  await keep(page, 'no-answer');
  await page.unroute('**/api/session');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
  check();
  await close();
});

test('a revoked key ends the session, and signing in again goes on in the same place', async () => {
  const { page, check, close } = await openPage(browser, service, { expected: [/401/] });
  const made = await service.call('POST', '/api/v1/keys', { name: 'short-lived' });
  await signIn(page, service, made.key);
  await page.getByRole('link', { name: 'API keys' }).click();
  await page.getByRole('cell', { name: 'short-lived', exact: true }).waitFor();
  await page.getByRole('button', { name: 'Revoke short-lived' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await page.getByText('Your session has ended.').waitFor();
  await page.getByLabel('API key').fill(service.key);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'API keys', level: 1 }).waitFor();
  check();
  await close();
});

test('everything is within reach of the keyboard', async () => {
  await send(service, 'invoice.txt');
  const { page, check, close } = await openPage(browser, service);
  await signIn(page, service);
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Skip to the content');
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'main');

  await page.keyboard.press('g');
  await page.keyboard.press('c');
  await page.getByRole('heading', { name: 'Documents', level: 1 }).waitFor();
  await page.getByRole('link', { name: 'invoice.txt' }).waitFor();
  await page.keyboard.press('j');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'invoice.txt');
  await page.keyboard.press('/');
  await page.keyboard.type('invoice');
  assert.match(page.url(), /search=invoice/);
  await page.keyboard.press('Escape');
  await page.evaluate(() => document.activeElement.blur());

  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
  await checkAccessibility(page, 'the list of shortcuts');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });

  await page.getByRole('link', { name: 'invoice.txt' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'invoice.txt', level: 1 }).waitFor();
  check();
  await close();
});

test('the theme that was chosen stays', async () => {
  const { page, check, close } = await openPage(browser, service);
  const background = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  await signIn(page, service);
  const light = await background();
  await page.getByRole('link', { name: 'Settings and health' }).click();
  await page.getByRole('group', { name: 'Theme' }).getByLabel('Dark').check();
  const dark = await background();
  assert.notEqual(dark, light);
  await page.reload();
  await page.getByRole('heading', { name: 'Settings and health' }).waitFor();
  assert.equal(await background(), dark);
  check();
  await close();
});

test('the first view is small', async () => {
  const { page, check, close } = await openPage(browser, service);
  const sizes = [];
  page.on('response', (answer) => {
    if (new URL(answer.url()).pathname.match(/^\/(assets\/.*)?$/)) sizes.push(answer.request().sizes());
  });
  await signIn(page, service);
  await settled(page);
  const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size.responseBodySize, 0);
  assert.ok(bytes > 10_000 && bytes < 100_000, `${bytes} bytes`);
  const shown = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime);
  noteFirstView({ bytes, paintedMs: Math.round(shown) });
  check();
  await close();
});
