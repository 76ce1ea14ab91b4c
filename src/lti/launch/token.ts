import { isUtf8 } from 'node:buffer';
import { refuse } from './refusal.js';

/** Returns a token's two JSON parts without verifying them. @throws DomainError `lti-not-a-token` */
export function decode(token: string): { header: Record<string, unknown>; payload: unknown } {
  const parts = token.split('.');
  try {
    if (parts.length !== 3) throw new Error('not three parts');
    const [header, payload] = parts.slice(0, 2).map((part) => JSON.parse(strictBase64url(part)) as unknown);
    if (typeof header !== 'object' || header === null || Array.isArray(header)) throw new Error('no header');
    return { header: header as Record<string, unknown>, payload };
  } catch (error) {
    throw refuse('lti-not-a-token', 400, {}, error);
  }
}

function strictBase64url(part: string): string {
  if (!/^[A-Za-z0-9_-]+$/.test(part)) throw new Error('not base64url');
  const bytes = Buffer.from(part, 'base64url');
  if (!isUtf8(bytes)) throw new Error('not UTF-8');
  return bytes.toString('utf8');
}

/**
 * Checks the header and returns the key id, which is demanded also where the platform has one key.
 * https://www.imsglobal.org/spec/security/v1p0/#h_key-set-url
 * @throws DomainError `lti-algorithm`, `lti-header` (403)
 */
export function checkHeader(header: Record<string, unknown>): string {
  if (header.alg !== 'RS256') throw refuse('lti-algorithm', 403, { alg: String(header.alg).slice(0, 20) });
  // Unknown extensions must not be ignored; b64 is one.
  // https://www.rfc-editor.org/rfc/rfc7515#section-4.1.11 https://www.rfc-editor.org/rfc/rfc7797
  for (const name of ['crit', 'b64', 'zip', 'enc']) {
    if (name in header) throw refuse('lti-header', 403, { header: name });
  }
  const { kid } = header;
  if (typeof kid !== 'string' || kid.length === 0 || kid.length > 255) {
    throw refuse('lti-header', 403, { header: 'kid' });
  }
  return kid;
}
