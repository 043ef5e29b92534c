/**
 * Values that a reader has put right. The service's result is what it read and stays so: corrections are kept in this
 * browser, and go into the files that are downloaded from it.
 */
import type { DocumentDetail, ExtractedField, Json } from './types';

const PREFIX = 'parseflow-corrections-';

/** The steps of a path such as `lineItems[0].amount`. */
export function steps(path: string): (string | number)[] {
  return [...path.matchAll(/([^.[\]]+)|\[(\d+)\]/g)].map(([, name, index]) => (index === undefined ? name! : Number(index)));
}

/** Sets the value at a path, in place. A path that leads nowhere changes nothing. */
export function setAt(data: Json, path: string, value: Json): void {
  const way = steps(path);
  const last = way.pop();
  let at: Json | undefined = data;
  for (const step of way) {
    if (at === null || typeof at !== 'object') return;
    at = (at as Record<string | number, Json>)[step];
  }
  if (last !== undefined && at !== null && typeof at === 'object') (at as Record<string | number, Json>)[last] = value;
}

/** What is typed, as the kind of value that the field has; null when it is not of that kind. */
export function parsed(text: string, like: Json): { value: Json } | null {
  const trimmed = text.trim();
  if (trimmed === '') return { value: null };
  if (typeof like === 'number') {
    const value = Number(trimmed.replace(',', '.'));
    return Number.isFinite(value) ? { value } : null;
  }
  if (typeof like === 'boolean') return trimmed === 'true' || trimmed === 'false' ? { value: trimmed === 'true' } : null;
  if (typeof like === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(like)) {
    return /^\d{4}-\d{2}-\d{2}$/.test(trimmed) && !Number.isNaN(Date.parse(trimmed)) ? { value: trimmed } : null;
  }
  return { value: trimmed };
}

/** The corrections of one document, by the path of the field. */
export class Corrections {
  values = $state<Record<string, Json>>({});
  readonly #name: string;

  constructor(documentId: string) {
    this.#name = PREFIX + documentId;
    try {
      this.values = JSON.parse(localStorage.getItem(this.#name) ?? '{}') as Record<string, Json>;
    } catch {
      this.values = {};
    }
  }

  get count(): number {
    return Object.keys(this.values).length;
  }

  has(path: string): boolean {
    return Object.hasOwn(this.values, path);
  }

  valueOf(field: ExtractedField): Json {
    return this.has(field.name) ? (this.values[field.name] ?? null) : field.value;
  }

  set(path: string, value: Json): void {
    this.values = { ...this.values, [path]: value };
    this.#keep();
  }

  undo(path: string): void {
    const { [path]: _, ...rest } = this.values;
    this.values = rest;
    this.#keep();
  }

  /** The result with the corrections in their places, and a list of what was read there. */
  apply(document: DocumentDetail): Record<string, unknown> {
    if (this.count === 0) return { ...document };
    // A copy by way of text: what screens hold may be watched, and that cannot be cloned.
    const data = JSON.parse(JSON.stringify(document.data)) as DocumentDetail['data'];
    const corrections = Object.entries(this.values).map(([name, value]) => {
      if (data !== null) setAt(data, name, value);
      return { name, read: document.fields.find((field) => field.name === name)?.value ?? null, corrected: value };
    });
    return { ...document, data, corrections };
  }

  #keep(): void {
    try {
      if (this.count === 0) localStorage.removeItem(this.#name);
      else localStorage.setItem(this.#name, JSON.stringify(this.values));
    } catch {
      // A browser that keeps nothing: they last as long as the page.
    }
  }
}
