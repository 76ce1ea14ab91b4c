import type { Request, RequestHandler } from 'express';
import type { Clock } from '../../shared/clock.js';
import type { Registration } from '../registrations/registrations.store.js';
import { ltiOf, type LtiContext } from './request-context.js';

/** What is known of an LTI message, as far as it was verified. */
export interface Trace {
  /** The platform that the login belongs to. */
  readonly registration?: Registration;
  /** The token's payload as sent; trustworthy only if `verified`. */
  readonly payload?: unknown;
  /** True if the platform's signature is valid. */
  readonly verified?: boolean;
  /** Optional claims that could not be read and count as absent. */
  readonly unreadable?: readonly string[];
  /** Where the login was stored: in the browser's cookie or in the platform's storage. */
  readonly loginIn?: 'cookie' | 'platform';
}

/** A refused login, or a launch with its outcome. */
export interface LaunchResult extends Trace {
  readonly at: Date;
  readonly stage: 'login' | 'launch';
  /** Why it was refused; null for an accepted launch. */
  readonly refusal: unknown;
  readonly milliseconds: number;
  readonly req: Request;
}

/** Adds facts to the result of this request. */
export function trace(req: Request, found: Trace): void {
  const message = ltiOf(req).result;
  if (message !== undefined) message.trace = { ...message.trace, ...found };
}

/** Returns the platform to which the login of this request belongs, as far as it is known. */
export const registrationOf = (req: Request): Registration | undefined =>
  ltiOf(req).result?.trace.registration;

/** Returns the payload of this request's token, verified or not. */
export const payloadOf = (req: Request): unknown => ltiOf(req).result?.trace.payload;

/** Adds the error that ended this request. */
export function traceRefusal(req: Request, refusal: unknown): void {
  const message = ltiOf(req).result;
  if (message !== undefined) message.refusal = refusal;
}

/** Makes a handler that reports each message after its answer, so that nothing waits for the listener. */
export function traced(
  stage: LaunchResult['stage'],
  clock: Clock,
  tell: (result: LaunchResult) => void,
): RequestHandler {
  return (req, res, next) => {
    // Some LMSs look at the address of a link that is saved: that is no message.
    if (stage === 'launch' && req.method !== 'POST' && Object.keys(req.query).length === 0) {
      next();
      return;
    }
    const at = clock.now();
    const start = process.hrtime.bigint();
    const message: NonNullable<LtiContext['result']> = { trace: {} };
    ltiOf(req).result = message;
    res.once('close', () => {
      // An accepted login is reported together with its launch.
      if (stage === 'login' && message.refusal === undefined) return;
      const milliseconds = Number(process.hrtime.bigint() - start) / 1e6;
      tell({ ...message.trace, at, stage, refusal: message.refusal ?? null, milliseconds, req });
    });
    next();
  };
}
