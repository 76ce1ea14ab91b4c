export interface RetryOptions {
  /** How long the other side asks to wait, in milliseconds; a day at most is respected. */
  readonly retryAfterMs?: number | undefined;
  /** Other jobs of the lane would fail as well. Counts for the lane's circuit breaker. */
  readonly laneDown?: boolean;
  readonly cause?: unknown;
}

/** Thrown by a job that failed and may succeed later. The message is shown to administrators. */
export class RetryableError extends Error {
  override readonly name = 'RetryableError';
  readonly retryAfterMs: number;
  readonly laneDown: boolean;

  constructor(message: string, { retryAfterMs = 0, laneDown = false, cause }: RetryOptions = {}) {
    super(message, { cause });
    this.retryAfterMs = retryAfterMs;
    this.laneDown = laneDown;
  }
}

/** Thrown by a job that no retry can help. The message is shown to administrators. */
export class FinalError extends Error {
  override readonly name = 'FinalError';
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
}

/** The longest message that a job keeps. */
const LONGEST_MESSAGE = 500;

/**
 * Reads an error as a failure. Of an error that is not one of the two above only the kind is kept: its message may
 * quote personal data.
 */
export function failureOf(error: unknown): Failure {
  if (error instanceof RetryableError) {
    const { retryAfterMs, laneDown } = error;
    const message = shortened(error.message);
    return { message, retryable: true, retryAfterMs, laneDown, internal: false };
  }
  if (error instanceof FinalError) return finalFailure(error.message);
  const kind = error instanceof Error ? error.name : typeof error;
  const message = `Internal error (${kind})`;
  return { message, retryable: true, retryAfterMs: 0, laneDown: false, internal: true };
}

export const finalFailure = (message: string): Failure => ({
  message: shortened(message),
  retryable: false,
  retryAfterMs: 0,
  laneDown: false,
  internal: false,
});

const shortened = (message: string): string => message.slice(0, LONGEST_MESSAGE);
