import type { OutboundError } from './outbound.js';

/** Why a platform's service could not be used, as pages put it in words. */
export type ServiceProblem =
  /** The platform has not granted the scope that this needs. */
  | 'no-scope'
  /** The platform gave no access token. */
  | 'token'
  /** Nobody answered: no connection, a cut one, or silence. */
  | 'unreachable'
  /** The address is none that may be asked. */
  | 'bad-address';

/** A service did not come to an answer. The message is for administrators, in the platform's words where it had any. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  constructor(
    readonly problem: ServiceProblem,
    /** Whether trying later can help. */
    readonly retryable: boolean,
    message: string,
    /** How long the platform asks to wait, in milliseconds. */
    readonly retryAfterMs?: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** An exchange that failed, in the terms of services. */
export function unanswered(error: OutboundError): ServiceError {
  const bad = error.reason === 'bad-address' || error.reason === 'private-address';
  const problem = bad ? 'bad-address' : 'unreachable';
  return new ServiceError(problem, !bad, error.message, undefined, { cause: error });
}
