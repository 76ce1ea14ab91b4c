export interface JobErrorOptions {
  /** Whether a later attempt may succeed. */
  readonly retryable: boolean;
  /** How long the other side asks to wait, in milliseconds; a day at most is respected. */
  readonly retryAfterMs?: number | undefined;
  /** Other jobs of the lane would fail as well. Counts for the lane's circuit breaker. */
  readonly laneDown?: boolean;
  readonly cause?: unknown;
}

/** Thrown by a job that has failed. The message is shown to administrators. A feature may extend it. */
export class JobError extends Error {
  override readonly name: string = 'JobError';
  readonly retryable: boolean;
  readonly retryAfterMs: number;
  readonly laneDown: boolean;

  constructor(message: string, { retryable, retryAfterMs = 0, laneDown = false, cause }: JobErrorOptions) {
    super(message, { cause });
    this.retryable = retryable;
    this.retryAfterMs = retryAfterMs;
    this.laneDown = laneDown;
  }
}

/** Thrown by a job that failed and may succeed later. */
export class RetryableError extends JobError {
  override readonly name = 'RetryableError';

  constructor(message: string, options: Omit<JobErrorOptions, 'retryable'> = {}) {
    super(message, { ...options, retryable: true });
  }
}

/** Thrown by a job that no retry can help. */
export class FinalError extends JobError {
  override readonly name = 'FinalError';

  constructor(message: string, options: ErrorOptions = {}) {
    super(message, { ...options, retryable: false });
  }
}

/** What went wrong with one attempt. */
export interface Failure {
  /** Fit for a page of the administrator. */
  readonly message: string;
  readonly retryable: boolean;
  readonly retryAfterMs: number;
  readonly laneDown: boolean;
  /** A fault of this program: it says nothing about the lane. */
  readonly internal: boolean;
  /** What the job has thrown. */
  readonly error: unknown;
}

/** A failed attempt, with what follows. */
export interface FailedAttempt extends Failure {
  /** When the next attempt is made; null when the job is given up. */
  readonly nextAt: Date | null;
}

/** The longest message that a job keeps. */
const LONGEST_MESSAGE = 500;

/**
 * Reads an error as a failure. Of an error that is no JobError only the kind is kept: its message may
 * quote personal data.
 */
export function failureOf(error: unknown): Failure {
  if (error instanceof JobError) {
    const { retryable, retryAfterMs, laneDown } = error;
    return { message: shortened(error.message), retryable, retryAfterMs, laneDown, internal: false, error };
  }
  const kind = error instanceof Error ? error.name : typeof error;
  const message = `Internal error (${kind})`;
  return { message, retryable: true, retryAfterMs: 0, laneDown: false, internal: true, error };
}

export const finalFailure = (message: string): Failure => failureOf(new FinalError(message));

const shortened = (message: string): string => message.slice(0, LONGEST_MESSAGE);
