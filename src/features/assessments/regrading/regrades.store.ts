import { Schema, type Connection, type Types } from 'mongoose';
import { withMark, type AnyModel } from '../../../infra/events/index.js';
import { isDuplicateKey, modelOf } from '../../../storage/index.js';

/**
 * `planning`: a job works out what would change; nothing is written yet. `planned`: a teacher may look and decide.
 * `changing`: a job changes the marks. `done`, `failed`.
 */
export type RegradeState = 'planning' | 'planned' | 'changing' | 'done' | 'failed';

/** What becomes of one attempt. */
export interface PlannedChange {
  readonly attemptId: string;
  /** Total before and after, and what could be reached. */
  readonly from: number;
  readonly to: number;
  readonly maximumBefore: number;
  readonly maximum: number;
  /** Whether the pass mark is reached now; null where that does not change. */
  readonly passes: boolean | null;
  /** Shares of the points of the questions that change, 0 to 1; null waits for a mark. */
  readonly questions: readonly {
    readonly key: string;
    readonly from: number | null;
    readonly to: number | null;
  }[];
}

/** The last regrade of a test: there is one record for each. */
export interface Regrade {
  readonly id: string;
  readonly courseId: string;
  readonly testId: string;
  readonly state: RegradeState;
  /** Rises each time that one is asked for: what was worked out for an earlier one is not written. */
  readonly round: number;
  /** Who asked for what is done now, and when; '' of an erased person. */
  readonly askedBy: string;
  readonly askedAt: Date;
  /** Is kept with every mark that changes. */
  readonly why: string;
  /** Attempts looked at, of how many. */
  readonly done: number;
  readonly total: number;
  /** Attempts that are not finished: a regrade does not see them. */
  readonly underWay: number;
  /** How many attempts change. */
  readonly changed: number;
  /** The first of them. */
  readonly changes: readonly PlannedChange[];
  /** Of the questions and rules that the plan was made by. */
  readonly basis: string;
}

interface Row extends Omit<Regrade, 'id'> {
  /** Since when a job is to be made. Absent when none is. */
  dueAt?: Date;
}
type Found = Row & { _id: Types.ObjectId };

export const DUE_MARK = 'dueAt';

const schema = new Schema<Row>(
  {
    courseId: { type: String, required: true },
    testId: { type: String, required: true },
    state: { type: String, required: true },
    round: { type: Number, required: true },
    askedBy: { type: String, default: '' },
    askedAt: { type: Date, required: true },
    why: { type: String, default: '' },
    done: { type: Number, default: 0 },
    total: { type: Number, default: 0 },
    underWay: { type: Number, default: 0 },
    changed: { type: Number, default: 0 },
    changes: { type: [Schema.Types.Mixed], default: [] } as never,
    basis: { type: String, default: '' },
  },
  { collection: 'test_regrades', versionKey: false, minimize: false },
);
schema.index({ courseId: 1, testId: 1 }, { unique: true });
schema.index({ askedBy: 1 });
schema.plugin(withMark(DUE_MARK));

export const regradeModel = (connection: Connection) => modelOf(connection, 'TestRegrade', schema);

const plain = ({ _id, dueAt: _due, ...row }: Found): Regrade => ({ ...row, id: _id.toString() });

/** Of one round of a regrade. */
export type RegradeRound = Pick<Regrade, 'id' | 'round'>;

export interface RegradesStore {
  /** For the sweeper of marks. */
  readonly model: AnyModel;
  findOptional(courseId: string, testId: string): Promise<Regrade | null>;
  /** For jobs, which have no actor. */
  unsafe_findOptional(id: string): Promise<Regrade | null>;
  /** Has a job work out what would change. Does nothing while marks are being changed. */
  askPlan(asked: Pick<Regrade, 'courseId' | 'testId' | 'askedBy' | 'askedAt' | 'why'>): Promise<void>;
  /** Has a job change the marks. @returns false if this round is not planned, or another has begun */
  askChange(
    regrade: RegradeRound,
    asked: Pick<Regrade, 'askedBy' | 'askedAt' | 'why' | 'total'>,
  ): Promise<boolean>;
  setProgress(round: RegradeRound, progress: Partial<Pick<Regrade, 'done' | 'total'>>): Promise<void>;
  /** Ends a step of this round. */
  end(
    round: RegradeRound,
    result: Pick<Regrade, 'state'> &
      Partial<Pick<Regrade, 'done' | 'changed' | 'changes' | 'underWay' | 'basis'>>,
  ): Promise<void>;
}

export function createRegradesStore(connection: Connection): RegradesStore {
  const model = regradeModel(connection);
  return {
    model,

    async findOptional(courseId, testId) {
      const row = await model.findOne({ courseId, testId }).lean<Found>();
      return row && plain(row);
    },

    async unsafe_findOptional(id) {
      const row = await model.findById(id).lean<Found>();
      return row && plain(row);
    },

    async askPlan({ courseId, testId, ...asked }) {
      const nothing = { done: 0, total: 0, underWay: 0, changed: 0, changes: [], basis: '' };
      try {
        await model.updateOne(
          { courseId, testId, state: { $ne: 'changing' } },
          {
            $set: { ...nothing, ...asked, state: 'planning', [DUE_MARK]: asked.askedAt },
            $inc: { round: 1 },
          },
          { upsert: true },
        );
      } catch (error) {
        // Marks are being changed, or another person has asked at the same moment.
        if (!isDuplicateKey(error)) throw error;
      }
    },

    async askChange({ id, round }, asked) {
      const { matchedCount } = await model.updateOne(
        { _id: id, round, state: 'planned' },
        {
          $set: { ...asked, state: 'changing', done: 0, [DUE_MARK]: asked.askedAt },
          $inc: { round: 1 },
        },
      );
      return matchedCount > 0;
    },

    async setProgress({ id, round }, progress) {
      await model.updateOne({ _id: id, round }, { $set: progress });
    },

    async end({ id, round }, result) {
      await model.updateOne({ _id: id, round }, { $set: result });
    },
  };
}
