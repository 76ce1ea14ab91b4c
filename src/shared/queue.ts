/** Work that waits for a worker, as the administrator is told of it. */
export interface Queue {
  readonly waiting: number;
  /** Since when the oldest of it waits. */
  readonly oldest: Date | null;
  /** Given up: somebody has to look. */
  readonly failed: number;
}
