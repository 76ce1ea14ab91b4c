const DUPLICATE_KEY = 11_000;

/**
 * Runs a write that a unique index may refuse.
 * @returns what the write returns, or the first field of the index that refused it
 */
export async function unlessTaken<Value, Field extends string>(
  write: () => Promise<Value>,
  fields: readonly Field[],
): Promise<{ readonly value: Value } | { readonly taken: Field }> {
  try {
    return { value: await write() };
  } catch (error) {
    const { code, keyPattern } = error as { code?: unknown; keyPattern?: Record<string, unknown> };
    const taken = fields.find((field) => code === DUPLICATE_KEY && keyPattern?.[field] !== undefined);
    if (taken === undefined) throw error;
    return { taken };
  }
}
