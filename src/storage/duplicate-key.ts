const DUPLICATE_KEY = 11_000;

/** Returns true if a write failed because a unique index holds such a key already; the same on all engines. */
export const isDuplicateKey = (error: unknown): boolean =>
  (error as { code?: unknown } | null)?.code === DUPLICATE_KEY;

/** Returns what a write of many documents refused, each with its `code`; none where the whole write failed. */
export const refusalsOf = (error: unknown): { readonly code?: unknown }[] =>
  [(error as { writeErrors?: unknown } | null)?.writeErrors ?? []].flat();

/**
 * Returns the first of these fields that belongs to the index that refused a write; null if none does. Servers that are
 * compatible with MongoDB name the index in the message alone, or not at all.
 */
export function takenField<Field extends string>(error: unknown, fields: readonly Field[]): Field | null {
  if (!isDuplicateKey(error)) return null;
  const indexed = indexedFields(error as { keyPattern?: Record<string, unknown>; message?: unknown });
  if (indexed === null) return fields.length === 1 ? (fields[0] ?? null) : null;
  return fields.find((field) => indexed.includes(field)) ?? null;
}

/** `index: seat_1 dup key`, `Index 'courseId_1_draft_-1'`; the database and the collection may stand before it. */
const INDEX = /\bindex:?\s+['"`]?(?:[^\s'"`]*\$)?([^\s'"`]+)/i;

/** Returns the fields of the index that an error names; null if it names none. */
function indexedFields({
  keyPattern,
  message,
}: {
  readonly keyPattern?: Record<string, unknown>;
  readonly message?: unknown;
}): string[] | null {
  if (keyPattern !== undefined) return Object.keys(keyPattern);
  const name = typeof message === 'string' ? INDEX.exec(message)?.[1] : undefined;
  if (name === undefined) return null;
  if (name === '_id_') return ['_id'];
  // Names are made of fields and directions.
  return name
    .split(/_-?1(?:_|$)/)
    .map((field) => field.replace(/_(?:text|hashed|2dsphere)$/, ''))
    .filter(Boolean);
}

/**
 * Runs a write that a unique index may refuse.
 * @returns what the write returns, or the first field of the index that refused it
 */
export async function unlessTaken<Value, Field extends string>(
  write: () => PromiseLike<Value>,
  fields: readonly Field[],
): Promise<{ readonly value: Value } | { readonly taken: Field }> {
  try {
    return { value: await write() };
  } catch (error) {
    const taken = takenField(error, fields);
    if (taken === null) throw error;
    return { taken };
  }
}
