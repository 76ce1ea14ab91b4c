import { isDuplicateKey } from '../../../storage/index.js';

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
    const { keyPattern } = error as { keyPattern?: Record<string, unknown> };
    const taken = fields.find((field) => isDuplicateKey(error) && keyPattern?.[field] !== undefined);
    if (taken === undefined) throw error;
    return { taken };
  }
}
