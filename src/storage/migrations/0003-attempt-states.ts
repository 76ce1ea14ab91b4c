import type { Migration } from './migration.js';

interface OldMark {
  readonly fraction: number;
  readonly score: number;
}

/** Attempts know more states than open and finished, and marks say who gave them, when and why. */
export const attemptStates: Migration = {
  number: 3,
  name: 'attempt-states',
  async up(db) {
    const attempts = db.collection('test_attempts');
    for await (const row of attempts.find({ state: { $in: ['open', 'finished'] } })) {
      const open = row.state === 'open';
      const marks = ((row.marks ?? []) as OldMark[]).map(({ fraction, score }) => ({
        fraction,
        score,
        by: 'auto',
        at: row.finishedAt as unknown,
        why: '',
        version: 1,
      }));
      await attempts.updateOne(
        { _id: row._id },
        { $set: { state: open ? 'inProgress' : 'marked', open, marks, markVersion: 0 } },
      );
    }
  },
};
