/** Who is signed in. The key itself is sent once and kept nowhere. */
import { ApiError, request } from './api';
import type { Account, Session } from './types';

/** Set while this browser has a session, so that a first visit asks for none. */
const REMEMBERED = 'parseflow-session';

type State = 'unknown' | 'signed-out' | 'signed-in';

class CurrentSession {
  state = $state<State>('unknown');
  account = $state<Account | null>(null);
  csrfToken = $state<string | null>(null);
  /** Why the sign-in screen shows although somebody was signed in. */
  notice = $state<string | null>(null);
  /** Why it is not known whether somebody is signed in: there was no answer to that. */
  trouble = $state.raw<ApiError | null>(null);

  /** Asks the service whether the browser already has a session. */
  async resume(): Promise<void> {
    if (!isRemembered()) return this.#clear();
    this.trouble = null;
    try {
      this.#take(await request<Session>('GET', '/api/session'));
    } catch (error) {
      // Only a refusal ends a session. Whoever cannot be asked may know it still.
      if (error instanceof ApiError && error.status !== 401) this.trouble = error;
      else this.#clear();
    }
  }

  async signIn(apiKey: string): Promise<void> {
    this.#take(await request<Session>('POST', '/api/session', { body: { apiKey } }));
  }

  async signOut(): Promise<void> {
    await request('DELETE', '/api/session').catch(() => undefined);
    this.#clear();
  }

  /** The service no longer knows the session: it ran out, or its key was revoked. */
  ended(): void {
    this.#clear();
    this.notice = 'Your session has ended. Sign in again to go on where you were.';
  }

  #take(found: Session): void {
    this.account = found.account;
    this.csrfToken = found.csrfToken;
    this.notice = null;
    this.state = 'signed-in';
    remember(true);
  }

  #clear(): void {
    this.account = null;
    this.csrfToken = null;
    this.state = 'signed-out';
    remember(false);
  }
}

function isRemembered(): boolean {
  try {
    return localStorage.getItem(REMEMBERED) !== null;
  } catch {
    return true;
  }
}

function remember(signedIn: boolean): void {
  try {
    if (signedIn) localStorage.setItem(REMEMBERED, 'yes');
    else localStorage.removeItem(REMEMBERED);
  } catch {
    // The browser keeps nothing: it is asked for a session each time.
  }
}

export const session = new CurrentSession();
