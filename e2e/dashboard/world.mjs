/**
 * What the tests need: the real binary with an account, receivers that answer well and badly, and a browser that
 * notes whatever goes wrong in a page.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { setInterval } from 'node:timers/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { keepInteractions, measureInteractions } from './interactions.mjs';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const SAMPLES = join(ROOT, 'samples');
export const BINARY = process.env.PARSEFLOW_BINARY ?? join(ROOT, 'target/debug/parseflow');
const ARTEFACTS = process.env.PARSEFLOW_ARTEFACTS ?? join(ROOT, 'target/dashboard');
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Nothing is waited for longer than this. The machine may be busy with other tests. */
const PATIENCE_MS = 60_000;

const BROWSERS = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The real service on a folder of its own, with one account. */
export async function startService({ quota = '1000', schedule = '2s,2s,2s,1h,4h', options = [] } = {}) {
  const data = mkdtempSync(join(tmpdir(), 'parseflow-dashboard-'));
  const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('PARSEFLOW_')));
  const child = spawn(
    BINARY,
    ['serve', '--listen', '127.0.0.1:0', '--data-dir', data, '--allow-http-targets', '--allow-target', '127.0.0.0/8', '--retry-schedule', schedule, '--keep-files', '1h', ...options],
    { env: environment, stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const url = await new Promise((resolve, reject) => {
    const lines = createInterface({ input: child.stdout });
    lines.once('line', (line) => resolve(line.replace('listening on ', '').trim()));
    child.once('exit', (code) => reject(new Error(`the service ended with ${code}`)));
    child.once('error', reject);
  });
  const account = (email, plan = 'pro', limit = quota) =>
    JSON.parse(
      execFileSync(
        BINARY,
        ['account', 'create', '--json', '--data-dir', data, '--email', email, '--plan', plan, '--quota', limit, '--requests-per-minute', 'unlimited'],
        { env: environment, encoding: 'utf8' },
      ),
    ).apiKey;
  const key = account('ada@example.com');
  return {
    url,
    key,
    account,
    /** A request beside the browser, as any program would make it. */
    async call(method, path, body, withKey = key) {
      const isForm = body instanceof FormData;
      const headers = { 'X-API-Key': withKey, ...(body && !isForm && { 'Content-Type': 'application/json' }) };
      const signal = AbortSignal.timeout(PATIENCE_MS);
      const answer = await fetch(url + path, { method, headers, signal, body: isForm ? body : body && JSON.stringify(body) });
      const text = await answer.text();
      assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
      return text === '' ? null : JSON.parse(text);
    },
    async stop() {
      child.kill('SIGTERM');
      await ended;
      rmSync(data, { recursive: true, force: true });
    },
  };
}

/** Sends one of the samples, or several as a batch. */
export const send = (service, ...names) => sendWith(service, service.key, ...names);

/** The same for another account's key. */
export async function sendWith(service, key, ...names) {
  const form = new FormData();
  const part = names.length > 1 ? 'files' : 'file';
  for (const name of names) form.append(part, new Blob([readFileSync(join(SAMPLES, name))]), name);
  const path = names.length > 1 ? '/api/v1/batch' : '/api/v1/extract';
  const answer = await fetch(service.url + path, { method: 'POST', headers: { 'X-API-Key': key }, body: form });
  return answer.json();
}

/** A receiver; `status` may be changed while it runs. */
export async function startReceiver(status = 200) {
  const receiver = { status, requests: [], url: '', stop: () => server.close() };
  const server = createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      receiver.requests.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
      response.writeHead(receiver.status, { 'Content-Type': 'application/json', 'X-Receiver': 'express' });
      response.end(receiver.status === 200 ? '{"received":true}' : '{"error":"maintenance"}');
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A test that fails before it stops its receiver ends all the same, and says why.
  server.unref();
  receiver.url = `http://127.0.0.1:${server.address().port}/webhooks/parseflow`;
  return receiver;
}

/** Debian's Chromium with a profile of its own. */
export async function startBrowser() {
  const executablePath = BROWSERS.find((path) => path && existsSync(path));
  assert.ok(executablePath, 'Chromium is not installed');
  return chromium.launch({ executablePath, headless: true, args: FLAGS });
}

/**
 * A page that notes console errors, uncaught exceptions, requests to other hosts and what the policy refused.
 * `expected` are patterns of console errors that a test provokes, such as a refused sign-in.
 */
export async function openPage(browser, service, { width = 1280, height = 860, colorScheme = 'light', expected = [], ...rest } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme, reducedMotion: 'reduce', ...rest });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  await measureInteractions(page);
  const wrong = [];
  page.on('console', (message) => {
    const text = `${message.text()} ${message.location().url ?? ''}`;
    if (message.type() === 'error' && !expected.some((pattern) => pattern.test(text))) wrong.push(`console: ${text}`);
  });
  page.on('pageerror', (error) => wrong.push(`exception: ${error.stack ?? error.message}`));
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(service.url) && !/^(blob|data):/.test(url)) wrong.push(`a request to another host: ${url}`);
  });
  return {
    page,
    /** Nothing went wrong until now. */
    check: () => assert.deepEqual(wrong, []),
    async close() {
      // Until the last picture has been shown, and measured; a browser that draws nothing fails the test in time.
      await page.waitForFunction(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve(true)))));
      await context.close();
      keepInteractions(ARTEFACTS);
    },
  };
}

export async function signIn(page, service, key = service.key) {
  await page.goto(service.url);
  await page.getByLabel('API key').fill(key);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
}

/** No violation of WCAG 2.2 AA that axe can find in the page, or in the part of it that a selector names. */
export async function checkAccessibility(page, what, part = 'html') {
  // By the debugger's way: the page's own policy allows no script of ours.
  const found = await page.evaluate(`(async () => {
    ${AXE};
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const result = await axe.run(${JSON.stringify(part)}, { runOnly: tags });
    return result.violations.map((one) => one.id + ': ' + one.help + '\\n' + one.nodes.map((node) => '    ' + node.target + ' ' + node.html.slice(0, 160) + '\\n      ' + (node.any[0]?.message ?? '')).join('\\n'));
  })()`);
  assert.deepEqual(found, [], `${what}: ${found.join('\n')}`);
}

/** Nothing is wider than the window. */
export async function checkWidth(page, what) {
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(beyond <= 0, `${what} is ${beyond} pixels too wide`);
}

/** Keeps a picture of the window for people to look at. */
export async function keep(page, name) {
  mkdirSync(ARTEFACTS, { recursive: true });
  await page.screenshot({ path: join(ARTEFACTS, `${name}.png`) });
}

/** Waits until the page has all that it asked for, but for its stream of news. */
export async function settled(page) {
  await page.waitForFunction(() => document.querySelector('main .skeleton, main [aria-label="Loading"]') === null);
  await page.evaluate(() => document.fonts.ready);
}

/** Looks again and again until `holds`. */
export async function eventually(what, holds) {
  const end = Date.now() + PATIENCE_MS;
  for await (const _ of setInterval(50)) {
    const found = await holds();
    if (found) return found;
    assert.ok(Date.now() < end, `never: ${what}`);
  }
  return undefined;
}
