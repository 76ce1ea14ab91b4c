import type { Connection } from 'mongoose';
import type { ContentRef } from '../../shared/content.js';
import type { Queue } from '../../shared/queue.js';
import {
  gradesModel,
  plain,
  type Found,
  type GradeEvent,
  type GradeProblem,
  type GradeRow,
} from './score-row.store.js';

/** What pages show of the scores on their way to gradebooks. */
export interface ScoreReadsStore {
  ofCourse(courseId: string): Promise<GradeRow[]>;
  ofPerson(courseId: string, personId: string): Promise<GradeRow[]>;
  /** How the outbox stands as a whole. */
  health(): Promise<Queue>;
  /** A row of this course, whatever else there is. */
  findOptional(courseId: string, id: string): Promise<GradeRow | null>;
  /** A row of whatever course; null if it is gone. */
  findAny(id: string): Promise<GradeRow | null>;
  /** One of the scores of a content that are given up; null if there is none. */
  findFailed(courseId: string, content: ContentRef): Promise<GradeRow | null>;
  /** What happened to a row, oldest first. */
  historyOf(id: string): Promise<GradeEvent[]>;
}

export function createScoreReadsStore(connection: Connection): ScoreReadsStore {
  const model = gradesModel(connection);
  return {
    async ofCourse(courseId: string): Promise<GradeRow[]> {
      const rows = await model.find({ courseId }).sort({ title: 1, submittedAt: -1 }).lean<Found[]>();
      return rows.map(plain);
    },

    async ofPerson(courseId: string, personId: string): Promise<GradeRow[]> {
      const rows = await model.find({ courseId, personId }).sort({ submittedAt: -1 }).lean<Found[]>();
      return rows.map(plain);
    },

    async health(): Promise<Queue> {
      const [waiting, failed, oldest] = await Promise.all([
        model.countDocuments({ state: 'pending' }),
        model.countDocuments({ state: 'failed' }),
        model.findOne({ state: 'pending' }).sort({ queuedAt: 1 }).select({ queuedAt: 1 }).lean(),
      ]);
      return { waiting, failed, oldest: oldest?.queuedAt ?? null };
    },

    async findOptional(courseId: string, id: string): Promise<GradeRow | null> {
      const row = await model.findOne({ _id: id, courseId }).lean<Found>();
      return row && plain(row);
    },

    async findAny(id) {
      const row = await model.findById(id).lean<Found>();
      return row && plain(row);
    },

    async findFailed(courseId, { kind, id }) {
      const row = await model
        .findOne({ courseId, state: 'failed', 'content.kind': kind, 'content.id': id })
        .lean<Found>();
      return row && plain(row);
    },

    async historyOf(id: string): Promise<GradeEvent[]> {
      const row = await model.findById(id).select({ history: 1 }).lean<Found>();
      return (row?.history ?? []).map(({ at, what, problem, reason }) => ({
        at,
        what,
        // Older entries have none.
        problem: (problem as GradeProblem | undefined) ?? '',
        reason,
      }));
    },
  };
}
