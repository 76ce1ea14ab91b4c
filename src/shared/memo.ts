/** A value by its key, remembered for a moment. */
export interface Memo<V> {
  get(key: string): Promise<V>;
  forget(key: string): void;
}

/**
 * Remembers what a read gives for so many milliseconds: for what is asked for with each of many messages and changes
 * rarely. A failed read is not remembered.
 * @param most keys; when there are more, all are forgotten
 */
export function createMemo<V>(
  read: (key: string) => Promise<V>,
  { forMs, most }: { readonly forMs: number; readonly most: number },
): Memo<V> {
  const known = new Map<string, { readonly value: Promise<V>; readonly until: number }>();
  return {
    get(key) {
      const now = performance.now();
      const found = known.get(key);
      if (found !== undefined && now < found.until) return found.value;
      if (known.size >= most) known.clear();
      const value = read(key);
      known.set(key, { value, until: now + forMs });
      value.catch(() => known.delete(key));
      return value;
    },
    forget: (key) => void known.delete(key),
  };
}
