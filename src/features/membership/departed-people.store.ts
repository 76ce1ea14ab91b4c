import type { Connection, Types } from 'mongoose';
import { digest } from '../../shared/ids.js';
import { NAMELESS } from '../../shared/names.js';
import { peopleModel } from './person-row.store.js';

const goneSub = (id: Types.ObjectId | string): string => `gone:${id.toString()}`;

const erasedDigest = (registrationId: string, sub: string): string =>
  digest(JSON.stringify([registrationId, sub]));

/** People who are erased, or part of another person. */
export interface DepartedPeople {
  /**
   * There is no such person from now on, and nothing of them stands here any more.
   * @param into a later launch with this `sub` is that person; null: it is a new person
   */
  close(id: string, into: string | null, now: Date): Promise<void>;
  /** Who went since then. */
  goneSince(since: Date): Promise<ReadonlySet<string>>;
  /** Returns those of these ids of the LMS under which a person was erased. */
  erasedAmong(registrationId: string, subs: readonly string[]): Promise<ReadonlySet<string>>;
}

export function createDepartedPeople(connection: Connection): DepartedPeople {
  const model = peopleModel(connection);

  /** What remains of an erased person's id: it can be compared, and names nobody. Set once, while the id is there. */
  async function rememberErasure(id: Types.ObjectId | string): Promise<void> {
    const row = await model.findById(id).select({ registrationId: 1, sub: 1 }).lean();
    if (row === null || row.sub === goneSub(id)) return;
    await model.updateOne({ _id: id }, { $set: { erasedAs: erasedDigest(row.registrationId, row.sub) } });
  }

  return {
    async close(id: string, into: string | null, now: Date): Promise<void> {
      const nobody = { name: NAMELESS, email: '', words: [], sortKey: '' };
      if (into === null) await rememberErasure(id);
      await model.updateOne(
        { _id: id },
        {
          $set: {
            ...nobody,
            goneAt: now,
            // Unique in the registration, and nothing that an LMS would send.
            ...(into === null ? { sub: goneSub(id) } : { mergedInto: into }),
          },
          ...(into === null && { $unset: { mergedInto: 1 } }),
        },
      );
      for (const { _id } of await model.find({ mergedInto: id }).select({ _id: 1 }).lean()) {
        if (into === null) await rememberErasure(_id);
        await model.updateOne(
          { _id, mergedInto: id },
          into === null
            ? { $set: { sub: goneSub(_id) }, $unset: { mergedInto: 1 } }
            : { $set: { mergedInto: into } },
        );
      }
    },
    async goneSince(since: Date): Promise<ReadonlySet<string>> {
      const found = await model
        .find({ goneAt: { $gt: since } })
        .select({ _id: 1 })
        .lean();
      return new Set(found.map(({ _id }) => _id.toString()));
    },
    async erasedAmong(registrationId, subs) {
      const byDigest = new Map(subs.map((sub) => [erasedDigest(registrationId, sub), sub]));
      if (byDigest.size === 0) return new Set();
      const found = await model
        .find({ erasedAs: { $in: [...byDigest.keys()] } })
        .select({ erasedAs: 1 })
        .lean();
      return new Set(found.flatMap(({ erasedAs }) => byDigest.get(erasedAs ?? '') ?? []));
    },
  };
}
