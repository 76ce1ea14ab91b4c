import { DAY, HOUR } from '../../shared/clock.js';
import type { ByteStore } from './bytes/index.js';
import type { FileOwnerKind, FileRecord } from './file.js';
import type { FilesStore, FileState } from './files.store.js';

export interface SweepReport {
  /** Uploads and removals that a process did not finish. */
  readonly unfinished: number;
  /** Files that no owner refers to: it is gone, or never got to refer to them. */
  readonly unowned: number;
  /** Bytes without a row. */
  readonly strayBytes: number;
  /** Ids of stored files whose bytes are not there; they are left, for a backup may bring the bytes. */
  readonly missing: readonly string[];
}

export interface SweepDeps {
  readonly rows: FilesStore;
  readonly bytes: ByteStore;
  readonly kinds: ReadonlyMap<string, FileOwnerKind>;
  readonly remove: (ids: readonly string[]) => Promise<void>;
  readonly now: Date;
}

/** No upload takes as long, nor does an owner that is about to refer to its file. */
const GRACE_MS = HOUR;
/** Bytes without a row are left longer: a database may have been put back to an earlier state by mistake. */
const STRAY_GRACE_MS = DAY;
const BATCH = 200;

/** Deletes files that belong to nothing, in steps each of which may be repeated. */
export async function sweepFiles(deps: SweepDeps): Promise<SweepReport> {
  const { rows, bytes, now } = deps;
  await bytes.removeDrafts(before(now, STRAY_GRACE_MS));
  const unfinished =
    (await removeWhere(deps, 'removing', () => Promise.resolve(true))) +
    (await removeWhere(deps, 'writing', ({ createdAt }) =>
      Promise.resolve(createdAt < before(now, GRACE_MS)),
    ));
  const unowned = await removeUnowned(deps);
  const { present, strayBytes } = await removeStray(deps);
  const missing: string[] = [];
  for await (const batch of pagesOf(rows, 'stored')) {
    for (const { id, createdAt } of batch) {
      // A file stored after the listing began is not in it.
      if (!present.has(id) && createdAt < before(now, GRACE_MS)) missing.push(id);
    }
  }
  return { unfinished, unowned, strayBytes, missing };
}

const before = (now: Date, milliseconds: number): Date => new Date(now.getTime() - milliseconds);

async function* pagesOf(rows: FilesStore, state: FileState): AsyncGenerator<FileRecord[], void> {
  let after = '';
  for (;;) {
    const batch = await rows.listInState(state, after, BATCH);
    if (batch.length === 0) return;
    yield batch;
    after = batch.at(-1)?.id ?? '';
  }
}

async function removeWhere(
  { rows, remove }: SweepDeps,
  state: FileState,
  applies: (file: FileRecord) => Promise<boolean>,
): Promise<number> {
  let count = 0;
  for await (const batch of pagesOf(rows, state)) {
    const ids: string[] = [];
    for (const file of batch) if (await applies(file)) ids.push(file.id);
    await remove(ids);
    count += ids.length;
  }
  return count;
}

async function removeUnowned({ rows, kinds, remove, now }: SweepDeps): Promise<number> {
  let count = 0;
  for await (const batch of pagesOf(rows, 'stored')) {
    const old = batch.filter(({ createdAt }) => createdAt < before(now, GRACE_MS));
    for (const [name, kind] of kinds) {
      const files = old.filter(({ owner }) => owner.kind === name);
      if (files.length === 0) continue;
      const used = new Set(await kind.inUse(files));
      const ids = files.map(({ id }) => id).filter((id) => !used.has(id));
      await remove(ids);
      count += ids.length;
    }
  }
  return count;
}

/** A row is written before its bytes and deleted after them: bytes whose row is not there have none. */
async function removeStray({ rows, bytes, now }: SweepDeps): Promise<{
  present: ReadonlySet<string>;
  strayBytes: number;
}> {
  const present = new Set<string>();
  let strayBytes = 0;
  let batch: string[] = [];
  const look = async (): Promise<void> => {
    const known = await rows.known(batch);
    for (const id of batch.filter((stray) => !known.has(stray))) {
      await bytes.remove(id);
      strayBytes++;
    }
    batch = [];
  };
  for await (const { id, at } of bytes.list()) {
    present.add(id);
    if (at < before(now, STRAY_GRACE_MS)) batch.push(id);
    if (batch.length >= BATCH) await look();
  }
  await look();
  return { present, strayBytes };
}
