import { Schema, type Connection } from 'mongoose';
import { DAY, SECOND } from '../../../shared/clock.js';
import { isDuplicateKey, modelOf } from '../../../storage/index.js';
import type { CountedReport, ReportProblem, ReportReader, ReportWish } from '../report.js';

/** A large report that a job counts: one for all who answer for the same part and ask for the same. */
export interface CountedRecord {
  /** Digest of what is asked for. */
  readonly id: string;
  readonly reader: ReportReader;
  readonly wish: ReportWish;
  readonly state: 'waiting' | 'ready' | 'failed';
  readonly problem: ReportProblem | null;
  /** Consultations and questions that are read, and of how many. */
  readonly done: number;
  readonly total: number;
  /** When it was asked for last: each time has a job of its own. */
  readonly askedAt: Date;
  readonly countedAt: Date | null;
  readonly report: CountedReport | null;
}

interface Row {
  _id: string;
  /** JSON of reader and wish; nothing is asked of them by the database. */
  asked: string;
  state: CountedRecord['state'];
  problem: ReportProblem | null;
  done: number;
  total: number;
  askedAt: Date;
  countedAt: Date | null;
  /** JSON; ''. */
  report: string;
}

const KEPT_MS = DAY;

const schema = new Schema<Row>(
  {
    _id: { type: String, required: true },
    asked: { type: String, required: true },
    state: { type: String, required: true },
    problem: { type: String, default: null },
    done: { type: Number, default: 0 },
    total: { type: Number, default: 0 },
    askedAt: { type: Date, required: true },
    countedAt: { type: Date, default: null },
    report: { type: String, default: '' },
  },
  { collection: 'counted_reports', versionKey: false },
);
schema.index({ askedAt: 1 }, { expireAfterSeconds: KEPT_MS / SECOND });

export const countedModel = (connection: Connection) => modelOf(connection, 'CountedReport', schema);

interface Asked {
  readonly reader: ReportReader;
  readonly wish: Omit<ReportWish, 'from' | 'to'> & { readonly from: string; readonly to: string };
}

function plain({ _id, asked, report, ...row }: Row): CountedRecord {
  const { reader, wish } = JSON.parse(asked) as Asked;
  return {
    ...row,
    id: _id,
    reader,
    wish: { ...wish, from: new Date(wish.from), to: new Date(wish.to) },
    report: report === '' ? null : (JSON.parse(report) as CountedReport),
  };
}

/** A record as it was when it was asked for. */
export type AskedFor = Pick<CountedRecord, 'id' | 'askedAt'>;

export interface CountedStore {
  findOptional(id: string): Promise<CountedRecord | null>;
  /** Returns the new record; the one that is there if it was asked for meanwhile. */
  insert(
    asked: Pick<CountedRecord, 'id' | 'reader' | 'wish' | 'total' | 'askedAt'>,
  ): Promise<CountedRecord | null>;
  /** Has one that is not waiting counted once more. */
  restart(before: AskedFor, total: number, askedAt: Date): Promise<void>;
  setProgress(asked: AskedFor, done: number): Promise<void>;
  finish(asked: AskedFor, report: CountedReport, countedAt: Date): Promise<void>;
  fail(asked: AskedFor, problem: ReportProblem): Promise<void>;
  removeAll(): Promise<void>;
}

export function createCountedStore(connection: Connection): CountedStore {
  const model = countedModel(connection);
  const findOptional = async (id: string): Promise<CountedRecord | null> => {
    const row = await model.findById(id).lean<Row>();
    return row && plain(row);
  };
  const change = async ({ id, askedAt }: AskedFor, set: Partial<Row>): Promise<void> => {
    await model.updateOne({ _id: id, askedAt, state: 'waiting' }, { $set: set });
  };
  return {
    findOptional,
    async insert({ id, reader, wish, total, askedAt }) {
      try {
        const asked = JSON.stringify({ reader, wish });
        await model.create({ _id: id, asked, state: 'waiting', total, askedAt });
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
      }
      return findOptional(id);
    },
    async restart({ id, askedAt: before }, total, askedAt) {
      await model.updateOne(
        { _id: id, askedAt: before, state: { $ne: 'waiting' } },
        { $set: { state: 'waiting', problem: null, done: 0, total, askedAt } },
      );
    },
    setProgress: (asked, done) => change(asked, { done }),
    finish: (asked, report, countedAt) =>
      change(asked, { state: 'ready', report: JSON.stringify(report), countedAt }),
    fail: (asked, problem) => change(asked, { state: 'failed', problem }),
    async removeAll() {
      await model.deleteMany({});
    },
  };
}
