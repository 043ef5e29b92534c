/** Documents: dropped, read, looked at beside their page, put right, taken along; and batches. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { checkAccessibility, checkWidth, keep, openPage, SAMPLES, settled, signIn, startBrowser, startService } from './world.mjs';

let service;
let browser;

before(async () => {
  [service, browser] = await Promise.all([startService(), startBrowser()]);
});

after(async () => {
  await browser?.close();
  await service?.stop();
});

const TYPES = { pdf: 'application/pdf', txt: 'text/plain' };

/** Drops files as a person does: the browser makes the event, the page reads it. */
async function drop(page, ...names) {
  const files = names.map((name) => ({
    name,
    type: TYPES[name.split('.').pop()],
    base64: readFileSync(join(SAMPLES, name)).toString('base64'),
  }));
  const transfer = await page.evaluateHandle((list) => {
    const transfer = new DataTransfer();
    for (const { name, type, base64 } of list) {
      transfer.items.add(new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], name, { type }));
    }
    return transfer;
  }, files);
  const zone = page.getByRole('group', { name: 'Drop files here' });
  await zone.dispatchEvent('dragover', { dataTransfer: transfer });
  await zone.dispatchEvent('drop', { dataTransfer: transfer });
}

async function downloaded(page, name) {
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name, exact: true }).click()]);
  return { name: file.suggestedFilename(), text: readFileSync(await file.path(), 'utf8') };
}

test('dropped files are read one beside the other, and each result is beside its page', async () => {
  const { page, check, close } = await openPage(browser, service, { permissions: ['clipboard-read', 'clipboard-write'] });
  await signIn(page, service);
  await page.getByRole('link', { name: 'Extract' }).first().click();
  // Held back until what is shown meanwhile was seen: two go at once, the others wait.
  let release;
  const held = new Promise((resolve) => (release = resolve));
  await page.route('**/api/v1/extract', async (route) => {
    await held;
    await route.continue();
  });
  await drop(page, 'invoice-english.pdf', 'corrupt.pdf', 'invoice.txt', 'receipt.pdf');
  const row = (name) => page.getByRole('listitem').filter({ hasText: name });
  await row('invoice-english.pdf').getByRole('progressbar').waitFor();
  await row('corrupt.pdf').getByRole('progressbar').waitFor();
  await row('invoice.txt').getByText('Waiting').waitFor();
  await checkAccessibility(page, 'files on their way');
  await keep(page, 'extract-sending');
  await page.getByRole('button', { name: 'Stop receipt.pdf' }).click();
  await row('receipt.pdf').getByText('Stopped').waitFor();
  release();
  await row('invoice-english.pdf').getByText('Completed').waitFor();
  await row('corrupt.pdf').getByText('Failed').waitFor();
  await row('invoice.txt').getByText('Completed').waitFor();

  await page.getByRole('button', { name: 'invoice-english.pdf' }).click();
  const result = page.getByRole('region', { name: 'Result of invoice-english.pdf' });
  await result.locator('[data-page="1"]').waitFor();
  const ink = await result.locator('canvas').evaluate((canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let dark = 0;
    for (let at = 0; at < data.length; at += 4) if (data[at] < 128) dark += 1;
    return dark / (data.length / 4);
  });
  assert.ok(ink > 0.002 && ink < 0.3, `${ink} of the page is dark`);

  // A box leads to its value, and the value to its box.
  await result.locator('.box[title="total"]').click();
  await result.locator('[data-field="total"].active').waitFor();
  await result.locator('[data-field="invoiceNumber"] button').hover();
  await result.locator('.box.active[title="invoiceNumber"]').waitFor();
  assert.equal(await result.locator('[data-field="total"] .text').textContent(), '3796.19');
  assert.equal((await result.locator('[data-field="vendor.address"] .confidence').textContent()).trim(), '75 %');
  await checkAccessibility(page, 'a result');
  await keep(page, 'extract-result');

  // Put right, refused, put right, undone.
  await result.locator('[data-field="total"] button').click();
  const field = page.getByRole('textbox', { name: 'Correct value of Total' });
  await field.fill('a lot');
  await page.keyboard.press('Enter');
  await page.getByText('Enter a number').waitFor();
  await checkAccessibility(page, 'a refused correction');
  await field.fill('3800.5');
  await page.keyboard.press('Enter');
  await result.locator('[data-field="total"]').getByText('corrected').waitFor();

  const json = await downloaded(page, 'JSON');
  assert.equal(json.name, 'invoice-english.json');
  const { data, corrections } = JSON.parse(json.text);
  assert.equal(data.total, 3800.5);
  assert.deepEqual(corrections, [{ name: 'total', read: 3796.19, corrected: 3800.5 }]);
  const csv = await downloaded(page, 'CSV');
  assert.ok(csv.text.includes('total,3800.5,'), csv.text);
  assert.ok(csv.text.includes('"12 Quay Street, Bristol BS1 4RW, United Kingdom"'), csv.text);
  const items = await downloaded(page, 'Items as CSV');
  assert.equal(items.text.trim().split('\r\n').length, 5, items.text);

  await page.getByRole('button', { name: 'curl' }).click();
  const command = await page.evaluate(() => navigator.clipboard.readText());
  assert.match(command, /^curl -sS '.*\/api\/v1\/extract'/);
  assert.match(command, /-F 'file=@invoice-english\.pdf'$/);

  // The correction is still there on the document's own screen, beside the page from the service.
  await page.getByRole('link', { name: 'invoice-english.pdf' }).click();
  await page.getByRole('heading', { name: 'invoice-english.pdf', level: 1 }).waitFor();
  await page.locator('[data-page="1"]').waitFor();
  assert.equal(await page.locator('[data-field="total"] .text').textContent(), '3800.5');
  await page.getByRole('button', { name: 'Undo the correction of Total' }).click();
  assert.equal(await page.locator('[data-field="total"] .text').textContent(), '3796.19');
  await page.getByLabel('As JSON').check();
  await page.getByRole('region', { name: 'the result' }).waitFor();
  check();
  await close();
});

