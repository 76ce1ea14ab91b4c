import { EmbeddedStorage } from './embedded/open.js';
import type { VerifyReport } from './embedded/verify.js';
import type { Storage } from './index.js';

export type { VerifyReport };

/**
 * Checks a database. Embedded: SQLite's own integrity check, and every index against its documents; MongoDB: its
 * `validate` command on every collection. Reads everything, so it takes as long as the data is large.
 */
export async function verifyStorage(storage: Storage): Promise<VerifyReport> {
  if (storage instanceof EmbeddedStorage) return storage.verify();
  const { db } = storage.connection;
  const problems: string[] = [];
  let [documents, entries, collections] = [0, 0, 0];
  for (const { name, type } of (await db?.listCollections().toArray()) ?? []) {
    if (type !== 'collection' || name.startsWith('system.')) continue;
    const report = await db?.command({ validate: name, full: true });
    collections++;
    documents += Number(report?.nrecords ?? 0);
    for (const count of Object.values((report?.keysPerIndex ?? {}) as Record<string, unknown>))
      entries += Number(count);
    for (const problem of (report?.errors ?? []) as unknown[]) problems.push(`${name}: ${String(problem)}`);
    if (report?.valid === false && problems.length === 0) problems.push(`${name}: is not valid`);
  }
  return { ok: problems.length === 0, collections, documents, entries, problems };
}
