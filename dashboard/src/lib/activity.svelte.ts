/** What happens now, as the service tells it while the page is open. */
import { session } from './session.svelte';
import type { Delivery, DocumentSummary } from './types';

type State = 'connecting' | 'live' | 'offline';

/** After the service refused or ended a stream. */
const RETRY_MS = 5_000;

class Activity {
  state = $state<State>('connecting');
  #source: EventSource | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  readonly #onDelivery = new Set<(delivery: Delivery) => void>();
  readonly #onDocument = new Set<(document: DocumentSummary) => void>();

  /** Calls back for every change of a delivery, until the answer is called. */
  deliveries(call: (delivery: Delivery) => void): () => void {
    this.#onDelivery.add(call);
    return () => this.#onDelivery.delete(call);
  }

  /** Calls back for every change of a document, until the answer is called. */
  documents(call: (document: DocumentSummary) => void): () => void {
    this.#onDocument.add(call);
    return () => this.#onDocument.delete(call);
  }

  start(): void {
    this.stop();
    this.state = 'connecting';
    const source = new EventSource('/api/v1/activity/stream');
    this.#source = source;
    source.onopen = () => (this.state = 'live');
    source.addEventListener('ping', () => (this.state = 'live'));
    source.addEventListener('delivery', (event) => {
      const delivery = JSON.parse((event as MessageEvent<string>).data) as Delivery;
      for (const call of this.#onDelivery) call(delivery);
    });
    source.addEventListener('document', (event) => {
      const document = JSON.parse((event as MessageEvent<string>).data) as DocumentSummary;
      for (const call of this.#onDocument) call(document);
    });
    source.onerror = () => {
      // The browser reconnects by itself, with the last event's id, unless it was refused.
      this.state = source.readyState === EventSource.CLOSED ? 'offline' : 'connecting';
      if (source.readyState === EventSource.CLOSED && session.state === 'signed-in') {
        this.#timer = setTimeout(() => this.start(), RETRY_MS);
      }
    };
  }

  stop(): void {
    this.#source?.close();
    this.#source = null;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}

export const activity = new Activity();
