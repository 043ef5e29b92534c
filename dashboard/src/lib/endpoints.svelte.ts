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
  endpoint.description ?? endpoint.url.replace(/^https?:\/\//, '');
