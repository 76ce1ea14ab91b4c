/**
 * Makes one read of the single reads that are asked for in one turn of the event loop.
 * @param readMany what is missing in the answer is null
 */
export function createLoader<V>(
  readMany: (keys: readonly string[]) => Promise<ReadonlyMap<string, V>>,
): (key: string) => Promise<V | null> {
  let asked = new Set<string>();
  let answer: Promise<ReadonlyMap<string, V>> | undefined;
  const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  async function readAsked(): Promise<ReadonlyMap<string, V>> {
    await nextTurn();
    const keys = [...asked];
    asked = new Set();
    answer = undefined;
    return readMany(keys);
  }
  return async (key) => {
    asked.add(key);
    answer ??= readAsked();
    return (await answer).get(key) ?? null;
  };
}
