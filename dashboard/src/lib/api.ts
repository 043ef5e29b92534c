/**
 * Requests to the public API. Everything the dashboard knows it knows from here.
 *
 * The session is a cookie that scripts cannot read; requests that change something also carry the
 * token that signing in gave us.
 */
import { session } from './session.svelte';

/** An answer that is not a success, as `application/problem+json` tells it. */
export class ApiError extends Error {
  constructor(
    /** 0 when there was no answer. */
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly requestId: string | null = null,
    /** What is wrong with which member of the input. */
    readonly entries: { pointer: string; message: string }[] = [],
    readonly retryAfterSeconds: number | null = null,
  ) {
    super(detail);
  }
}

export type Query = Record<string, string | number | boolean | null | undefined>;

export interface RequestOptions {
  query?: Query;
  /** Sent as JSON. */
  body?: unknown;
  signal?: AbortSignal;
  accept?: string;
}

/** The path with those parameters that have a value. */
export function withQuery(path: string, query: Query = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== '') parameters.set(name, String(value));
  }
  const text = parameters.toString();
  return text === '' ? path : `${path}?${text}`;
}

/** The headers of a request that changes something. */
export function changeHeaders(): Record<string, string> {
  return session.csrfToken === null ? {} : { 'X-CSRF-Token': session.csrfToken };
}

async function send(method: string, path: string, options: RequestOptions): Promise<Response> {
  const headers: Record<string, string> = { Accept: options.accept ?? 'application/json', ...(method !== 'GET' && changeHeaders()) };
  const init: RequestInit = { method, headers, credentials: 'same-origin', cache: 'no-store' };
  if (options.signal) init.signal = options.signal;
  if (options.body !== undefined) {
    headers['Content-Type'] = 'application/json';
    init.body = JSON.stringify(options.body);
  }
  let answer: Response;
  try {
    answer = await fetch(withQuery(path, options.query), init);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError(0, 'unreachable', 'The service does not answer. Check that it is running, then try again.');
  }
  if (answer.ok) return answer;
  const problem = await answer.text().catch(() => '');
  throw problemOf(answer.status, problem, answer.headers.get('Retry-After'));
}

/** The error that an answer's status and body stand for; ends the session on 401. */
export function problemOf(status: number, text: string, retryAfter: string | null): ApiError {
  let body: Record<string, unknown> = {};
  try {
    body = JSON.parse(text) as Record<string, unknown>;
  } catch {
    // Not ours, such as a proxy's page.
  }
  if (status === 401 && session.state === 'signed-in') session.ended();
  const words = (name: string) => (typeof body[name] === 'string' ? (body[name] as string) : null);
  return new ApiError(
    status,
    words('code') ?? `http_${status}`,
    words('detail') ?? words('error') ?? `The service answered ${status}.`,
    words('requestId'),
    Array.isArray(body.errors) ? (body.errors as { pointer: string; message: string }[]) : [],
    retryAfter !== null && /^\d+$/.test(retryAfter) ? Number(retryAfter) : null,
  );
}

/** A request whose answer is JSON, or nothing. */
export async function request<T>(method: string, path: string, options: RequestOptions = {}): Promise<T> {
  const answer = await send(method, path, options);
  return (answer.status === 204 ? undefined : await answer.json()) as T;
}

export const get = <T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> =>
  request<T>('GET', path, { ...(query && { query }), ...(signal && { signal }) });

/** The bytes behind a path. */
export async function getBlob(path: string, signal?: AbortSignal): Promise<Blob> {
  return (await send('GET', path, { accept: '*/*', ...(signal && { signal }) })).blob();
}

/** The text behind a path. */
export async function getText(path: string): Promise<string> {
  return (await send('GET', path, { accept: '*/*' })).text();
}

/** Sends a form and tells how many bytes are on their way. */
export function upload<T>(path: string, form: FormData, headers: Record<string, string>, on: {
  progress: (sent: number, total: number) => void;
  signal: AbortSignal;
}): Promise<T> {
  return new Promise((resolve, reject) => {
    const call = new XMLHttpRequest();
    call.open('POST', path);
    for (const [name, value] of Object.entries({ ...changeHeaders(), ...headers })) call.setRequestHeader(name, value);
    call.upload.onprogress = (event) => on.progress(event.loaded, event.total);
    call.onerror = () => reject(new ApiError(0, 'unreachable', 'The connection broke while the file was sent. Try again.'));
    call.onabort = () => reject(new DOMException('stopped', 'AbortError'));
    call.onload = () => {
      if (call.status >= 200 && call.status < 300) resolve(JSON.parse(call.responseText) as T);
      else reject(problemOf(call.status, call.responseText, call.getResponseHeader('Retry-After')));
    };
    on.signal.addEventListener('abort', () => call.abort());
    call.send(form);
  });
}
