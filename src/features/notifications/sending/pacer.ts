/** Lets so many through per second, in this process. */
export interface Pacer {
  /** Resolves when the next message may leave. */
  turn(): Promise<void>;
}

const pauseFor = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** @param elapsedMs a clock that is never put back */
export function createPacer(
  perSecond: number,
  elapsedMs: () => number = () => performance.now(),
  pause: (ms: number) => Promise<void> = pauseFor,
): Pacer {
  const gapMs = 1_000 / perSecond;
  let nextAt = 0;
  return {
    async turn() {
      const now = elapsedMs();
      const mine = Math.max(now, nextAt);
      nextAt = mine + gapMs;
      if (mine > now) await pause(mine - now);
    },
  };
}