test('text without places is shown as text, and the list of documents is searched in its address', async () => {
  const { page, check, close } = await openPage(browser, service);
  await signIn(page, service);
  await page.goto(`${service.url}/documents?search=invoice.txt`);
  await page.getByRole('link', { name: 'invoice.txt' }).waitFor();
  assert.equal(await page.getByRole('link', { name: 'corrupt.pdf' }).count(), 0);
  await page.getByRole('link', { name: 'invoice.txt' }).click();
  await page.getByRole('region', { name: 'Text of the document' }).waitFor();
  await checkAccessibility(page, 'a text');

  await page.goto(`${service.url}/documents`);
  await page.getByLabel('Status').selectOption('failed');
  await page.getByRole('link', { name: 'corrupt.pdf' }).waitFor();
  assert.match(page.url(), /status=failed/);
  await page.getByRole('link', { name: 'corrupt.pdf' }).click();
  await page.getByRole('link', { name: 'corrupt_file' }).waitFor();
  check();
  await close();
});

test('a batch is sent, followed to its end, and taken along', async () => {
  const { page, check, close } = await openPage(browser, service);
  await signIn(page, service);
  await page.getByRole('link', { name: 'Batches' }).click();
  await page.getByText('No batch yet').waitFor();
  await checkAccessibility(page, 'no batch');
  await page.getByRole('button', { name: 'New batch' }).first().click();
  await page.getByLabel('Files, or one ZIP archive').setInputFiles(['invoice-english.pdf', 'receipt.pdf', 'corrupt.pdf'].map((name) => join(SAMPLES, name)));
  await page.getByText('3 files,').waitFor();
  await checkAccessibility(page, 'a new batch');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await page.getByRole('heading', { name: 'Batch of 3' }).waitFor();
  await page.getByText('2 read, 1 failed, 0 to do').waitFor();
  await settled(page);
  const csv = await downloaded(page, 'CSV');
  assert.equal(csv.text.trim().split('\r\n').length, 4, csv.text);
  await checkWidth(page, 'a batch');
  await page.getByRole('link', { name: 'receipt.pdf' }).click();
  await page.getByRole('link', { name: 'Batch', exact: true }).waitFor();
  check();
  await close();
});
