import { Schema, type Connection, type Types } from 'mongoose';
import { withMark, type AnyModel } from '../../infra/events/index.js';
import type { ServiceProblem } from '../../lti/index.js';
import { isDuplicateKey } from '../../storage/index.js';
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
  /** Whether grades have been handed in for this address. */
  readonly told: boolean;
  /** Whether a launch has spoken since it was last seen there: it may be gone. */
  readonly doubted: boolean;
  /** When it is looked at next; null: nothing is to be done. */
  readonly dueAt: Date | null;
  readonly tries: number;
  /** Why it did not work, and in the platform's words; both '' when all is well. */
  readonly problem: LineItemProblem;
  readonly reason: string;
}

/**
 * `look-only`: line items may be read, and none fits. `no-scores`: no score may be sent to one. `gone`: it was there,
 * and somebody has removed it.
 */
export type LineItemProblem = ServiceProblem | 'disabled' | 'look-only' | 'no-scores' | 'gone' | '';

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
    | 'told'
    | 'doubted'
    | 'tries'
    | 'dueAt'
    | 'problem'
    | 'reason'
  >
>;

/** A content in one word, to look for. */
export const contentName = ({ kind, id }: ContentRef): string => `${kind}:${id}`;

interface Row extends Omit<SoughtLineItem, 'id'> {
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
    told: { type: Boolean, default: false },
    doubted: { type: Boolean, default: false },
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
schema.index({ courseId: 1, content: 1 });

type Found = Row & { _id: Types.ObjectId };

const plain = ({ _id, seekAt: _seekAt, seekings: _seekings, ...row }: Found): SoughtLineItem => ({
  ...row,
  id: _id.toString(),
});

/** Part of an update: to be looked at, as if never tried. */
const asNew = (now: Date) => ({
  $set: { dueAt: now, seekAt: now, tries: 0, problem: '' as const, reason: '' },
});

export interface LineItemsStore {
  /** For the sweeper of marks. */
  readonly model: AnyModel;
  /** Asks for the line item of a link; again where it is known already, for something has changed. */
  want(link: Pick<Row, 'linkId' | 'courseId' | 'registrationId'>, now: Date): Promise<void>;
  /**
   * The column of this content would be another one now: those that are ours are looked at, and those that had
   * nothing to be made for. What failed waits for a person.
   */
  changed(courseId: string, content: string, now: Date): Promise<number>;
  /** Looks once more for what failed. @returns how many */
  revive(courseId: string, now: Date, id?: string): Promise<number>;
  /** Begins a search. A worker that began before can note nothing from here on. Returns null if there is no such link. */
  begin(linkId: string): Promise<SeekingLineItem | null>;
  /** Notes what is known. Returns false if another search has begun, which does the rest. */
  note(seekingLineItem: SeekingLineItem, known: Knowledge): Promise<boolean>;
  /** Link id → address of its line item, where it is known, and is of what the link opens. */
  addresses(
    links: readonly { readonly id: string; readonly content: ContentRef | null }[],
  ): Promise<Map<string, string>>;
  /** Those of a course that do not work. */
  troubled(courseId: string): Promise<SoughtLineItem[]>;
}

export function createLineItemsStore(connection: Connection): LineItemsStore {
  const model = connection.model('LineItem', schema);
  return {
    model,

    async want(link: Pick<Row, 'linkId' | 'courseId' | 'registrationId'>, now: Date): Promise<void> {
      const { linkId, ...rest } = link;
      const { $set } = asNew(now);
      const upsert = () =>
        model.updateOne({ linkId }, { $set: { ...rest, doubted: true, ...$set } }, { upsert: true });
      try {
        await upsert();
      } catch (error) {
        // Two at once: the other has made it.
        if (!isDuplicateKey(error)) throw error;
        await upsert();
      }
    },

    async changed(courseId: string, content: string, now: Date): Promise<number> {
      const { modifiedCount } = await model.updateMany(
        { courseId, content, $or: [{ made: true }, { lineItem: '', problem: '', reason: '' }] },
        asNew(now),
      );
      return modifiedCount;
    },

    async revive(courseId: string, now: Date, id?: string): Promise<number> {
      const { modifiedCount } = await model.updateMany(
        {
          courseId,
          dueAt: null,
          $or: [{ problem: { $ne: '' } }, { reason: { $ne: '' } }],
          ...(id !== undefined && { _id: id }),
        },
        asNew(now),
      );
      return modifiedCount;
    },

    async begin(linkId: string): Promise<SeekingLineItem | null> {
      const row = await model
        .findOneAndUpdate({ linkId }, { $inc: { tries: 1, seekings: 1 } }, { returnDocument: 'after' })
        .lean<Found>();
      return row && { ...plain(row), seeking: row.seekings };
    },

    async note({ id, seeking: seekings }: SeekingLineItem, known: Knowledge): Promise<boolean> {
      const { matchedCount } = await model.updateOne({ _id: id, seekings }, { $set: known });
      return matchedCount > 0;
    },

    async addresses(
      links: readonly { readonly id: string; readonly content: ContentRef | null }[],
    ): Promise<Map<string, string>> {
      if (links.length === 0) return new Map();
      const contents = new Map(links.map(({ id, content }) => [id, content && contentName(content)]));
      const rows = await model.find({ linkId: { $in: [...contents.keys()] } }).lean<Found[]>();
      return new Map(
        rows
          .filter(({ linkId, lineItem, content }) => lineItem !== '' && contents.get(linkId) === content)
          .map(({ linkId, lineItem }) => [linkId, lineItem]),
      );
    },

    async troubled(courseId: string): Promise<SoughtLineItem[]> {
      const rows = await model
        .find({ courseId, $or: [{ problem: { $ne: '' } }, { reason: { $ne: '' } }] })
        .lean<Found[]>();
      return rows.map(plain);
    },
  };
}
