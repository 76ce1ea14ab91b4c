import { JobError } from '../../../infra/jobs/index.js';

export interface ChannelErrorOptions {
  /** Whether the same message may be taken later. */
  readonly retryable: boolean;
  readonly retryAfterMs?: number;
  /** Other messages would fail as well. */
  readonly laneDown?: boolean;
  /** The person has blocked us or has gone: nothing more is sent there until they link it again. */
  readonly broken?: boolean;
}

/** A message was not taken. The text is the provider's own, without secrets and addresses. */
export class ChannelError extends JobError {
  override readonly name = 'ChannelError';
  readonly broken: boolean;

  constructor(message: string, { broken = false, ...options }: ChannelErrorOptions) {
    super(message.replace(/\s+/g, ' ').slice(0, 300), options);
    this.broken = broken;
  }
}
