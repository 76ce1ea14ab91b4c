import type { Request, RequestHandler } from 'express';
import type { Clock } from '../../shared/clock.js';
import type { Registration } from '../registrations/registrations.store.js';

/** What became known of an LTI message on its way through the gates, as far as it came. */
export interface Trace {
  /** The platform that the login was begun for. */
  readonly registration?: Registration;
  /** The token's payload, as it was sent; to be believed only when `verified`. */
  readonly payload?: unknown;
  /** The platform's signature holds. */
  readonly verified?: boolean;
  /** Where the login was found again: in this browser's cookie, or in the platform's storage. */
  readonly loginIn?: 'cookie' | 'platform';
}

/** A login that was refused, or a launch and what became of it. */
export interface LaunchResult extends Trace {
  readonly at: Date;
  readonly stage: 'login' | 'launch';
  /** Why it was refused; null for a launch that was taken in. */
  readonly refusal: unknown;
  readonly milliseconds: number;
  readonly req: Request;
}

interface Open {
  trace: Trace;
  refusal?: unknown;
}

const open = new WeakMap<Request, Open>();

/** Notes on the way what a result will want to say. */
export function trace(req: Request, found: Trace): void {
  const message = open.get(req);
  if (message !== undefined) message.trace = { ...message.trace, ...found };
}

/** The message of this request ended in an error. */
export function traceRefusal(req: Request, refusal: unknown): void {
  const message = open.get(req);
  if (message !== undefined) message.refusal = refusal;
}

/** Tells of each message once it has been answered: nobody waits for whoever listens. */
export function traced(
  stage: LaunchResult['stage'],
  clock: Clock,
  tell: (result: LaunchResult) => void,
): RequestHandler {
  return (req, res, next) => {
    const at = clock.now();
    const start = process.hrtime.bigint();
    const message: Open = { trace: {} };
    open.set(req, message);
    res.once('close', () => {
      // A login that goes on to the platform is half a launch, and told of with its other half.
      if (stage === 'login' && message.refusal === undefined) return;
      const milliseconds = Number(process.hrtime.bigint() - start) / 1e6;
      tell({ ...message.trace, at, stage, refusal: message.refusal ?? null, milliseconds, req });
    });
    next();
  };
}
