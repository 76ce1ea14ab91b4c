import type { Migration } from './migration.js';

/** Kinds of the files' owners, by the collections that are gone. */
const GONE = { result_exports: 'result-export', question_exports: 'question-export' };

/**
 * Files of results and of questions that were asked for stand in one collection with all others. They last a week:
 * what was asked for before is asked for again. The sweep of files finds no owner of the bytes, and deletes them.
 */
export const exportsTogether: Migration = {
  number: 6,
  name: 'one-collection-of-exports',
  async up(db) {
    for (const [collection, kind] of Object.entries(GONE)) {
      await db.collection(collection).deleteMany({});
      await db.collection('files').updateMany({ 'owner.kind': kind }, { $set: { 'owner.kind': 'export' } });
    }
  },
};
