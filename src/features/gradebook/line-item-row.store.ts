import { Schema, type Connection, type Types } from 'mongoose';
import { withEvents, withMark, type EmittingRow } from '../../infra/events/index.js';
import type { ServiceProblem } from '../../lti/index.js';
import type { ContentRef } from '../../shared/content.js';

/**
 * A gradebook column that a launch did not name, and that is looked for or made. One record per link: where its
 * scores go until a launch names a column itself.
 */
export interface SoughtLineItem {
  readonly id: string;
  readonly linkId: string;
  readonly courseId: string;
  readonly registrationId: string;
  /** `kind:id` of what the link opened when it was looked for. */
  readonly content: string;
  /** Its address, or '' while there is none. */
  readonly lineItem: string;
  /** Ours to change: we have made it. Noted before it is asked for, so that a kill does not hide it. */
  readonly made: boolean;
  /** As the platform has them from us; of those that we have made. */
  readonly label: string;
  readonly scoreMaximum: number;
  /** Whether a launch has spoken since it was last seen there: it may be gone. */
  readonly doubted: boolean;
  /** The address that a score was refused at because it is gone; '' when none is in doubt. */
  readonly suspect: string;
  /** Addresses that are gone, though launches may go on naming them. The newest last. */
  readonly gone: readonly string[];
  /** When another was found or made in place of one that was removed; null: never. */
  readonly replacedAt: Date | null;
  /** Whether a person has asked for one. */
  readonly asked: boolean;
  /** When it is looked at next; null: nothing is to be done. */
  readonly dueAt: Date | null;
  readonly tries: number;
  /** Why it did not work, and in the platform's words; both '' when all is well. */
  readonly problem: LineItemProblem;
  readonly reason: string;
}

/**
 * `look-only`: line items may be read, and none fits. `no-scores`: no score may be sent to one. `gone`: it was there,
 * and was removed. `withdrawn`: the platform takes no grades for the link any more. `link-gone`: the platform refuses
 * to make one in place of one that was removed, because its link was removed as well.
 */
export type LineItemProblem =
  ServiceProblem | 'disabled' | 'look-only' | 'no-scores' | 'gone' | 'withdrawn' | 'link-gone' | '';

/** Of each link. */
const MOST_GONE = 20;

/** A line item that is being sought. */
export interface SeekingLineItem extends SoughtLineItem {
  /** Which of all searches this is: only the last that has begun may note anything. */
  readonly seeking: number;
}

/** What is known after a step. */
export type Knowledge = Partial<
  Pick<
    SoughtLineItem,
    | 'content'
    | 'lineItem'
    | 'made'
    | 'label'
    | 'scoreMaximum'
    | 'doubted'
    | 'suspect'
    | 'gone'
    | 'replacedAt'
    | 'asked'
    | 'tries'
    | 'dueAt'
    | 'problem'
    | 'reason'
  >
>;

/** A content in one word, to look for. */
export const contentName = ({ kind, id }: ContentRef): string => `${kind}:${id}`;

export interface Row extends Omit<SoughtLineItem, 'id'>, EmittingRow {
  /** Set with everything that may change what is to be done, until the job is enqueued. */
  seekAt?: Date;
  /** How often a search has begun. */
  seekings: number;
}

const schema = new Schema<Row>(
  {
    linkId: { type: String, required: true },
    courseId: { type: String, required: true },
    registrationId: { type: String, required: true },
    content: { type: String, default: '' },
    lineItem: { type: String, default: '' },
    made: { type: Boolean, default: false },
    label: { type: String, default: '' },
    scoreMaximum: { type: Number, default: 0 },
    doubted: { type: Boolean, default: false },
    suspect: { type: String, default: '' },
    gone: { type: [String], default: [] },
    replacedAt: { type: Date, default: null },
    asked: { type: Boolean, default: false },
    dueAt: { type: Date, default: null },
    tries: { type: Number, default: 0 },
    problem: { type: String, default: '' },
    reason: { type: String, default: '' },
    seekings: { type: Number, default: 0 },
  },
  { collection: 'line_items', versionKey: false },
);
schema.index({ linkId: 1 }, { unique: true });
schema.plugin(withMark('seekAt'));
schema.plugin(withEvents);
schema.index({ courseId: 1, content: 1 });

/** Records of before lack these. */
type Later = 'suspect' | 'gone' | 'replacedAt' | 'asked';
export type Found = Omit<Row, Later> & Partial<Pick<Row, Later>> & { _id: Types.ObjectId };

export const plain = ({
  _id,
  seekAt: _seekAt,
  seekings: _seekings,
  events: _events,
  eventsAt: _eventsAt,
  ...row
}: Found): SoughtLineItem => ({
  ...row,
  suspect: row.suspect ?? '',
  gone: row.gone ?? [],
  replacedAt: row.replacedAt ?? null,
  asked: row.asked ?? false,
  id: _id.toString(),
});

/** The addresses that are gone with one more. */
export const goneWith = (gone: readonly string[], address: string): string[] =>
  [...gone.filter((item) => item !== address), address].slice(-MOST_GONE);

/** Part of an update: to be looked at, as if never tried. */
export const asNew = (now: Date) => ({
  $set: { dueAt: now, seekAt: now, tries: 0, problem: '' as const, reason: '' },
});

export const lineItemsModel = (connection: Connection) => connection.model('LineItem', schema);
