import { rootCertificates } from 'node:tls';
import type * as Undici from 'undici';
import { SECOND } from '../../../shared/clock.js';
import { lazyPackage } from '../../../shared/lazy-package.js';
import { ChannelError } from './channel-error.js';
import type { ChannelConfig } from './channel.js';

const undici = lazyPackage<typeof Undici>('undici');

export interface ApiRequest {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  /** Below the base address, with its query. It may hold a secret and is never told. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as a form. */
  readonly form?: Readonly<Record<string, string>>;
  /** How long the provider may hold the request open, beyond the usual time. */
  readonly heldMs?: number;
}

export interface ApiAnswer {
  readonly status: number;
  readonly retryAfterMs: number;
  /** The answer's object; empty where it is none. */
  readonly data: Readonly<Record<string, unknown>>;
}

const TIMEOUT_MS = 10 * SECOND;
const MOST_BYTES = 256 * 1024;

/** @param timeout seconds as the administrator entered them */
function timeoutOf({ timeout = '' }: ChannelConfig): number {
  const seconds = Number(timeout.replace(',', '.'));
  return seconds > 0 && seconds <= 60 ? seconds * SECOND : TIMEOUT_MS;
}

const dispatchers = new Map<string, Undici.Dispatcher>();

/** Connections are kept per proxy and certificates, since each send would otherwise greet anew. */
function dispatcherOf({ proxy = '', ca = '' }: ChannelConfig): Undici.Dispatcher {
  const key = `${proxy}\n${ca}`;
  let dispatcher = dispatchers.get(key);
  if (dispatcher === undefined) {
    const { Agent, ProxyAgent } = undici();
    // A lone `ca` would replace the roots that everything else relies on.
    const tls = ca === '' ? {} : { ca: [...rootCertificates, ca] };
    dispatcher =
      proxy === ''
        ? new Agent({ connect: { timeout: TIMEOUT_MS, ...tls } })
        : new ProxyAgent({ uri: proxy, requestTls: tls, proxyTls: tls });
    if (dispatchers.size > 20) dispatchers.clear();
    dispatchers.set(key, dispatcher);
  }
  return dispatcher;
}

/**
 * Calls a provider. Time and size are limited and redirects are not followed.
 * @throws ChannelError where the provider cannot be reached or answers something that is no JSON object
 */
export async function callApi(baseUrl: string, config: ChannelConfig, call: ApiRequest): Promise<ApiAnswer> {
  const address = `${baseUrl.replace(/\/+$/, '')}${call.path}`;
  if (!URL.canParse(address))
    throw new ChannelError('the address of the provider is missing', { retryable: false });
  const url = new URL(address);
  try {
    const response = await undici().request(url, {
      method: call.method ?? 'POST',
      dispatcher: dispatcherOf(config),
      signal: AbortSignal.timeout(timeoutOf(config) + (call.heldMs ?? 0)),
      headers: { accept: 'application/json', 'user-agent': 'Nastavnik', ...bodyType(call), ...call.headers },
      body: bodyOf(call),
    });
    const text = await limited(response.body, url.host);
    const status = response.statusCode;
    const asked = Number(response.headers['retry-after']);
    const retryAfterMs = Number.isFinite(asked) && asked > 0 ? asked * SECOND : 0;
    const data = parsed(text);
    if (data === null) {
      const what = /^\s*</.test(text) ? 'HTML' : 'no JSON';
      throw new ChannelError(`${url.host} answered ${status} with ${what}`, {
        retryable: true,
        retryAfterMs,
        laneDown: true,
      });
    }
    return { status, retryAfterMs, data };
  } catch (error) {
    if (error instanceof ChannelError) throw error;
    const { code, name } = error as { code?: string; name?: string };
    throw new ChannelError(`${url.host} cannot be reached (${code ?? name ?? 'error'})`, {
      retryable: true,
      laneDown: true,
    });
  }
}

const bodyType = ({ json, form }: ApiRequest): Record<string, string> => {
  if (json !== undefined) return { 'content-type': 'application/json' };
  return form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' };
};

const bodyOf = ({ json, form }: ApiRequest): string | null => {
  if (json !== undefined) return JSON.stringify(json);
  return form === undefined ? null : new URLSearchParams(form).toString();
};

async function limited(body: Undici.Dispatcher.ResponseData['body'], host: string): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BYTES) {
      body.destroy();
      throw new ChannelError(`${host} answered more than ${MOST_BYTES} bytes`, { retryable: true });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** A field as text: providers send numbers and texts alike. */
export const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

export const objectOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
