/** Requests as commands of a POSIX shell. */
import type { AttemptHeader, DeliveryDetail } from './types';

/** One word of the shell, whatever is in it. */
export const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

export type HeaderList = [string, string][];

/** Headers as pairs; a signature whose secret has been replaced since is empty. */
export const headerList = (headers: AttemptHeader[]): HeaderList => headers.map(({ name, value }) => [name, value ?? '']);

/** The request of a delivery, for the address of its latest attempt or of its endpoint. */
export function deliveryCommand(delivery: DeliveryDetail, url: string): string {
  const attempt = Math.max(1, delivery.attemptCount);
  const headers = [
    ['Content-Type', 'application/json'],
    ['X-ParseFlow-Event', delivery.event],
    ['X-ParseFlow-Delivery', delivery.id],
    ['X-ParseFlow-Attempt', String(attempt)],
  ];
  return [
    '# PARSEFLOW_SECRET is the secret of the endpoint.',
    `BODY=${quoted(delivery.body)}`,
    `SIGNATURE=$(printf '%s' "$BODY" | openssl dgst -sha256 -hmac "$PARSEFLOW_SECRET" | sed 's/.* //')`,
    `curl -i -X POST ${quoted(url)} \\`,
    ...headers.map(([name, value]) => `  -H ${quoted(`${name}: ${value}`)} \\`),
    '  -H "X-ParseFlow-Signature: $SIGNATURE" \\',
    '  --data-binary "$BODY"',
  ].join('\n');
}

/** The upload of a file like this one. */
export function extractCommand(origin: string, fileName: string, options: Record<string, string>): string {
  return [
    `curl -sS ${quoted(`${origin}/api/v1/extract`)} \\`,
    '  -H "X-API-Key: $PARSEFLOW_API_KEY" \\',
    ...Object.entries(options).map(([name, value]) => `  -F ${quoted(`${name}=${value}`)} \\`),
    `  -F ${quoted(`file=@${fileName}`)}`,
  ].join('\n');
}
