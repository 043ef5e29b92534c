/** Values as people read them. `now` is an argument, in milliseconds. */

const numbers = new Intl.NumberFormat('en');
const exact = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'long' });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const clockTime = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

export const number = (value: number): string => numbers.format(value);

/** `12.4 kB`; decimal units, as file managers show them. */
export function bytes(value: number): string {
  if (value < 1000) return `${value} B`;
  const units = ['kB', 'MB', 'GB'];
  let scaled = value / 1000;
  let unit = 0;
  while (scaled >= 1000 && unit < units.length - 1) {
    scaled /= 1000;
    unit += 1;
  }
  return `${scaled < 10 ? scaled.toFixed(1) : Math.round(scaled)} ${units[unit]}`;
}

/** `94 %`, and `94.2 %` where a tenth matters. */
export const percent = (fraction: number, digits = 0): string => `${(fraction * 100).toFixed(digits)} %`;

/** A confidence, never more than it is: 0.997 is `99 %`, and only 1 is `100 %`. */
export const sureness = (confidence: number): string => `${Math.floor(confidence * 100)} %`;

/** `840 ms`, `1.24 s`, `2 min 5 s`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
  return span(ms);
}

/** The two largest units of a span: `3 h 12 min`. */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const parts: [number, string][] = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  if (first < 0) return '0 s';
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ');
}

/** `just now`, `4 min ago`, `in 2 h`; a date beyond a week. */
export function relative(time: string, now: number): string {
  const distance = Date.parse(time) - now;
  const size = Math.abs(distance);
  if (size < 5_000) return 'just now';
  if (size > 7 * 86_400_000) return day.format(new Date(time));
  const [count, unit] =
    size < 60_000 ? [Math.round(size / 1000), 's']
    : size < 3_600_000 ? [Math.round(size / 60_000), 'min']
    : size < 86_400_000 ? [Math.round(size / 3_600_000), 'h']
    : [Math.round(size / 86_400_000), 'd'];
  return distance < 0 ? `${count} ${unit} ago` : `in ${count} ${unit}`;
}

/** Local time and, where that is another, UTC, for those who compare with a log. */
export function exactTime(time: string): string {
  const date = new Date(time);
  return date.getTimezoneOffset() === 0 ? exact.format(date) : `${exact.format(date)} · ${time}`;
}

/** A message of the service as a sentence of its own. */
export const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?]$/.test(text) ? '' : '.');

export const timeOfDay = (time: string): string => clockTime.format(new Date(time));

const NAMES: Record<string, string> = { id_document: 'ID document', iban: 'IBAN', taxId: 'Tax ID', bic: 'BIC' };

/** `credit_note` is "Credit note". */
export function words(name: string): string {
  const known = NAMES[name];
  if (known !== undefined) return known;
  const text = name.replaceAll('_', ' ').replace(/([a-z])([A-Z])/g, (_, a: string, b: string) => `${a} ${b.toLowerCase()}`);
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The beginning and the end of an id: enough to tell two apart. */
export function short(id: string): string {
  return id.length <= 18 ? id : `${id.slice(0, 10)}…${id.slice(-5)}`;
}
