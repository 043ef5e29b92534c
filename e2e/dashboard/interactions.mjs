/**
 * How long people wait for what they do: the browser's own measure, from the input to the next picture ("interaction to
 * next paint"), of whatever the tests click, press, type, choose and drop. The figures are kept beside the pictures;
 * no test fails because of one.
 */
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** The browser tells of nothing that is shorter. */
const SHORTEST_MS = 16;
const ROWS_MAX = 25;

/** Runs in the page, before anything of it does. */
function observe(shortest) {
  const words = (element) => {
    const near = element instanceof Element ? element.closest('button, a, label, summary, select, input, textarea, [role], tr, li') : null;
    if (near === null) return 'the page';
    const text = near.getAttribute('aria-label') ?? near.getAttribute('title') ?? near.labels?.[0]?.textContent ?? near.textContent ?? '';
    return `${near.tagName.toLowerCase()} ${text.trim().replace(/\s+/g, ' ').slice(0, 40)}`.trim();
  };
  const told = (kind, on, path, ms, id) => globalThis.noteInteraction?.({ kind, on, path, ms, id });

  // By the time of the event, because what was clicked may be gone when the picture is there.
  const inputs = new Map();
  const remember = (event) => {
    const what = { on: words(event.target), path: location.pathname };
    if (event.isTrusted) {
      inputs.set(event.timeStamp, what);
      if (inputs.size > 500) inputs.delete(inputs.keys().next().value);
    } else {
      // Made by the test's tool: filled in, chosen, dropped. The browser does not measure these.
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => told(event.type, what.on, what.path, Math.round(performance.now() - event.timeStamp), null);
        port2.postMessage(null);
      });
    }
  };
  for (const type of ['pointerdown', 'pointerup', 'click', 'keydown', 'keyup', 'input', 'change', 'drop']) addEventListener(type, remember, true);

  const KINDS = { pointerdown: 'click', pointerup: 'click', click: 'click', mousedown: 'click', mouseup: 'click', keydown: 'key', keypress: 'key', keyup: 'key' };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const kind = KINDS[entry.name];
      if (!kind || !entry.interactionId) continue;
      const what = inputs.get(entry.startTime) ?? { on: words(entry.target), path: location.pathname };
      told(kind, what.on, what.path, entry.duration, `${performance.timeOrigin} ${entry.interactionId}`);
    }
  }).observe({ type: 'event', durationThreshold: shortest, buffered: true });
}

/** Everything this script's tests did. */
const done = [];

/** A press and its release are one interaction: it took as long as the longer of the two. */
function note(one) {
  const known = one.id === null ? undefined : done.find((other) => other.id === one.id);
  if (known === undefined) done.push({ ...one, path: one.path.replace(/[a-z]+_[0-9a-zA-Z-]{8,}/g, '…') });
  else known.ms = Math.max(known.ms, one.ms);
}

/** Notes every interaction with the page from now on. */
export async function measureInteractions(page) {
  await page.exposeFunction('noteInteraction', note);
  await page.addInitScript(observe, SHORTEST_MS);
}

const firstViews = [];

/** The weight of the first view and when it was painted. */
export const noteFirstView = (view) => firstViews.push(view);

const table = (rows) => {
  const head = ['slowest ms', 'times', 'what', 'on', 'where'];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map((cell) => String(cell).replaceAll('|', '/')).join(' | ')} |`).join('\n');
};

function report(interactions, views) {
  const groups = new Map();
  for (const one of interactions) {
    const name = `${one.kind} ${one.on} ${one.path}`;
    const group = groups.get(name) ?? { ...one, times: 0 };
    groups.set(name, { ...group, times: group.times + 1, ms: Math.max(group.ms, one.ms) });
  }
  const rows = [...groups.values()].sort((a, b) => b.ms - a.ms).slice(0, ROWS_MAX);
  return [
    '# Interactions with the dashboard, from the input to the next picture',
    '',
    ...views.map(({ bytes, paintedMs }) => `First view: ${bytes} bytes (gzip), painted after ${paintedMs} ms.`),
    `${interactions.length} took at least ${SHORTEST_MS} ms or were made by the tests' tool; the slowest ${rows[0]?.ms ?? 0} ms.`,
    '',
    table(rows.map((one) => [one.ms, one.times, one.kind, one.on, one.path])),
    '',
  ].join('\n');
}

/** Keeps what this script's tests did, and writes the table of all scripts anew. */
export function keepInteractions(artefacts) {
  const folder = join(artefacts, 'interactions');
  mkdirSync(folder, { recursive: true });
  const write = (path, text) => {
    writeFileSync(`${path}.${process.pid}`, text);
    renameSync(`${path}.${process.pid}`, path);
  };
  write(join(folder, `${basename(process.argv[1] ?? 'tests', '.test.mjs')}.json`), JSON.stringify({ interactions: done, firstViews }));
  const kept = readdirSync(folder).filter((name) => name.endsWith('.json')).map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')));
  write(join(artefacts, 'interactions.md'), report(kept.flatMap((one) => one.interactions), kept.flatMap((one) => one.firstViews)));
}
