/** Short news about what the reader just did. */

export interface Toast {
  id: number;
  kind: 'done' | 'failed';
  text: string;
}

const SHOWN_MS = 6_000;

class Toasts {
  list = $state<Toast[]>([]);
  #next = 1;

  done(text: string): void {
    this.#show('done', text);
  }

  failed(text: string): void {
    this.#show('failed', text);
  }

  dismiss(id: number): void {
    this.list = this.list.filter((toast) => toast.id !== id);
  }

  #show(kind: Toast['kind'], text: string): void {
    const id = this.#next++;
    this.list = [...this.list.slice(-2), { id, kind, text }];
    setTimeout(() => this.dismiss(id), SHOWN_MS);
  }
}

export const toasts = new Toasts();
