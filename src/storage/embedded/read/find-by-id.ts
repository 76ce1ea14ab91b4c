import { bsonTypeOf } from '../bson.js';
import type { Engine } from '../engine.js';
import { encodeValue } from '../key.js';

/**
 * The `_id` of a filter that asks for nothing else, so that it is one keyed read.
 * @returns undefined when the filter, or an option, asks for more
 */
export function plainId(
  filter: unknown,
  options: { skip?: unknown; collation?: unknown; projection?: unknown },
): unknown {
  if (typeof filter !== 'object' || filter === null) return undefined;
  const names = Object.keys(filter);
  if (names.length !== 1 || names[0] !== '_id') return undefined;
  if (Boolean(options.skip) || options.collation !== undefined) return undefined;
  const id = (filter as { _id: unknown })._id;
  if (typeof id === 'string' || typeof id === 'number') return id;
  return typeof id === 'object' && id !== null && bsonTypeOf(id) === 'ObjectId' ? id : undefined;
}

export function findById(engine: Engine, collection: string, id: unknown): Promise<Buffer | undefined> {
  const key = encodeValue(id);
  return engine.read(() => {
    const info = engine.collection(collection);
    if (!info) return undefined;
    return engine.db.statement(`SELECT doc FROM ${info.table} WHERE id = ?`).get([key])?.[0] as
      Buffer | undefined;
  });
}
