/** Figures of work that waits for a worker. */
export interface Queue {
  readonly waiting: number;
  /** Since when the oldest work waits. */
  readonly oldest: Date | null;
  /** Work that is not retried any more. */
  readonly failed: number;
}
