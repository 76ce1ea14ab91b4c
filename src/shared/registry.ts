/** Entries that features add while the application is built, for features that were built before them. */
export interface Registry<T> {
  add(entry: T): void;
  /** Returns what has been added by now, in that order. Called at requests and in jobs: after the build. */
  all(): readonly T[];
}

export function createRegistry<T>(): Registry<T> {
  const entries: T[] = [];
  return {
    add: (entry) => void entries.push(entry),
    all: () => entries,
  };
}
