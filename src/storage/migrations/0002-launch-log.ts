import type { Migration } from './migration.js';

/** What is only shown of a logged launch has gone into one text. */
const DETAILS = ['received', 'loginIn', 'messageType', 'deployment', 'services', 'claims', 'milliseconds'];

export const launchLog: Migration = {
  number: 2,
  name: 'launch-log',
  async up(db) {
    const rows = db.collection('launch_log');
    for await (const { _id, ...row } of rows.find({ details: { $exists: false } })) {
      const details = Object.fromEntries(DETAILS.map((name) => [name, row[name] as unknown]));
      await rows.updateOne(
        { _id },
        {
          $set: { details: JSON.stringify(details) },
          $unset: Object.fromEntries(DETAILS.map((name) => [name, ''])),
        },
      );
    }
  },
};
