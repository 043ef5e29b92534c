/** The places of the dashboard: their addresses, names, keys and code, which is fetched when first visited. */
import type { Component } from 'svelte';
import type { IconName } from '../components/Icon.svelte';

type Screen = { default: Component<Record<string, string>> };

export interface Place {
  path: string;
  name: string;
  icon: IconName;
  /** Pressed after `g`. */
  key: string;
  group: 'documents' | 'webhooks' | 'account';
}

export const PLACES: Place[] = [
  { path: '/', name: 'Overview', icon: 'overview', key: 'o', group: 'documents' },
  { path: '/extract', name: 'Extract', icon: 'extract', key: 'x', group: 'documents' },
  { path: '/documents', name: 'Documents', icon: 'documents', key: 'c', group: 'documents' },
  { path: '/batches', name: 'Batches', icon: 'batches', key: 'b', group: 'documents' },
  { path: '/endpoints', name: 'Endpoints', icon: 'endpoints', key: 'e', group: 'webhooks' },
  { path: '/deliveries', name: 'Deliveries', icon: 'deliveries', key: 'd', group: 'webhooks' },
  { path: '/events', name: 'Event catalogue', icon: 'catalogue', key: 'v', group: 'webhooks' },
  { path: '/usage', name: 'Usage', icon: 'usage', key: 'u', group: 'account' },
  { path: '/keys', name: 'API keys', icon: 'keys', key: 'k', group: 'account' },
  { path: '/settings', name: 'Settings and health', icon: 'settings', key: 's', group: 'account' },
];

export const GROUPS = [
  ['documents', 'Documents'],
  ['webhooks', 'Webhooks'],
  ['account', 'Account'],
] as const;

const ROUTES: [RegExp, string, () => Promise<unknown>][] = [
  [/^\/$/, 'Overview', () => import('../screens/Overview.svelte')],
  [/^\/extract$/, 'Extract', () => import('../screens/Extract.svelte')],
  [/^\/documents$/, 'Documents', () => import('../screens/Documents.svelte')],
  [/^\/documents\/(?<id>[^/]+)$/, 'Document', () => import('../screens/Document.svelte')],
  [/^\/batches$/, 'Batches', () => import('../screens/Batches.svelte')],
  [/^\/batches\/(?<id>[^/]+)$/, 'Batch', () => import('../screens/Batch.svelte')],
  [/^\/endpoints$/, 'Endpoints', () => import('../screens/Endpoints.svelte')],
  [/^\/endpoints\/new$/, 'New endpoint', () => import('../screens/NewEndpoint.svelte')],
  [/^\/endpoints\/(?<id>[^/]+)$/, 'Endpoint', () => import('../screens/Endpoint.svelte')],
  [/^\/deliveries$/, 'Deliveries', () => import('../screens/Deliveries.svelte')],
  [/^\/events$/, 'Event catalogue', () => import('../screens/Catalogue.svelte')],
  [/^\/usage$/, 'Usage', () => import('../screens/Usage.svelte')],
  [/^\/keys$/, 'API keys', () => import('../screens/Keys.svelte')],
  [/^\/settings$/, 'Settings and health', () => import('../screens/Settings.svelte')],
];

export interface Found {
  title: string;
  load: () => Promise<Screen>;
  parameters: Record<string, string>;
}

/** The screen at a path, or null. */
export function screenAt(path: string): Found | null {
  const plain = path.length > 1 ? path.replace(/\/$/, '') : path;
  for (const [pattern, title, load] of ROUTES) {
    const match = pattern.exec(plain);
    if (match) return { title, load: load as () => Promise<Screen>, parameters: { ...match.groups } };
  }
  return null;
}
