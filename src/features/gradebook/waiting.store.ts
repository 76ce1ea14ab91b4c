import type { mongo } from 'mongoose';

/** A platform that something waits for, with the moment when the first of it is due. */
export interface Waiting {
  readonly registrationId: string;
  readonly dueAt: Date;
}

/**
 * The platforms that something waits for: from one to the next along the index of the two fields, however many rows
 * each has.
 * @param model of rows that have `registrationId`, and `dueAt` where they wait
 * @param waits tells which rows wait
 */
export async function waitingIn(
  model: { readonly collection: unknown },
  waits: Readonly<Record<string, unknown>>,
): Promise<Waiting[]> {
  const rows = model.collection as mongo.Collection<Waiting>;
  const found: Waiting[] = [];
  for (let last = ''; ;) {
    const row = await rows.findOne(
      { ...waits, registrationId: { $gt: last } },
      { sort: { registrationId: 1, dueAt: 1 }, projection: { _id: 0, registrationId: 1, dueAt: 1 } },
    );
    if (row === null) return found;
    found.push(row);
    last = row.registrationId;
  }
}
