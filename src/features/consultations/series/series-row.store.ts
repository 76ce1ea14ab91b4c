import { Schema, type Connection, type Types } from 'mongoose';
import { withMark } from '../../../infra/events/index.js';
import { modelOf } from '../../../storage/index.js';
import type { Band, Pattern, Span } from '../slots/intervals.js';
import type { ConsultationForm, ConsultationType } from './series-settings.js';
import { seriesFields, type Terms } from './series.fields.js';

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
  /** The type's own title; '' where its name is a text of the program's. */
  readonly typeTitle: string;
  /** Individual: one seat, and no choice. */
  readonly form: ConsultationForm;
  /** The place is the name of the room, and follows it. */
  readonly placeOfRoom: boolean;
  /** The attestation of the course that the series prepares for; '' for none. */
  readonly attestationId: string;
  /** Its date, `YYYY-MM-DD`, or ''. */
  readonly attestationOn: string;
  /** Person id. */
  readonly teacherId: string;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly pattern: Pattern;
}

/** Where a series was copied from, when the LMS copied its course. */
export interface CopiedFrom {
  readonly seriesId: string;
  readonly courseTitle: string;
  readonly at: Date;
}

/** `draft`: a copied series that a teacher has to schedule; its pattern has no days and no times yet. */
export type SeriesState = 'draft' | 'active' | 'ended';

export interface Series extends NewSeries {
  readonly id: string;
  readonly state: SeriesState;
  readonly endedAt: Date | null;
  readonly endedBy: string;
  /** Spans that were asked for and not made, because the teacher's time was taken. */
  readonly leftOut: readonly Span[];
  /** Since when the rules of grading are in force; null if they were never changed. */
  readonly gradedSince: Date | null;
  /** Rises with every change of the settings. */
  readonly revision: number;
  /** Null when no slot is left to be made. */
  readonly plan: Plan | null;
  readonly copiedFrom?: CopiedFrom;
  /** When its place or the address of its calls was last changed; absent: never. */
  readonly placeChanged?: PlaceChange;
}

export interface PlaceChange {
  readonly at: Date;
  /** Also where a slot has a place of its own. */
  readonly everywhere: boolean;
}

export interface SeriesRow extends NewSeries {
  /** Which form it was made by: the same form sent twice makes one series. */
  draft: string;
  state: SeriesState;
  endedAt: Date | null;
  endedBy: string;
  leftOut: Span[];
  plan: Plan | null;
  settleAt?: Date;
  gradedSince?: Date | null;
  revision?: number;
  /** Set when title or grading change, until the job is enqueued that tells the gradebook. */
  gradesAt?: Date;
  copiedFrom?: CopiedFrom;
  placeChanged?: PlaceChange;
}

const span = { startsAt: { type: Date, required: true }, endsAt: { type: Date, required: true } };

export const SERIES_MARK = 'settleAt';
export const SERIES_GRADES_MARK = 'gradesAt';

const seriesSchema = new Schema<SeriesRow>(
  {
    courseId: { type: String, required: true },
    type: { type: String, required: true },
    typeTitle: { type: String, default: '' },
    form: { type: String, default: 'group' },
    placeOfRoom: { type: Boolean, default: false },
    attestationId: { type: String, default: '' },
    attestationOn: { type: String, default: '' },
    teacherId: { type: String, required: true },
    createdBy: { type: String, required: true },
    createdAt: { type: Date, required: true },
    draft: { type: String, required: true },
    pattern: {
      zone: { type: String, required: true },
      from: { type: String, default: '' },
      to: { type: String, default: '' },
      weekdays: { type: [Number], required: true },
      start: { type: String, default: '' },
      end: { type: String, default: '' },
      bands: [new Schema<Band>({ start: String, end: String }, { _id: false })],
      except: { type: [String], default: [] },
      length: { type: Number, required: true },
      gap: { type: Number, required: true },
    },
    ...seriesFields.columns,
    state: { type: String, required: true },
    endedAt: { type: Date, default: null },
    endedBy: { type: String, default: '' },
    gradedSince: { type: Date, default: null },
    revision: { type: Number, default: 0 },
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
    placeChanged: { type: new Schema<PlaceChange>({ at: Date, everywhere: Boolean }, { _id: false }) },
    copiedFrom: {
      type: new Schema<CopiedFrom>(
        {
          seriesId: { type: String, required: true },
          courseTitle: { type: String, default: '' },
          at: { type: Date, required: true },
        },
        { _id: false },
      ),
    },
  },
  { collection: 'consultation_series', versionKey: false },
);
seriesSchema.index({ courseId: 1, createdBy: 1, draft: 1 }, { unique: true });
seriesSchema.index({ courseId: 1, state: 1, createdAt: -1 });
seriesSchema.index({ type: 1 });
seriesSchema.index({ roomId: 1 });
seriesSchema.index({ reminderHours: 1 });
seriesSchema.plugin(withMark(SERIES_MARK));
seriesSchema.plugin(withMark(SERIES_GRADES_MARK));
seriesSchema.index(
  { courseId: 1, 'copiedFrom.seriesId': 1 },
  { unique: true, partialFilterExpression: { 'copiedFrom.seriesId': { $exists: true } } },
);

export type FoundSeries = SeriesRow & { _id: Types.ObjectId };

export const seriesModel = (connection: Connection) =>
  modelOf(connection, 'ConsultationSeries', seriesSchema);

const plainSpan = ({ startsAt, endsAt }: Span): Span => ({ startsAt, endsAt });

export function plainSeries(row: FoundSeries): Series {
  const {
    _id,
    draft: _draft,
    pattern,
    leftOut,
    plan,
    settleAt: _mark,
    gradesAt: _grades,
    copiedFrom,
    placeChanged,
    ...rest
  } = row;
  const before: Partial<SeriesRow> = row;
  const times: Partial<Pattern> = pattern;
  return {
    ...rest,
    // What series of before lack.
    ...seriesFields.pick(row),
    gradedSince: row.gradedSince ?? null,
    revision: row.revision ?? 0,
    typeTitle: before.typeTitle ?? '',
    form: before.form ?? (row.type === 'individual' ? 'individual' : 'group'),
    placeOfRoom: before.placeOfRoom ?? false,
    attestationId: before.attestationId ?? '',
    attestationOn: before.attestationOn ?? '',
    ...(copiedFrom && { copiedFrom }),
    ...(placeChanged && { placeChanged: { at: placeChanged.at, everywhere: placeChanged.everywhere } }),
    id: _id.toString(),
    pattern: {
      ...pattern,
      weekdays: [...pattern.weekdays],
      bands: (times.bands ?? []).map(({ start, end }) => ({ start, end })),
      except: [...(times.except ?? [])],
    },
    leftOut: leftOut.map(plainSpan),
    plan: plan && {
      key: plan.key,
      slots: plan.slots.map((slot) => ({ ...plainSpan(slot), id: slot.id })),
    },
  };
}
