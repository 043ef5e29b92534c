/** Paths of the public API. */

const part = encodeURIComponent;

export const ENDPOINTS = '/api/webhooks/notifications';
export const endpointPath = (id: string): string => `${ENDPOINTS}/${part(id)}`;
export const deliveryPath = (endpoint: string, delivery: string): string =>
  `${endpointPath(endpoint)}/deliveries/${part(delivery)}`;
export const documentPath = (id: string): string => `/api/v1/documents/${part(id)}`;
export const batchPath = (id: string): string => `/api/v1/batch/${part(id)}`;
