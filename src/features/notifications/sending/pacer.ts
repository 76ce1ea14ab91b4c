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
  let leftAt = -Infinity;
  let last = Promise.resolve();
  return {
    turn() {
      // Counted from when the last message really left: after a stall of the process, none leave together.
      last = last.then(async () => {
        const wait = leftAt + gapMs - elapsedMs();
        if (wait > 0) await pause(wait);
        leftAt = elapsedMs();
      });
      return last;
    },
  };
}
