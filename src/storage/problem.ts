import { DomainError } from '../shared/errors.js';
import { StorageError } from './storage-error.js';

/** Of MongoDB: https://github.com/mongodb/mongo/blob/master/src/mongo/base/error_codes.yml */
const OUT_OF_DISK_SPACE = 14_031;
/** The driver's errors when no server, or no primary, can be reached. */
const UNREACHABLE =
  /^Mongo(?:ServerSelection|Network|NetworkTimeout|PoolCleared|NotConnected|TopologyClosed)/;
/** How deep causes are followed: Mongoose and sessions wrap what the driver says. */
const DEEPEST = 4;

/**
 * Returns what people are told of an error that the database as a whole has caused, null for other errors: 503
 * `database-full` if there is no space, `database-unavailable` if it cannot be written or reached.
 */
export function storageProblem(error: unknown): DomainError | null {
  let cause = error;
  for (let depth = 0; depth < DEEPEST && cause instanceof Error; depth += 1) {
    const code = codeOf(cause);
    if (code !== null) {
      const retryAfter = code === 'database-full' ? 300 : 30;
      return new DomainError(code, 503, { retryAfter }, { cause: error });
    }
    cause = cause.cause;
  }
  return null;
}

function codeOf(error: Error): 'database-full' | 'database-unavailable' | null {
  const { code } = error as { code?: unknown };
  if (error instanceof StorageError) return error.full ? 'database-full' : 'database-unavailable';
  if (code === OUT_OF_DISK_SPACE) return 'database-full';
  return UNREACHABLE.test(error.name) ? 'database-unavailable' : null;
}

/**
 * Waits for a write that a page can do without, such as a note that it was seen: pages can be read while the database
 * cannot be written.
 * @throws what is no problem of the database as a whole
 */
export async function ifWritable(write: Promise<unknown>): Promise<void> {
  try {
    await write;
  } catch (error) {
    if (storageProblem(error) === null) throw error;
  }
}
