/** The shapes of the public API that the dashboard reads. `/openapi.json` is their description. */

export type Plan = 'free' | 'pro' | 'enterprise';

export interface Account {
  id: string;
  email: string;
  name: string | null;
  plan: Plan;
  createdAt: string;
}

export interface Session {
  account: Account;
  csrfToken: string;
  expiresAt: string;
}

export interface Failure {
  code: string;
  message: string;
}

export interface Metadata {
  fileName: string;
  fileSize: number;
  mimeType: string;
}

export type DocumentStatus = 'processing' | 'completed' | 'failed' | 'cancelled';

export interface DocumentSummary {
  id: string;
  batchId: string | null;
  status: DocumentStatus;
  documentType: string | null;
  confidence: number | null;
  metadata: Metadata;
  error: Failure | null;
  processingTimeMs: number | null;
  createdAt: string;
  completedAt: string | null;
}

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

export interface ExtractedField {
  /** A path such as `lineItems[0].amount`. */
  name: string;
  value: Json;
  rawText: string;
  /** 0 to 1. */
  confidence: number;
  /** From 1. */
  page: number;
  /** Left, top, right, bottom as fractions of the page; null where the document has no places. */
  box: [number, number, number, number] | null;
  source: string;
}

export interface DocumentDetail extends DocumentSummary {
  data: { [name: string]: Json } | null;
  fields: ExtractedField[];
  language: string | null;
  pageCount: number | null;
  needsReview: boolean;
  warnings: Failure[];
}

export type BatchStatus = 'processing' | 'completed' | 'failed' | 'cancelled';

export interface BatchSummary {
  id: string;
  status: BatchStatus;
  total: number;
  succeeded: number;
  failed: number;
  processing: number;
  error: Failure | null;
  createdAt: string;
  completedAt: string | null;
}

export interface BatchDocument {
  id: string;
  fileName: string;
  status: DocumentStatus;
  documentType: string | null;
  confidence: number | null;
}

export interface Batch extends BatchSummary {
  documents: BatchDocument[];
  nextCursor: string | null;
}

export type EndpointStatus = 'healthy' | 'failing' | 'disabled' | 'paused';

export interface Endpoint {
  id: string;
  url: string;
  /** Names or patterns. */
  events: string[];
  isActive: boolean;
  createdAt: string;
  secretHint: string;
  status: EndpointStatus;
  description: string | null;
  timeoutMs: number | null;
  maxBodyBytes: number;
  disableOnGone: boolean;
  ordered: boolean;
  rateLimitPerSecond: number | null;
  headers: Record<string, string>;
  /** Of the bodies it is sent: pinned when it was registered. */
  payloadVersion: string;
  paused: boolean;
  nextSecret: { hint: string; takesOverAt: string } | null;
  disabledReason: string | null;
  disabledAt: string | null;
  failingSince: string | null;
  lastSuccessAt: string | null;
  lastFailureAt: string | null;
  consecutiveFailures: number;
  disablesAt: string | null;
}

export type RegisteredEndpoint = Omit<Endpoint, 'secretHint'> & { secret: string };

export type DeliveryState = 'pending' | 'retrying' | 'succeeded' | 'exhausted' | 'cancelled' | 'skipped';

export interface Delivery {
  id: string;
  eventId: string;
  endpointId: string;
  event: string;
  state: DeliveryState;
  attemptCount: number;
  createdAt: string;
  nextAttemptAt: string | null;
  lastStatus: number | null;
}

export interface Hint {
  code: string;
  message: string;
}

export interface AttemptHeader {
  name: string;
  value: string | null;
}

export interface Attempt {
  number: number;
  trigger: 'schedule' | 'manual';
  startedAt: string;
  durationMs: number;
  url: string;
  status: number | null;
  failure: string | null;
  error: string | null;
  responseBody: string;
  requestHeaders: AttemptHeader[];
  responseHeaders: AttemptHeader[];
  connectMs: number | null;
  firstByteMs: number | null;
  hints: Hint[];
}

export interface DeliveryDetail extends Omit<Delivery, 'endpointId'> {
  attempts: Attempt[];
  body: string;
}

export interface Usage {
  plan: Plan;
  /** Such as `2026-04`. */
  period: string;
  periodStart: string;
  periodEnd: string;
  used: number;
  quota: number | null;
  remaining: number | null;
  percentUsed: number | null;
  requestsPerMinute: number | null;
  fileSizeMax: number;
}

export interface Key {
  id: string;
  name: string;
  hint: string;
  mode: 'live' | 'test';
  scopes: string[];
  createdAt: string;
}

export interface EventType {
  name: string;
  description: string;
  payloadVersion: string;
  example: Json;
  schema: Json;
  schemaUrl: string;
}

export const EVENT_NAMES = [
  'extraction.completed',
  'extraction.failed',
  'batch.completed',
  'batch.failed',
  'quota.warning',
  'quota.exceeded',
] as const;

export const DOCUMENT_TYPES = [
  'invoice',
  'credit_note',
  'receipt',
  'contract',
  'id_document',
  'bank_statement',
  'purchase_order',
  'payslip',
  'letter',
  'form',
] as const;

/** Deliveries of an endpoint that are sent again, a few at a time. */
export interface Recovery {
  id: string;
  status: 'running' | 'completed' | 'cancelled';
  total: number;
  done: number;
  createdAt: string;
}

export interface Overview {
  window: string;
  /** False where more happened than the service looks at: then the oldest part is missing. */
  complete: boolean;
  extractions: { completed: number; failed: number };
  deliveries: { succeeded: number; failed: number; waiting: number };
  deliveryTimeMs: { p50: number | null; p95: number | null };
  series: {
    start: string;
    extractionsCompleted: number;
    extractionsFailed: number;
    deliveriesSucceeded: number;
    deliveriesFailed: number;
  }[];
}
