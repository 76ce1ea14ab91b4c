import type { OutboundError } from './outbound.js';

/** Why a platform's service could not be used; pages have a text for each. */
export type ServiceProblem =
  /** The platform has not granted the needed scope. */
  | 'no-scope'
  /** The platform gave no access token. */
  | 'token'
  /** No answer: no connection, a broken one, or a timeout. */
  | 'unreachable'
  /** Requests to this address are not allowed. */
  | 'bad-address';

/** A service gave no answer. The message is for administrators, in the platform's words if there are any. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  constructor(
    readonly problem: ServiceProblem,
    /** True if the same call may succeed later. */
    readonly retryable: boolean,
    message: string,
    /** Milliseconds to wait, as the platform asked. */
    readonly retryAfterMs?: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Returns a failed exchange as a ServiceError. */
export function unanswered(error: OutboundError): ServiceError {
  const bad = error.reason === 'bad-address' || error.reason === 'private-address';
  const problem = bad ? 'bad-address' : 'unreachable';
  return new ServiceError(problem, !bad, error.message, undefined, { cause: error });
}
