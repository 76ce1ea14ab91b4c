import type { DirectoryVersion, DirectoryVersionStore } from './version.store.js';

/** Something kept in memory that shows what a collection holds. */
export interface Followed {
  /** Reads what was changed after a moment; everything for null. */
  readChanges(since: Date | null): Promise<void>;
  /** Forgets what is stored no more. */
  forgetRemoved(): Promise<void>;
}

/** A write takes a moment. */
const OVERLAP_MS = 100;
/** Clocks of machines differ: each second, what was changed this long before is read once more. */
const WIDE_OVERLAP_MS = 20_000;
const WIDE_EACH_MS = 1_000;

/**
 * Returns what brings memory up to date before a query (ADR 11): it reads what was changed since the last time, by any
 * process, unless the directory's version says that there is nothing.
 */
export function follow(followed: Followed, version: DirectoryVersionStore): () => Promise<void> {
  let readUntil = 0;
  let wideAt = 0;
  /** The version that memory is known to show; null while changes may be under way. */
  let shown: DirectoryVersion | null = null;
  let removals = 0;
  let reading: Promise<void> | null = null;

  async function read(now: DirectoryVersion): Promise<void> {
    const begun = Date.now();
    const wide = begun - wideAt > WIDE_EACH_MS || now.settled;
    const since = readUntil - (wide ? WIDE_OVERLAP_MS : OVERLAP_MS);
    await followed.readChanges(readUntil === 0 ? null : new Date(since));
    if (now.settled && now.removals !== removals) {
      await followed.forgetRemoved();
      removals = now.removals;
    }
    readUntil = begun;
    if (wide) wideAt = begun;
    shown = now.settled ? now : null;
  }

  return async function bringUpToDate() {
    // A query that begins later waits for a reading that begins later as well.
    const before = reading;
    if (before !== null) await before.catch(() => undefined);
    const now = await version.now();
    if (shown !== null && now.settled && now.number === shown.number) return;
    reading ??= read(now).finally(() => (reading = null));
    await reading;
  };
}
