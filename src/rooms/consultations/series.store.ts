import { Schema, type Connection, type Types } from 'mongoose';
import { unlessTaken } from './duplicate.store.js';
import type { Pattern, Span } from './spans.js';
import type { ConsultationType, Terms } from './terms.js';

/** A slot that is to be made; the id is given beforehand, so that making it twice makes it once. */
export interface PlannedSlot extends Span {
  readonly id: string;
}

/** Slots still to be made. */
export interface Plan {
  readonly key: string;
  readonly slots: readonly PlannedSlot[];
}

export interface NewSeries extends Terms {
  readonly courseId: string;
  readonly type: ConsultationType;
  /** Person id. */
  readonly teacherId: string;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly pattern: Pattern;
}

export interface Series extends NewSeries {
  readonly id: string;
  readonly state: 'active' | 'ended';
  readonly endedAt: Date | null;
  readonly endedBy: string;
  /** Spans that were asked for and not made, because the teacher's time was taken. */
  readonly leftOut: readonly Span[];
  /** Null when no slot is left to be made. */
  readonly plan: Plan | null;
  /** When to look whether work on this series was left unfinished; null when none can be. */
  readonly settleAt: Date | null;
}

interface Row extends NewSeries {
  /** Which form it was made by: the same form sent twice makes one series. */
  draft: string;
  state: 'active' | 'ended';
  endedAt: Date | null;
  endedBy: string;
  leftOut: Span[];
  plan: Plan | null;
  settleAt?: Date;
}

const span = { startsAt: { type: Date, required: true }, endsAt: { type: Date, required: true } };

const schema = new Schema<Row>(
  {
    courseId: { type: String, required: true },
    type: { type: String, required: true },
    teacherId: { type: String, required: true },
    createdBy: { type: String, required: true },
    createdAt: { type: Date, required: true },
    draft: { type: String, required: true },
    pattern: {
      zone: { type: String, required: true },
      from: { type: String, required: true },
      to: { type: String, required: true },
      weekdays: { type: [Number], required: true },
      start: { type: String, required: true },
      end: { type: String, required: true },
      length: { type: Number, required: true },
      gap: { type: Number, required: true },
    },
    title: { type: String, required: true },
    place: { type: String, default: '' },
    link: { type: String, default: '' },
    description: { type: String, default: '' },
    capacity: { type: Number, required: true },
    question: { type: String, required: true },
    closesHours: { type: Number, required: true },
    cancelHours: { type: Number, required: true },
    names: { type: String, required: true },
    state: { type: String, required: true },
    endedAt: { type: Date, default: null },
    endedBy: { type: String, default: '' },
    leftOut: { type: [new Schema(span, { _id: false })], default: [] },
    plan: {
      type: new Schema(
        {
          key: { type: String, required: true },
          slots: [new Schema({ id: { type: String, required: true }, ...span }, { _id: false, id: false })],
        },
        { _id: false },
      ),
      default: null,
    },
    settleAt: { type: Date },
  },
  { collection: 'consultation_series', versionKey: false },
);
schema.index({ courseId: 1, createdBy: 1, draft: 1 }, { unique: true });
schema.index({ courseId: 1, state: 1, createdAt: -1 });
schema.index({ settleAt: 1 }, { sparse: true });

type Found = Row & { _id: Types.ObjectId };

const plainSpan = ({ startsAt, endsAt }: Span): Span => ({ startsAt, endsAt });

function plain(row: Found): Series {
  const { _id, draft: _draft, pattern, leftOut, plan, settleAt, ...rest } = row;
  return {
    ...rest,
    id: _id.toString(),
    pattern: { ...pattern, weekdays: [...pattern.weekdays] },
    leftOut: leftOut.map(plainSpan),
    plan: plan && {
      key: plan.key,
      slots: plan.slots.map((slot) => ({ ...plainSpan(slot), id: slot.id })),
    },
    settleAt: settleAt ?? null,
  };
}

export function createSeriesStore(connection: Connection) {
  const model = connection.model('ConsultationSeries', schema);
  const one = (row: Found | null): Series | null => row && plain(row);

  return {
    /**
     * Keeps a new series together with the plan of its slots, in one write.
     * @returns the series, and whether it is new: the same form may be sent twice
     */
    async create(
      series: NewSeries,
      draft: string,
      plan: Plan,
      settleAt: Date,
    ): Promise<{ series: Series; made: boolean }> {
      const row: Row = {
        ...series,
        draft,
        state: 'active',
        endedAt: null,
        endedBy: '',
        leftOut: [],
        plan,
        settleAt,
      };
      const result = await unlessTaken(() => model.create(row), ['draft']);
      const { courseId, createdBy } = series;
      const found = await model.findOne({ courseId, createdBy, draft }).lean<Found>().orFail();
      return { series: plain(found), made: 'value' in result };
    },

    async findOptionalByDraft(courseId: string, createdBy: string, draft: string): Promise<Series | null> {
      return one(await model.findOne({ courseId, createdBy, draft }).lean<Found>());
    },

    async findOptional(courseId: string, id: string): Promise<Series | null> {
      return one(await model.findOne({ _id: id, courseId }).lean<Found>());
    },

    /** In no particular order, of whatever course. */
    async findMany(ids: readonly string[]): Promise<Series[]> {
      return (await model.find({ _id: { $in: ids } }).lean<Found[]>()).map(plain);
    },

    /** Newest first. */
    async ofCourse(courseId: string, state: Series['state']): Promise<Series[]> {
      const rows = await model.find({ courseId, state }).sort({ createdAt: -1 }).lean<Found[]>();
      return rows.map(plain);
    },

    /** @returns null when there is no such series, or it has more seats already */
    async edit(courseId: string, id: string, terms: Terms): Promise<Series | null> {
      return one(
        await model
          .findOneAndUpdate(
            { _id: id, courseId, capacity: { $lte: terms.capacity } },
            { $set: terms },
            { returnDocument: 'after' },
          )
          .lean<Found>(),
      );
    },

    /** Adds a plan of more slots. @returns null when the series has ended, or has a plan under way */
    async extend(courseId: string, id: string, plan: Plan, settleAt: Date): Promise<Series | null> {
      return one(
        await model
          .findOneAndUpdate(
            { _id: id, courseId, state: 'active', plan: null },
            { $set: { plan, settleAt } },
            { returnDocument: 'after' },
          )
          .lean<Found>(),
      );
    },

    /** The plan is carried out, but for `leftOut`. */
    async carriedOut(id: string, key: string, leftOut: readonly Span[]): Promise<void> {
      await model.updateOne(
        { _id: id, 'plan.key': key },
        { $set: { plan: null }, $push: { leftOut: { $each: leftOut } } },
      );
    },

    async end(
      courseId: string,
      id: string,
      endedBy: string,
      endedAt: Date,
      settleAt: Date,
    ): Promise<Series | null> {
      return one(
        await model
          .findOneAndUpdate(
            { _id: id, courseId, state: 'active' },
            { $set: { state: 'ended', endedBy, endedAt, settleAt } },
            { returnDocument: 'after' },
          )
          .lean<Found>(),
      );
    },

    /** Series on which work may have been left unfinished. */
    async toSettle(now: Date): Promise<Series[]> {
      return (await model.find({ settleAt: { $lte: now } }).lean<Found[]>()).map(plain);
    },

    /** Nothing is left to do, unless more came up since `settleAt` was read. */
    async settled(id: string, settleAt: Date): Promise<void> {
      await model.updateOne({ _id: id, settleAt }, { $unset: { settleAt: 1 } });
    },
  };
}

export type SeriesStore = ReturnType<typeof createSeriesStore>;
