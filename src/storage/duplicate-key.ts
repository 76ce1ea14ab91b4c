const DUPLICATE_KEY = 11_000;

/** Returns true if a write failed because a unique index holds such a key already; the same on both engines. */
export const isDuplicateKey = (error: unknown): boolean =>
  (error as { code?: unknown } | null)?.code === DUPLICATE_KEY;

/**
 * Runs an upsert, once more if another one has just made the document: the second time it is updated.
 * https://www.mongodb.com/docs/manual/reference/method/db.collection.updateOne/#upsert-with-duplicate-values
 */
export async function upserted<Value>(upsert: () => PromiseLike<Value>): Promise<Value> {
  try {
    return await upsert();
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    return upsert();
  }
}
