/** Where the reader is: a path and its parameters, kept in the address so that a link shows the same. */

class Router {
  path = $state(location.pathname);
  query = $state.raw(new URLSearchParams(location.search));

  constructor() {
    addEventListener('popstate', () => this.#read());
  }

  /** Goes to another place of the dashboard. */
  go(to: string, options: { replace?: boolean } = {}): void {
    const url = new URL(to, location.href);
    if (options.replace) history.replaceState(null, '', url);
    else history.pushState(null, '', url);
    const moved = url.pathname !== this.path;
    this.#read();
    if (moved && !options.replace) scrollTo(0, 0);
  }

  /** Changes parameters and stays; an empty value removes one. */
  set(changes: Record<string, string | null>, options: { replace?: boolean } = { replace: true }): void {
    const query = new URLSearchParams(location.search);
    for (const [name, value] of Object.entries(changes)) {
      if (value === null || value === '') query.delete(name);
      else query.set(name, value);
    }
    const text = query.toString();
    this.go(location.pathname + (text === '' ? '' : `?${text}`), options);
  }

  #read(): void {
    this.path = location.pathname;
    this.query = new URLSearchParams(location.search);
  }
}

export const router = new Router();

/** Keeps clicks on links of our own inside the page. */
export function followLinks(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = (event.target as Element).closest?.('a');
  if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin) return;
  if (/^\/(api|docs|metrics|schemas|health|readyz|openapi|assets)/.test(link.pathname)) return;
  event.preventDefault();
  router.go(link.pathname + link.search);
}
