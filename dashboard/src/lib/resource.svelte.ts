/** Something read from the API, with what a screen must show while it is not there. */
import { ApiError } from './api';

export class Resource<T> {
  /** The latest good answer; stays while a newer one is fetched. */
  data = $state.raw<T | null>(null);
  error = $state.raw<ApiError | null>(null);
  loading = $state(false);
  #running: AbortController | null = null;

  /** Reads anew. An answer that a later call has overtaken is dropped. */
  async load(read: (signal: AbortSignal) => Promise<T>): Promise<void> {
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    this.loading = true;
    try {
      const data = await read(running.signal);
      if (this.#running !== running) return;
      this.data = data;
      this.error = null;
    } catch (error) {
      if (this.#running !== running) return;
      this.error = error instanceof ApiError ? error : new ApiError(0, 'unexpected', String(error));
    }
    this.loading = false;
  }

  /** Forgets everything, for another subject. */
  reset(): void {
    this.#running?.abort();
    this.#running = null;
    this.data = null;
    this.error = null;
    this.loading = false;
  }
}

/** The words for whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
