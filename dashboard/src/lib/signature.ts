/** `X-ParseFlow-Signature`, computed in the browser. The secret goes nowhere. */

/** Browsers offer HMAC over https and on this machine only. */
export const canSign = (): boolean => typeof crypto !== 'undefined' && crypto.subtle !== undefined;

/** Lowercase hex HMAC-SHA256 of `body`; the key is the whole secret, `whsec_` included. */
export async function sign(secret: string, body: string): Promise<string> {
  const bytes = new TextEncoder();
  const key = await crypto.subtle.importKey('raw', bytes.encode(secret), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  const signature = new Uint8Array(await crypto.subtle.sign('HMAC', key, bytes.encode(body)));
  return Array.from(signature, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export interface Verdict {
  good: boolean;
  /** What the signature of these bytes is. */
  expected: string;
  text: string;
}

/**
 * Holds what a receiver saw against what it should have seen, and names the mistake where one explains it.
 *
 * `given` is empty when only the expected value is asked for; `hint` is the last four characters of the secret.
 */
export async function check(secret: string, body: string, given: string, hint: string): Promise<Verdict> {
  const expected = await sign(secret, body);
  const isOther = hint !== '' && !secret.endsWith(hint);
  const other = `This is not the present secret of the endpoint, which ends in ${hint}.`;
  if (given === '') return { good: !isOther, expected, text: isOther ? other : 'This is the signature of the body below with this secret.' };
  const seen = given.trim().replace(/^sha256=/, '').toLowerCase();
  if (seen === expected) return { good: true, expected, text: 'They agree: this secret signed exactly this body.' };
  if (isOther) return { good: false, expected, text: other };
  const trimmed = secret.replace(/^whsec_/, '');
  const mistakes: [string, string, string][] = [
    [secret, JSON.stringify(JSON.parse(body), null, 2), 'Your receiver signed JSON that it had laid out anew. Sign the raw bytes.'],
    [secret, pythonJson(JSON.parse(body)), 'Your receiver signed JSON that it had written anew, with blanks after commas and colons. Sign the raw bytes.'],
    [secret, `${body}\n`, 'Your receiver signed the body with a line end behind it.'],
    [secret, '', 'Your receiver signed an empty body: something read it before, such as a JSON parser.'],
    [trimmed, body, 'Your receiver left out the prefix: the key is the whole secret, whsec_ included.'],
  ];
  for (const [key, text, explanation] of mistakes) {
    if ((await sign(key, text)) === seen) return { good: false, expected, text: explanation };
  }
  return { good: false, expected, text: 'They differ: the body was changed on its way, or another secret signed it.' };
}

/** As `json.dumps(value, ensure_ascii=False)` writes it. */
function pythonJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(', ')}]`;
  if (value !== null && typeof value === 'object') {
    return `{${Object.entries(value).map(([name, inner]) => `${JSON.stringify(name)}: ${pythonJson(inner)}`).join(', ')}}`;
  }
  return JSON.stringify(value);
}
