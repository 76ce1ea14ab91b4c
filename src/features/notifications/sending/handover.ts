/** Lets so many messages be with a provider at once whose handing over is not noted yet. */
export interface Handover {
  /** Resolves when a message may be handed over. Its place is free again once `noted` resolves. */
  enter(noted: Promise<void>): Promise<void>;
}

/**
 * What a kill leaves without a note goes again: with a place per connection, a connection takes no second message before
 * the first is noted.
 */
export function createHandover(places: number): Handover {
  const waiting: (() => void)[] = [];
  let free = places;
  return {
    async enter(noted) {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      void noted.then(() => {
        const next = waiting.shift();
        if (next === undefined) free += 1;
        else next();
      });
    },
  };
}
