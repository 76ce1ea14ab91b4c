import { StorageError } from '../storage-error.js';
import { isBusy } from './sqlite.js';

/** How long a lock held by another process is waited for before the caller is told. */
export const BUSY_LIMIT_MS = 30_000;

/** Grows to 25 ms; the jitter keeps two processes from meeting again and again. */
export const backoff = (attempt: number): number =>
  Math.min(25, 2 ** Math.min(attempt, 5)) * (0.5 + Math.random());

export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Lets the event loop turn. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export const busyTooLong = (cause: unknown): StorageError =>
  new StorageError(`the database stayed locked by another process for ${BUSY_LIMIT_MS / 1000} s`, { cause });

/**
 * Runs `action` again while another process holds a lock, without blocking the event loop.
 * @throws StorageError when the lock outlasts the limit; any other error of the action as it is
 */
export async function whileBusy<T>(action: () => T): Promise<T> {
  const deadline = Date.now() + BUSY_LIMIT_MS;
  for (let attempt = 0; ; attempt++) {
    try {
      return action();
    } catch (error) {
      if (!isBusy(error)) throw error;
      if (Date.now() > deadline) throw busyTooLong(error);
    }
    await pause(backoff(attempt));
  }
}
