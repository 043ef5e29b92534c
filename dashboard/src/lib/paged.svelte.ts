/** A list that is read page by page, newest first. */
import { get, type Query } from './api';
import { Resource } from './resource.svelte';

export class Paged<T extends { id: string }> extends Resource<{ rows: T[]; nextCursor: string | null }> {
  readonly #path: string;
  readonly #name: string;
  readonly #query: () => Query;

  /** `name` is the member of the answer that holds the rows. */
  constructor(path: string, name: string, query: () => Query = () => ({})) {
    super();
    this.#path = path;
    this.#name = name;
    this.#query = query;
  }

  first(): Promise<void> {
    return this.load((signal) => this.#page(null, signal));
  }

  more(): Promise<void> {
    const before = this.data;
    if (before?.nextCursor == null) return Promise.resolve();
    return this.load(async (signal) => {
      const next = await this.#page(before.nextCursor, signal);
      const known = new Set(before.rows.map((row) => row.id));
      return { ...next, rows: [...before.rows, ...next.rows.filter((row) => !known.has(row.id))] };
    });
  }

  /** Puts news of a row in its place; a row that is new goes to the top. */
  put(row: T): void {
    if (this.data === null) return;
    const at = this.data.rows.findIndex((one) => one.id === row.id);
    this.data = { ...this.data, rows: at < 0 ? [row, ...this.data.rows] : this.data.rows.with(at, row) };
  }

  async #page(cursor: string | null, signal: AbortSignal): Promise<{ rows: T[]; nextCursor: string | null }> {
    const answer = await get<Record<string, unknown>>(this.#path, { limit: 50, ...this.#query(), cursor }, signal);
    return { rows: answer[this.#name] as T[], nextCursor: answer.nextCursor as string | null };
  }
}
