import type { DecodeOptions } from './bson.js';
import { unsupported } from './errors.js';
import { readCount } from './read/options.js';

/** Options every method of the official driver takes. */
export interface DriverOptions extends DecodeOptions {
  maxTimeMS?: unknown;
  session?: unknown;
  [name: string]: unknown;
}

/** Options that would change the answer, and that only MongoDB knows. */
const REFUSED = Object.entries({
  session: 'sessions and transactions',
  tailable: 'tailable cursors',
  awaitData: 'tailable cursors',
  min: 'the option min',
  max: 'the option max',
  returnKey: 'the option returnKey',
  showRecordId: 'the option showRecordId',
  raw: 'raw BSON results',
});

/** For all methods but `find` and `aggregate`: explained, a write is not to be done. */
export function checkNotExplained<T extends object>(options: T | null | undefined): T {
  if ((options as { explain?: unknown } | null | undefined)?.explain)
    throw unsupported('explain for this operation');
  return checkOptions(options);
}

/** @throws MongoServerError naming an option the engine cannot follow */
export function checkOptions<T extends object>(options: T | null | undefined): T {
  for (const [name, feature] of REFUSED) {
    const value = (options as Record<string, unknown> | null | undefined)?.[name];
    if (value !== undefined && value !== null && value !== false) throw unsupported(feature);
  }
  return options ?? ({} as T);
}

export const maxTime = (options: DriverOptions): number => readCount('maxTimeMS', options.maxTimeMS);

const DECODING = ['promoteValues', 'promoteLongs', 'promoteBuffers', 'useBigInt64', 'bsonRegExp'] as const;

/** Undefined for the usual decoding. */
export function decodeOptions(options: DriverOptions): DecodeOptions | undefined {
  let result: Record<string, boolean> | undefined;
  for (const name of DECODING) {
    const value = options[name];
    if (value !== undefined) (result ??= {})[name] = value;
  }
  return result;
}
