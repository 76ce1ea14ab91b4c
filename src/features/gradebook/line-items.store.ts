import type { Connection } from 'mongoose';
import { emitting, type AnyModel, type Event } from '../../infra/events/index.js';
import { DAY } from '../../shared/clock.js';
import type { ContentRef } from '../../shared/content.js';
import {
  asNew,
  contentName,
  lineItemsModel,
  plain,
  type Found,
  type Knowledge,
  type LineItemProblem,
  type Row,
  type SeekingLineItem,
  type SoughtLineItem,
} from './line-item-row.store.js';

/** Nobody has to do anything about these. */
const SILENT: LineItemProblem[] = ['withdrawn', 'link-gone'];
/** For how long it is told that a removed one was replaced. */
const TOLD_MS = 14 * DAY;

export interface LineItemsStore {
  /** Has the mark `seekAt`, and emits `lineItemFound`. */
  readonly model: AnyModel;
  /** Asks for the line item of a link; again where it is known already, for something has changed. */
  want(link: Pick<Row, 'linkId' | 'courseId' | 'registrationId'>, now: Date): Promise<void>;
  /**
   * A score was refused because its line item is gone: the links that it is of are looked at.
   * @param named the links whose launches name it
   * @returns how many; 0 if no link has it any more
   */
  suspect(
    lineItem: Pick<Row, 'courseId' | 'registrationId' | 'lineItem'>,
    named: readonly string[],
    now: Date,
  ): Promise<number>;
  /**
   * The column of this content would be another one now: those that are ours are looked at, and those that had
   * nothing to be made for. What failed waits for a person.
   */
  changed(courseId: string, content: string, now: Date): Promise<number>;
  /** Looks once more for what failed. @returns how many */
  revive(courseId: string, now: Date, id?: string): Promise<number>;
  /** Begins a search. A worker that began before can note nothing from here on. Returns null if there is no such link. */
  begin(linkId: string): Promise<SeekingLineItem | null>;
  /** Notes what is known, and emits. Returns false if another search has begun, which does the rest. */
  note(seekingLineItem: SeekingLineItem, known: Knowledge, event?: Event): Promise<boolean>;
  /** Link id → where its scores go: what its launches name, unless that is gone; else what was found or made. */
  addresses(
    links: readonly { readonly id: string; readonly content: ContentRef | null; readonly lineItem: string }[],
  ): Promise<Map<string, string>>;
  /** Those of a course that do not work, and those that were replaced in the last days. */
  troubled(courseId: string, now: Date): Promise<SoughtLineItem[]>;
}

export function createLineItemsStore(connection: Connection): LineItemsStore {
  const model = lineItemsModel(connection);
  return {
    model,

    async want(link: Pick<Row, 'linkId' | 'courseId' | 'registrationId'>, now: Date): Promise<void> {
      const { linkId, ...rest } = link;
      const { $set } = asNew(now);
      await model.updateOne({ linkId }, { $set: { ...rest, doubted: true, ...$set } }, { upsert: true });
    },

    async suspect(
      { lineItem, courseId, registrationId }: Pick<Row, 'courseId' | 'registrationId' | 'lineItem'>,
      named: readonly string[],
      now: Date,
    ): Promise<number> {
      const { $set } = asNew(now);
      // A search that is under way may note nothing after this.
      const update = { $set: { suspect: lineItem, ...$set }, $inc: { seekings: 1 } };
      const rows = await model.find({ courseId, linkId: { $in: [...named] } }).lean<Found[]>();
      const known = new Set(rows.filter(({ gone }) => gone?.includes(lineItem)).map(({ linkId }) => linkId));
      const doubtful = named.filter((linkId) => !known.has(linkId));
      for (const linkId of doubtful) {
        await model.updateOne(
          { linkId },
          { ...update, $set: { courseId, registrationId, ...update.$set } },
          { upsert: true },
        );
      }
      const made = await model.updateMany(
        { courseId, registrationId, lineItem, linkId: { $nin: doubtful } },
        update,
      );
      return doubtful.length + made.matchedCount;
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
        { $set: { ...asNew(now).$set, asked: true } },
      );
      return modifiedCount;
    },

    async begin(linkId: string): Promise<SeekingLineItem | null> {
      const row = await model
        .findOneAndUpdate({ linkId }, { $inc: { tries: 1, seekings: 1 } }, { returnDocument: 'after' })
        .lean<Found>();
      return row && { ...plain(row), seeking: row.seekings };
    },

    async note(
      { id, seeking: seekings }: SeekingLineItem,
      known: Knowledge,
      event?: Event,
    ): Promise<boolean> {
      const update = { $set: known };
      const { matchedCount } = await model.updateOne(
        { _id: id, seekings },
        event === undefined ? update : emitting(update, event),
      );
      return matchedCount > 0;
    },

    async addresses(
      links: readonly {
        readonly id: string;
        readonly content: ContentRef | null;
        readonly lineItem: string;
      }[],
    ): Promise<Map<string, string>> {
      if (links.length === 0) return new Map();
      const rows = await model.find({ linkId: { $in: links.map(({ id }) => id) } }).lean<Found[]>();
      const byLink = new Map(rows.map((row) => [row.linkId, plain(row)]));
      return new Map(
        links.flatMap(({ id, content, lineItem }) => {
          const row = byLink.get(id);
          const ours = row?.content === (content && contentName(content)) ? row.lineItem : '';
          const address = lineItem !== '' && row?.gone.includes(lineItem) !== true ? lineItem : ours;
          return address === '' ? [] : [[id, address]];
        }),
      );
    },

    async troubled(courseId: string, now: Date): Promise<SoughtLineItem[]> {
      const rows = await model
        .find({
          courseId,
          problem: { $nin: SILENT },
          $or: [
            { problem: { $ne: '' } },
            { reason: { $ne: '' } },
            { replacedAt: { $gt: new Date(now.getTime() - TOLD_MS) } },
          ],
        })
        .lean<Found[]>();
      return rows.map(plain);
    },
  };
}
