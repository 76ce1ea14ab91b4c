import { decodeExact } from './bson.js';
import type { CollectionInfo, IndexInfo } from './catalog.js';
import type { Engine } from './engine.js';
import { entriesOf } from './index-keys.js';
import { encodeValue } from './key.js';
import { turn } from './retry.js';

export interface VerifyReport {
  readonly ok: boolean;
  readonly collections: number;
  readonly documents: number;
  readonly entries: number;
  /** One line each; the first {@link MAX_PROBLEMS}. */
  readonly problems: readonly string[];
}

const MAX_PROBLEMS = 100;
const PAGE = 200;

/**
 * Checks that SQLite finds the file sound, and that every index has exactly the entries its documents call for.
 * Reads everything, page by page; the event loop turns in between. Writes made meanwhile may show up as
 * problems, so it is for quiet times.
 */
export async function verifyEngine(engine: Engine): Promise<VerifyReport> {
  const problems: string[] = [];
  const note = (problem: string): void => {
    if (problems.length < MAX_PROBLEMS) problems.push(problem);
  };
  await engine.read(() => {
    engine.catalog.refresh();
    for (const [line] of engine.db.statement('PRAGMA integrity_check(20)').all([])) {
      if (line !== 'ok') note(`SQLite: ${String(line)}`);
    }
  });
  let documents = 0;
  let entries = 0;
  for (const info of engine.catalog.collections.values()) {
    const checked = await verifyCollection(engine, info, note);
    documents += checked.documents;
    entries += checked.entries;
  }
  return {
    ok: problems.length === 0,
    collections: engine.catalog.collections.size,
    documents,
    entries,
    problems,
  };
}

async function verifyCollection(
  engine: Engine,
  info: CollectionInfo,
  note: (problem: string) => void,
): Promise<{ documents: number; entries: number }> {
  const expected = new Map<IndexInfo, number>(info.indexes.map((index) => [index, 0]));
  let documents = 0;
  for (let last = -1; ;) {
    await turn();
    const after = last;
    const rows = await engine.read(() =>
      engine.db
        .statement(`SELECT seq, id, doc FROM ${info.table} WHERE seq > ? ORDER BY seq LIMIT ${PAGE}`)
        .all([after]),
    );
    if (rows.length === 0) break;
    for (const [seq, id, bytes] of rows as [number, Buffer, Buffer][]) {
      documents++;
      last = seq;
      verifyDocument(engine, info, seq, id, bytes, expected, note);
    }
  }
  let entries = 0;
  for (const [index, count] of expected) {
    const found = Number(engine.db.value(`SELECT count(*) FROM ${index.table}`));
    entries += found;
    // All expected entries were looked for one by one: more of them means strays.
    if (found > count)
      note(`${info.name}.${index.spec.name}: ${found - count} entries belong to no document`);
  }
  return { documents, entries };
}

function verifyDocument(
  engine: Engine,
  info: CollectionInfo,
  seq: number,
  id: Buffer,
  bytes: Buffer,
  expected: Map<IndexInfo, number>,
  note: (problem: string) => void,
): void {
  try {
    const doc = decodeExact(bytes);
    if (!encodeValue(doc._id).equals(id)) note(`${info.name} #${seq}: stored under another _id`);
    for (const index of info.indexes) {
      const { keys, multikey } = entriesOf(index, doc);
      expected.set(index, (expected.get(index) ?? 0) + keys.length);
      if ((multikey & ~index.multikey) !== 0)
        note(`${info.name}.${index.spec.name} #${seq}: an array is not noted`);
      for (const key of keys) {
        const row = engine.db
          .statement(`SELECT 1 FROM ${index.table} WHERE key = ? AND seq = ?`)
          .get([key, seq]);
        if (!row) note(`${info.name}.${index.spec.name} #${seq}: an entry is missing`);
      }
    }
  } catch (error) {
    note(`${info.name} #${seq}: unreadable, ${(error as Error).message}`);
  }
}
