/** Every screen, in both themes and on the width of a phone: no violation of WCAG AA, nothing too wide, nothing logged. */
import { after, before, test } from 'node:test';
import { checkAccessibility, checkWidth, eventually, keep, openPage, send, settled, signIn, startBrowser, startReceiver, startService } from './world.mjs';

let service;
let browser;
let good;
let bad;
let places;

before(async () => {
  [service, browser, good, bad] = await Promise.all([startService(), startBrowser(), startReceiver(200), startReceiver(503)]);
  const register = (url, description, events) => service.call('POST', '/api/webhooks/notifications', { url, description, events });
  await register(good.url, 'Accounting, production', ['extraction.*', 'batch.*']);
  const failing = await register(bad.url, 'Archive', ['*']);
  const invoice = await send(service, 'invoice-english.pdf');
  await send(service, 'receipt.pdf');
  await send(service, 'corrupt.pdf');
  const batch = await send(service, 'invoice-french.pdf', 'invoice-german.pdf', 'corrupt.pdf');
  const delivery = await eventually('a delivery was tried', async () => {
    const { deliveries } = await service.call('GET', `/api/webhooks/notifications/${failing.id}/deliveries`);
    return deliveries.find((one) => one.attemptCount > 0);
  });
  await eventually('the batch is read', async () => (await service.call('GET', `/api/v1/batch/${batch.id}`)).status !== 'processing');
  places = {
    overview: '/',
    extract: '/extract',
    documents: '/documents',
    document: `/documents/${invoice.id}`,
    batches: '/batches',
    batch: `/batches/${batch.id}`,
    endpoints: '/endpoints',
    'new-endpoint': '/endpoints/new',
    endpoint: `/endpoints/${failing.id}`,
    deliveries: '/deliveries',
    delivery: `/deliveries?open=${failing.id}/${delivery.id}`,
    catalogue: '/events?event=batch.completed',
    usage: '/usage',
    keys: '/keys',
    settings: '/settings',
    nowhere: '/no/such/screen',
  };
});

after(async () => {
  good?.stop();
  bad?.stop();
  await browser?.close();
  await service?.stop();
});

const LOOKS = {
  light: { colorScheme: 'light' },
  dark: { colorScheme: 'dark' },
  phone: { colorScheme: 'light', width: 390, height: 844 },
};

for (const [look, options] of Object.entries(LOOKS)) {
  test(`every screen holds what it promises: ${look}`, async () => {
    const { page, check, close } = await openPage(browser, service, options);
    await page.goto(service.url);
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    await checkAccessibility(page, 'sign-in');
    await keep(page, `sign-in-${look}`);
    await signIn(page, service);
    for (const [name, path] of Object.entries(places)) {
      await page.goto(service.url + path);
      await page.locator('main :is(h1, .title)').first().waitFor();
      await settled(page);
      if (name === 'document') await page.locator('[data-page="1"]').waitFor();
      if (name === 'delivery') await page.getByRole('heading', { name: 'Attempts' }).waitFor();
      await checkAccessibility(page, `${name}, ${look}`);
      await checkWidth(page, `${name}, ${look}`);
      await keep(page, `${name}-${look}`);
    }
    check();
    await close();
  });
}

test('on a phone the menu opens, leads, and closes', async () => {
  const { page, check, close } = await openPage(browser, service, LOOKS.phone);
  await signIn(page, service);
  const menu = page.getByRole('button', { name: 'Menu' });
  await menu.click();
  await checkAccessibility(page, 'the menu');
  await keep(page, 'menu-phone');
  await page.getByRole('link', { name: 'Endpoints', exact: true }).click();
  await page.getByRole('heading', { name: 'Endpoints', level: 1 }).waitFor();
  await page.waitForFunction(() => document.querySelector('header button')?.getAttribute('aria-expanded') === 'false');
  check();
  await close();
});
