import type { Connection } from 'mongoose';
import { emitting, type Event } from '../../infra/events/index.js';
import { isDuplicateKey } from '../../storage/index.js';
import { refusedClaim } from '../schedule/index.js';
import { createClassesByTime, type ClassesByTime } from './classes-by-time.store.js';
import { classesModel, classOf, type ClassRow } from './classes.model.js';
import { claimsOf, teacherNow, type TimetableClass } from './timetable-class.js';

export type NewClass = Omit<
  TimetableClass,
  'id' | 'state' | 'reason' | 'substitution' | 'movedFrom' | 'files' | 'attendance' | 'version'
> & { readonly source: string };

export type ClassChange = Partial<
  Pick<
    TimetableClass,
    | 'state'
    | 'reason'
    | 'substitution'
    | 'topic'
    | 'homework'
    | 'files'
    | 'attendance'
    | 'title'
    | 'place'
    | 'link'
    | 'startsAt'
    | 'endsAt'
    | 'movedFrom'
  >
>;

export interface TimetableStore extends ClassesByTime {
  /** Returns `taken` when the time of its teacher or room is taken; the class of then when it was made before. */
  insert(made: NewClass): Promise<TimetableClass | 'taken'>;
  findOptional(courseId: string, id: string): Promise<TimetableClass | null>;
  findByIds(ids: readonly string[]): Promise<TimetableClass[]>;
  /** Writes over exactly this version. Returns null when there is another, `taken` when the time is taken. */
  change(
    before: TimetableClass,
    change: ClassChange,
    event: Event | null,
  ): Promise<TimetableClass | 'taken' | null>;
  /** Removes what an import has made and nobody has worked on since. Returns how many. */
  removeImported(importId: string): Promise<number>;
}

/** @param idsOf all ids under which a person is known */
export function createTimetableStore(
  connection: Connection,
  idsOf: (personId: string) => Promise<readonly string[]>,
): TimetableStore {
  const model = classesModel(connection);
  const optional = (row: ClassRow | null): TimetableClass | null => row && classOf(row);
  const isTaken = (error: unknown): boolean => refusedClaim(error) !== null;
  const claimed = async (made: Pick<TimetableClass, 'startsAt' | 'endsAt' | 'place'>, teacherId: string) =>
    claimsOf(made, teacherId === '' ? [] : await idsOf(teacherId));

  return {
    ...createClassesByTime(connection),

    async insert(made) {
      const claims = await claimed(made, made.teacher.id);
      const row = {
        ...made,
        ...{
          state: 'planned' as const,
          reason: '',
          substitution: null,
          movedFrom: null,
          files: [],
          attendance: [],
          version: 1,
        },
        ...(claims.length > 0 && { claims }),
      };
      try {
        return classOf((await model.create(row)).toObject());
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        // Made before, its own time stands in the way as well.
        const before = await model.findOne({ source: made.source }).lean<ClassRow>();
        if (before !== null) return classOf(before);
        if (!isTaken(error)) throw error;
        return 'taken';
      }
    },
    findOptional: async (courseId, id) =>
      optional(await model.findOne({ _id: id, courseId }).lean<ClassRow>()),
    findByIds: async (ids) => (await model.find({ _id: { $in: ids } }).lean<ClassRow[]>()).map(classOf),
    async change(before, change, event) {
      const after = { ...before, ...change };
      const claims = after.state === 'cancelled' ? [] : await claimed(after, teacherNow(after).id);
      try {
        const update = {
          $set: { ...change, ...(claims.length > 0 && { claims }) },
          ...(claims.length === 0 && { $unset: { claims: 1 as const } }),
          $inc: { version: 1 },
        };
        const row = await model
          .findOneAndUpdate(
            { _id: before.id, version: before.version },
            event === null ? update : emitting(update, event),
            { returnDocument: 'after' },
          )
          .lean<ClassRow>();
        return optional(row);
      } catch (error) {
        if (!isTaken(error)) throw error;
        return 'taken';
      }
    },
    async removeImported(importId) {
      const { deletedCount } = await model.deleteMany({
        source: { $gte: `${importId}:`, $lt: `${importId};` },
        version: 1,
      });
      return deletedCount;
    },
  };
}
