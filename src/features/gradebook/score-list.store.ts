import type { Connection } from 'mongoose';
import type { Clock } from '../../shared/clock.js';
import { notFound } from '../../shared/errors.js';
import {
  anew,
  gradesModel,
  note,
  plain,
  type Found,
  type GradeEvent,
  type GradeRow,
  type GradeState,
} from './score-row.store.js';

/** Which rows are meant; what is not given does not matter. */
export interface GradeFilter {
  readonly state?: GradeState | undefined;
  readonly registrationId?: string | undefined;
  readonly courseId?: string | undefined;
  readonly personIds?: readonly string[] | undefined;
}

/** A place in the list, between rows. */
export interface GradePlace {
  readonly queuedAt: Date;
  readonly id: string;
}

/** The outbox as the administrator sees it. */
export interface ScoreList {
  /**
   * Newest first.
   * @param after where the page before ended
   * @returns the page, and where it ended if there is more
   */
  list(filter: GradeFilter, after: GradePlace | null): Promise<{ rows: GradeRow[]; next: GradePlace | null }>;
  /** @param before only those put in, or sent once more, before this moment */
  count(filter: GradeFilter, before?: Date): Promise<number>;
  /** The row, and what happened to it, oldest first. @throws DomainError `not-found` */
  find(id: string): Promise<{ row: GradeRow; history: GradeEvent[] }>;
  /** Sends one row once more. @throws DomainError `not-found` */
  again(id: string): Promise<void>;
  /**
   * Sends rows once more that were put in, or sent once more, before a moment: up to 500 at a time, so that a
   * call with the same moment goes on where the last one stopped.
   * @returns how many; 0 when none is left
   */
  againBefore(filter: GradeFilter, before: Date): Promise<number>;
  /** Platforms that this process leaves alone for a while, for they take no grades. */
  heldBack(): readonly { readonly registrationId: string; readonly until: Date }[];
}

const PAGE = 50;
const CHUNK = 500;

const matching = ({ state, registrationId, courseId, personIds }: GradeFilter) => ({
  ...(state !== undefined && { state }),
  ...(registrationId !== undefined && { registrationId }),
  ...(courseId !== undefined && { courseId }),
  ...(personIds !== undefined && { personId: { $in: [...personIds] } }),
});

export function createScoreList(
  connection: Connection,
  clock: Clock,
  heldBack: ScoreList['heldBack'],
): ScoreList {
  const model = gradesModel(connection);
  return {
    async list(filter, after) {
      const rows = await model
        .find({
          ...matching(filter),
          ...(after && {
            queuedAt: { $lte: after.queuedAt },
            $or: [{ queuedAt: { $lt: after.queuedAt } }, { _id: { $lt: after.id } }],
          }),
        })
        .sort({ queuedAt: -1, _id: -1 })
        .limit(PAGE + 1)
        .select({ history: 0 })
        .lean<Found[]>();
      const page = rows.slice(0, PAGE).map(plain);
      const last = page.at(-1);
      return {
        rows: page,
        next: rows.length > PAGE && last ? { queuedAt: last.queuedAt, id: last.id } : null,
      };
    },

    count: (filter, before) =>
      model.countDocuments({ ...matching(filter), ...(before && { queuedAt: { $lt: before } }) }),

    async find(id) {
      const row = await model.findById(id).lean<Found>();
      if (row === null) throw notFound();
      return { row: plain(row), history: row.history };
    },

    async again(id) {
      const now = clock.now();
      const result = await model.updateOne(
        { _id: id },
        { $set: anew(now), $inc: { version: 1 }, ...note(now, 'again') },
      );
      if (result.matchedCount === 0) throw notFound();
    },

    async againBefore(filter, before) {
      const now = clock.now();
      const meant = { ...matching(filter), queuedAt: { $lt: before } };
      const found = await model.find(meant).limit(CHUNK).select({ _id: 1 }).lean();
      if (found.length === 0) return 0;
      const ids = found.map(({ _id }) => _id);
      // Whatever has become of them meanwhile: sending the newest value once more does no harm.
      await model.updateMany(
        { _id: { $in: ids } },
        { $set: anew(now), $inc: { version: 1 }, ...note(now, 'again') },
      );
      return ids.length;
    },

    heldBack,
  };
}
