const DUPLICATE_KEY = 11_000;

/** Returns true if a write failed because a unique index holds such a key already; the same on both engines. */
export const isDuplicateKey = (error: unknown): boolean =>
  (error as { code?: unknown } | null)?.code === DUPLICATE_KEY;
