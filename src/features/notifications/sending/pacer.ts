/** Lets so many through per second, in this process. */
export interface Pacer {
  /** Resolves when the next message may leave. */
  turn(): Promise<void>;
}

export function createPacer(perSecond: number): Pacer {
  const gapMs = 1_000 / perSecond;
  let nextAt = 0;
  return {
    async turn() {
      const now = performance.now();
      const mine = Math.max(now, nextAt);
      nextAt = mine + gapMs;
      if (mine > now) await new Promise((resolve) => setTimeout(resolve, mine - now));
    },
  };
}
