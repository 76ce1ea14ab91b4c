import { Schema, type Connection, type Types, type mongo } from 'mongoose';
import {
  emitted,
  emitting,
  newEvent,
  withEvents,
  type AnyModel,
  type EmittingRow,
  type Event,
} from '../../infra/events/index.js';
import type { Clock } from '../../shared/clock.js';
import type { ContentRef } from '../../shared/content.js';
import { isDuplicateKey, keepReads } from '../../storage/index.js';
import { linkChanged } from './links.events.js';

/** A resource link: one activity in an LMS course, and the line item its launches named, if any. */
export interface ResourceLink {
  readonly id: string;
  readonly courseId: string;
  /** The platform's id, unique in the deployment (Core 1.3, 5.3.5). */
  readonly resourceLinkId: string;
  /** What the activity is called in the LMS; '' where that is unknown. */
  readonly title: string;
  /** What it opens; null also while a copy waits for confirmation. */
  readonly content: ContentRef | null;
  /** What its custom parameters name: of another course where the LMS has copied the link. */
  readonly sent: ContentRef | null;
  /** URL of the line item, or '' where the platform takes no grade for this link. */
  readonly lineItem: string;
  /** The last one that a launch named, while launches name none any more; or ''. */
  readonly formerLineItem: string;
  /** Where the platform keeps the course's line items, for a link to graded content; or ''. */
  readonly lineItems: string;
  /** AGS scopes granted with it; null where the platform does not say. */
  readonly scopes: readonly string[] | null;
}

/** A link as its launch describes it. */
export type SeenLink = Omit<ResourceLink, 'id' | 'content' | 'formerLineItem'>;

interface Row extends EmittingRow {
  courseId: string;
  resourceLinkId: string;
  /** Absent on records of before it was kept. */
  title?: string;
  content: ContentRef | null;
  /** Absent on records of before courses were copied: the same as `content`. */
  sent?: ContentRef | null;
  lineItem: string;
  /** Absent on records of before it was kept. */
  formerLineItem?: string;
  /** Absent on records of before line items were looked for. */
  lineItems?: string;
  scopes: readonly string[] | null;
  /** Rises with every change. Absent on records of before. */
  revision?: number;
}

const contentRef = new Schema<ContentRef>(
  { kind: { type: String, required: true }, id: { type: String } },
  { _id: false },
);

const schema = new Schema<Row>(
  {
    courseId: { type: String, required: true },
    resourceLinkId: { type: String, required: true },
    title: { type: String },
    content: { type: contentRef, default: null },
    sent: { type: contentRef },
    revision: { type: Number },
    lineItem: { type: String, default: '' },
    formerLineItem: { type: String },
    lineItems: { type: String, default: '' },
    scopes: { type: [String], default: null },
  },
  { timestamps: true, collection: 'resource_links', versionKey: false },
);
schema.plugin(withEvents);
schema.index({ courseId: 1, resourceLinkId: 1 }, { unique: true });
schema.index({ courseId: 1, lineItem: 1 });
schema.index({ courseId: 1, 'content.kind': 1, 'content.id': 1 });

type Found = Omit<Row, 'scopes'> & { _id: Types.ObjectId; scopes?: readonly string[] | null };

const ref = (content: ContentRef | null): ContentRef | null =>
  content && { kind: content.kind, id: content.id };

const plain = (row: Found): ResourceLink => ({
  id: row._id.toString(),
  courseId: row.courseId,
  resourceLinkId: row.resourceLinkId,
  title: row.title ?? '',
  content: ref(row.content),
  sent: ref(row.sent === undefined ? row.content : row.sent),
  lineItem: row.lineItem,
  formerLineItem: row.formerLineItem ?? '',
  lineItems: row.lineItems ?? '',
  // Records from before scopes were kept have none.
  scopes: row.scopes ?? null,
});

const sameScopes = (item: readonly string[] | null, other: readonly string[] | null): boolean =>
  item === other || (item !== null && other !== null && item.join(' ') === other.join(' '));

/** More links than a course has. */
const MOST_WAITING = 1_000;

/** Several first launches of one link at the same moment: more would be a fault. */
const TRIES = 20;

const sameContent = (item: ContentRef | null, two: ContentRef | null): boolean =>
  item?.kind === two?.kind && item?.id === two?.id;

export interface LinksStore {
  /** Emits `linkChanged`. */
  readonly model: AnyModel;
  /**
   * Finds or makes the link as its newest launch describes it. What it opens is asked when it is not known
   * yet, or its custom parameters have changed; what a teacher has chosen instead stays until they do. Emits only
   * if something has changed.
   */
  upsertFromLaunch(
    seen: SeenLink,
    resolve: (sent: ContentRef) => Promise<ContentRef | null>,
  ): Promise<ResourceLink>;
  findOptional(courseId: string, id: string): Promise<ResourceLink | null>;
  /** Sets what the link opens by a person's choice. */
  open(courseId: string, id: string, content: ContentRef): Promise<ResourceLink | null>;
  /** Links of a course that name a content and open none: copies that wait. */
  waitingIn(courseId: string): Promise<ResourceLink[]>;
  /** All links of a course whose launches name this line item. */
  ofLineItem(courseId: string, lineItem: string): Promise<ResourceLink[]>;
  /** All links of a course that open this content. */
  ofContent(courseId: string, content: ContentRef): Promise<ResourceLink[]>;
}

