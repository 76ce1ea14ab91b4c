import { setTimeout as wait } from 'node:timers/promises';
import type { Request, RequestHandler, Response } from 'express';
import type { Fault, Faults, Service } from '../faults.js';

/** An answer of a service, before it meets the wire, so that a fault can still replace it. */
export interface Reply {
  readonly status: number;
  /** Words of the status line; Moodle puts its error texts there. */
  readonly reason?: string;
  readonly type: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Node wants header text in latin1; the recorded platform sends raw UTF-8 bytes. This makes one of the other. */
const wireText = (text: string): string =>
  // eslint-disable-next-line no-control-regex -- control characters are what must not get into a header
  Buffer.from(text.replaceAll(/[\u0000-\u001f\u007f]/g, ' '), 'utf8').toString('latin1');

const LONGEST_REASON = 4_000;

export function send(res: Response, reply: Reply): void {
  res.status(reply.status);
  if (reply.reason !== undefined) res.statusMessage = wireText(reply.reason).slice(0, LONGEST_REASON);
  res.setHeader('content-type', reply.type);
  for (const [name, value] of Object.entries(reply.headers ?? {})) res.setHeader(name, wireText(value));
  // As bytes: a string would be joined to the header text and encode that once more.
  res.end(Buffer.from(reply.body));
}

/** The answer a fault gives; null when it only delays. */
function faultReply(fault: Fault): Reply | null {
  if (fault.status === undefined) return null;
  return {
    status: fault.status,
    type: fault.contentType ?? 'text/plain; charset=utf-8',
    headers: {
      ...(fault.retryAfter !== undefined && { 'retry-after': String(fault.retryAfter) }),
      ...fault.headers,
    },
    body: fault.body ?? `The test platform was told to answer ${fault.status}.`,
  };
}

/**
 * Makes a handler of a service that can be told to fail. A fault struck `before` replaces the work, one
 * struck `after` only its answer.
 */
export function service(
  faults: Faults,
  name: Service,
  work: (req: Request) => Reply | Promise<Reply>,
): RequestHandler {
  return async (req, res) => {
    const fault = faults.strike(name);
    if (fault?.delayMs !== undefined) await wait(fault.delayMs);
    const spoilt = fault !== null && (fault.connection !== undefined || fault.status !== undefined);
    let reply = spoilt && fault.when !== 'after' ? null : await work(req);
    if (spoilt) {
      if (fault.connection === 'cut') {
        req.socket.destroy();
        return;
      }
      // The connection stays open, silent, until the caller or close() ends it.
      if (fault.connection === 'silence') return;
      reply = faultReply(fault);
    }
    if (reply !== null) send(res, reply);
  };
}

/** JSON as PHP writes it by default: every character beyond ASCII escaped, and slashes unless asked not to. */
export function phpJson(value: unknown, { slashes = true } = {}): string {
  const escaped = JSON.stringify(value).replace(
    /[\u0080-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return slashes ? escaped.replaceAll('/', '\\/') : escaped;
}
