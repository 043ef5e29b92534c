/** The account's endpoints: at most twenty, needed by several screens for their names. */
import { get } from './api';
import { ENDPOINTS } from './paths';
import { Resource } from './resource.svelte';
import type { Endpoint } from './types';

class Endpoints extends Resource<Endpoint[]> {
  refresh(): Promise<void> {
    return this.load(async (signal) => {
      const page = await get<{ webhooks: Endpoint[] }>(ENDPOINTS, { limit: 100 }, signal);
      return page.webhooks;
    });
  }

  /** What to call an endpoint: its description, or its address without the scheme. */
  nameOf(id: string): string {
    const found = this.data?.find((endpoint) => endpoint.id === id);
    return found ? endpointName(found) : id;
  }

  /** Puts a changed endpoint in the place of what was known of it. */
  replace(changed: Endpoint): void {
    this.data = this.data?.map((endpoint) => (endpoint.id === changed.id ? changed : endpoint)) ?? null;
  }
}

export const endpoints = new Endpoints();

export const endpointName = (endpoint: Pick<Endpoint, 'description' | 'url'>): string =>
  endpoint.description ?? address(endpoint.url).replace(/^https?:\/\//, '');

/** Whether it is `parseflow listen` that fetches what is sent there, for as long as the command runs. */
export const isListener = (endpoint: Pick<Endpoint, 'url'>): boolean => endpoint.url.startsWith('listen:');

/** Where requests arrive in the end: a listener passes them on. */
export const address = (url: string): string => url.replace(/^listen:([^#]*)(#.*)?$/, '$1');