export function createLinksStore(connection: Connection, clock: Clock): LinksStore {
  const model = connection.model('ResourceLink', schema);
  // Straight to the collection at every launch: the claims have been parsed, there is nothing to cast.
  const rows = model.collection as unknown as mongo.Collection<Omit<Found, '_id'>>;

  const linkKey = (courseId: unknown, resourceLinkId: unknown): string =>
    JSON.stringify([courseId, resourceLinkId]);
  const launched = keepReads<Found | null>(connection, {
    collection: model.collection.name,
    keysOf: ({ courseId, resourceLinkId }) => [linkKey(courseId, resourceLinkId)],
  });

  const newChange = (courseId: string): Event => newEvent(linkChanged, { courseId }, { at: clock.now() });

  /** @returns null if the link was made or changed since `known` was read */
  async function write(
    { courseId, resourceLinkId }: SeenLink,
    known: Found | null,
    fields: Pick<Row, 'title' | 'sent' | 'content' | 'lineItem' | 'formerLineItem' | 'lineItems' | 'scopes'>,
    event: Event,
  ): Promise<ResourceLink | null> {
    try {
      if (known === null) {
        const made = await model.create({
          ...{ courseId, resourceLinkId, ...fields, revision: 1 },
          ...emitted(event),
        });
        return plain(made.toObject());
      }
      const row = await model
        .findOneAndUpdate(
          { _id: known._id, revision: known.revision ?? null },
          emitting({ $set: fields, $inc: { revision: 1 } }, event),
          { returnDocument: 'after' },
        )
        .lean<Found>();
      return row && plain(row);
    } catch (error) {
      if (isDuplicateKey(error)) return null;
      throw error;
    }
  }

  return {
    model,

    async upsertFromLaunch(
      seen: SeenLink,
      resolve: (sent: ContentRef) => Promise<ContentRef | null>,
    ): Promise<ResourceLink> {
      const { courseId, resourceLinkId, title, sent, lineItem, lineItems, scopes } = seen;
      // Made once, before the first try: most launches change nothing and need none.
      let event: Event | undefined;
      for (let tries = 0; tries < TRIES; tries += 1) {
        const known = await launched.get(linkKey(courseId, resourceLinkId), () =>
          rows.findOne({ courseId, resourceLinkId }),
        );
        const before = known && plain(known);
        const settled =
          before !== null && sameContent(before.sent, sent) && (sent === null || before.content !== null);
        const content = settled ? before.content : sent && (await resolve(sent));
        if (
          known !== null &&
          before?.lineItem === lineItem &&
          sameScopes(before.scopes, scopes) &&
          sameContent(before.sent, sent) &&
          sameContent(before.content, content) &&
          // Where a line item is named, the place of the others matters only once it is gone: no event.
          (before.lineItems === lineItems || lineItem !== '')
        ) {
          if (before.lineItems !== lineItems || before.title !== title) {
            await rows.updateOne({ _id: known._id }, { $set: { lineItems, title } });
          }
          return { ...before, lineItems, title };
        }
        const former = before?.lineItem ?? '';
        const kept = former === '' ? (before?.formerLineItem ?? '') : former;
        const formerLineItem = lineItem === '' ? kept : '';
        const fields = { title, sent, content, lineItem, formerLineItem, lineItems, scopes };
        event ??= newChange(courseId);
        const link = await write(seen, known, fields, event);
        if (link !== null) return link;
      }
      throw new Error(`link ${resourceLinkId}: changed again and again`);
    },
    async findOptional(courseId: string, id: string): Promise<ResourceLink | null> {
      const row = await model.findOne({ _id: id, courseId }).lean<Found>();
      return row && plain(row);
    },
    async open(courseId: string, id: string, content: ContentRef): Promise<ResourceLink | null> {
      const row = await model
        .findOneAndUpdate(
          { _id: id, courseId },
          emitting({ $set: { content }, $inc: { revision: 1 } }, newChange(courseId)),
          { returnDocument: 'after' },
        )
        .lean<Found>();
      return row && plain(row);
    },
    async waitingIn(courseId: string): Promise<ResourceLink[]> {
      const rows = await model.find({ courseId, content: null }).limit(MOST_WAITING).lean<Found[]>();
      return rows.map(plain).filter(({ sent }) => sent !== null);
    },
    async ofLineItem(courseId: string, lineItem: string): Promise<ResourceLink[]> {
      return (await model.find({ courseId, lineItem }).lean()).map(plain);
    },
    async ofContent(courseId: string, content: ContentRef): Promise<ResourceLink[]> {
      const rows = await model
        .find({ courseId, 'content.kind': content.kind, 'content.id': content.id })
        .lean();
      return rows.map(plain);
    },
  };
}
