import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { objectOf } from './http.js';
import type { WebhookAnswer, WebhookRequest } from './channel.js';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Compares a secret in constant time. An empty secret matches nothing. */
export const sameSecret = (given: string | undefined, secret: string): boolean =>
  secret !== '' && given !== undefined && timingSafeEqual(digest(given), digest(secret));

/** `sha256=<hex>` of the raw body. https://developers.facebook.com/docs/graph-api/webhooks/getting-started */
export const signedBy = (given: string | undefined, secret: string, body: Buffer): boolean =>
  sameSecret(given, secret === '' ? '' : `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`);

export const REFUSED: WebhookAnswer = { status: 401, body: '', incoming: [] };

/** The body's object; null where it is no JSON object. */
export function bodyOf({ body }: WebhookRequest): Readonly<Record<string, unknown>> | null {
  try {
    return objectOf(JSON.parse(body.toString('utf8')));
  } catch {
    return null;
  }
}

export const accepted = (incoming: WebhookAnswer['incoming'], body = 'ok'): WebhookAnswer => ({
  status: 200,
  body,
  incoming,
});
