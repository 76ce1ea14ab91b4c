import { lookup as dnsLookup, type LookupAddress, type LookupOptions } from 'node:dns';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import type * as Undici from 'undici';
import { lazyPackage } from '../../shared/lazy-package.js';

const undici = lazyPackage<typeof Undici>('undici');

/** A request that failed. `reason` is stable; the message is for administrators. */
export class OutboundError extends Error {
  override readonly name = 'OutboundError';
  constructor(
    readonly reason: 'bad-address' | 'private-address' | 'timeout' | 'too-large' | 'network',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export interface OutboundRequest {
  readonly url: string;
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** For the whole exchange; 5 s by default. */
  readonly timeoutMs?: number;
  /** Maximum size of the body; 256 KiB by default. */
  readonly maxBytes?: number;
}

export interface OutboundResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** Sends every request to platforms. Limits time and size, and follows no redirects. */
export interface Outbound {
  /** @throws OutboundError */
  send(request: OutboundRequest): Promise<OutboundResponse>;
  /**
   * Checks an address without sending a request.
   * @throws OutboundError `bad-address`, or `private-address` for a private or loopback literal
   */
  check(url: string): URL;
  close(): Promise<void>;
}

/** Returns true for addresses on the public internet; any other could be inside a private network (SSRF). */
const isPublic = (address: string): boolean =>
  ipaddr.isValid(address) && ipaddr.process(address).range() === 'unicast';

/**
 * @param allowPrivateNetwork lets platforms have `http:` addresses and private or loopback hosts
 */
export function createOutbound({ allowPrivateNetwork }: { allowPrivateNetwork: boolean }): Outbound {
  let agent: Undici.Agent | undefined;
  const connected = (): Undici.Agent =>
    (agent ??= new (undici().Agent)({
      // Checked after DNS resolution, so that a name cannot resolve to another address between check and use.
      connect: allowPrivateNetwork ? { timeout: 4_000 } : { timeout: 4_000, lookup: publicLookup },
      headersTimeout: 60_000,
      bodyTimeout: 60_000,
      connections: 32,
    }));

  function check(address: string): URL {
    if (!URL.canParse(address)) throw new OutboundError('bad-address', `not an address: ${address}`);
    const url = new URL(address);
    if (url.protocol !== 'https:' && !(url.protocol === 'http:' && allowPrivateNetwork)) {
      throw new OutboundError('bad-address', `must begin with https:// (${url.origin})`);
    }
    if (url.username !== '' || url.password !== '') {
      throw new OutboundError('bad-address', `must not hold a user name (${url.host})`);
    }
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const inside =
      isIP(host) === 0 ? /^localhost$|\.localhost$|\.local$|\.internal$/i.test(host) : !isPublic(host);
    if (inside && !allowPrivateNetwork) {
      throw new OutboundError('private-address', `is a private address (${url.host})`);
    }
    return url;
  }

  async function send(outbound: OutboundRequest): Promise<OutboundResponse> {
    const url = check(outbound.url);
    const { timeoutMs = 5_000, maxBytes = 256 * 1024 } = outbound;
    try {
      const response = await undici().request(url, {
        method: outbound.method ?? 'GET',
        dispatcher: connected(),
        signal: AbortSignal.timeout(timeoutMs),
        headers: { 'user-agent': 'Nastavnik', ...outbound.headers },
        body: outbound.body ?? null,
      });
      const chunks: Buffer[] = [];
      let size = 0;
      for await (const chunk of response.body as AsyncIterable<Buffer>) {
        size += chunk.length;
        if (size > maxBytes) {
          response.body.destroy();
          throw new OutboundError('too-large', `${url.host} answered more than ${maxBytes} bytes`);
        }
        chunks.push(chunk);
      }
      return {
        status: response.statusCode,
        headers: response.headers,
        // Without a byte order mark.
        body: new TextDecoder().decode(Buffer.concat(chunks)),
      };
    } catch (error) {
      throw asOutboundError(error, url.host, timeoutMs);
    }
  }

  return { send, check, close: async () => agent?.close() };
}

function asOutboundError(error: unknown, host: string, timeoutMs: number): OutboundError {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof OutboundError) return cause;
    if (cause.name === 'TimeoutError') {
      return new OutboundError('timeout', `${host} did not answer within ${timeoutMs} ms`, { cause: error });
    }
  }
  const code = (error as { code?: unknown }).code;
  return new OutboundError(
    'network',
    `${host} could not be reached (${typeof code === 'string' ? code : 'error'})`,
    {
      cause: error,
    },
  );
}

type LookupCallback = (error: Error | null, address: string | LookupAddress[], family?: number) => void;

function publicLookup(hostname: string, options: LookupOptions, callback: LookupCallback): void {
  dnsLookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) {
      callback(error, []);
      return;
    }
    const inside = addresses.find(({ address }) => !isPublic(address));
    const first = addresses[0];
    if (inside !== undefined || first === undefined) {
      callback(new OutboundError('private-address', `${hostname} resolves to a private address`), []);
    } else if (options.all === true) {
      callback(null, addresses);
    } else {
      callback(null, first.address, first.family);
    }
  });
}
