import type { mongo } from 'mongoose';
import { isDuplicateKey } from '../duplicate-key.js';
import type { Migration } from './migration.js';

type Row = Record<string, unknown> & { readonly _id: unknown };

const MOVED = [
  { from: 'consultation_slots', kind: 'slot' },
  { from: 'consultation_bookings', kind: 'booking' },
] as const;

const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

/** A seat was `<slot>:<number>`, five minutes of a person `<person>:<number>`. */
const claimsOf = ({ seat, occupied }: Row): string[] => [
  ...(typeof seat === 'string' ? [`s:${seat}`] : []),
  ...texts(occupied).map((key) => `p:${key}`),
];

/** A booking may overlap what its student teaches, which was not known before: then it stands with its seat alone. */
async function put(rows: mongo.Collection, row: Row, claims: readonly string[]): Promise<void> {
  const { _id, ...rest } = row;
  const replacement = { ...rest, ...(claims.length > 0 && { claims: [...claims] }) };
  try {
    await rows.replaceOne({ _id } as object, replacement, { upsert: true });
  } catch (error) {
    if (!isDuplicateKey(error) || claims.length === 0) throw error;
    await put(rows, row, claims.filter((claim) => claim.startsWith('s:')).slice(0, claims.length - 1));
  }
}

/** What holds time stands in one collection, so that one unique index decides (docs/adr/0010). */
export const scheduleTimes: Migration = {
  number: 4,
  name: 'schedule-times',
  async up(db) {
    const times = db.collection('schedule_times');
    const waiting = await Promise.all(MOVED.map(({ from }) => db.collection(from).findOne({})));
    if (waiting.every((row) => row === null)) return;
    await times.createIndex({ claims: 1 }, { unique: true, sparse: true }, {});
    for (const { from, kind } of MOVED) {
      const rows = db.collection(from);
      for await (const row of rows.find({})) {
        const { seat: _seat, occupied: _occupied, ...rest } = row as Row;
        const people =
          kind === 'booking' ? { personIds: [rest.personId], bookedBy: rest.personId, tellOnly: false } : {};
        await put(times, { ...rest, ...people, kind }, claimsOf(row));
        await rows.deleteOne({ _id: row._id });
      }
    }
  },
};
