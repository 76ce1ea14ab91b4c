import { Schema, type Connection, type Types, type mongo } from 'mongoose';
import type { ContentRef } from '../../shared/content.js';

/** A resource link: one activity in an LMS course, and the line item its launches named, if any. */
export interface ResourceLink {
  readonly id: string;
  readonly courseId: string;
  /** The platform's id, unique in the deployment (Core 1.3, 5.3.5). */
  readonly resourceLinkId: string;
  readonly content: ContentRef | null;
  /** URL of the line item, or '' where the platform takes no grade for this link. */
  readonly lineItem: string;
  /** AGS scopes granted with it; null where the platform does not say. */
  readonly scopes: readonly string[] | null;
}

interface Row {
  courseId: string;
  resourceLinkId: string;
  content: ContentRef | null;
  lineItem: string;
  scopes: readonly string[] | null;
  /** Its rooms have been told of the content and line item it has now; a kill in between leaves it false. */
  told: boolean;
}

const schema = new Schema<Row>(
  {
    courseId: { type: String, required: true },
    resourceLinkId: { type: String, required: true },
    content: {
      type: new Schema<ContentRef>(
        { kind: { type: String, required: true }, id: { type: String } },
        { _id: false },
      ),
      default: null,
    },
    lineItem: { type: String, default: '' },
    scopes: { type: [String], default: null },
    told: { type: Boolean, default: false },
  },
  { timestamps: true, collection: 'resource_links', versionKey: false },
);
schema.index({ courseId: 1, resourceLinkId: 1 }, { unique: true });
schema.index({ courseId: 1, 'content.kind': 1, 'content.id': 1 });

type Found = Omit<Row, 'scopes'> & { _id: Types.ObjectId; scopes?: readonly string[] | null };

const plain = (row: Found): ResourceLink => ({
  id: row._id.toString(),
  courseId: row.courseId,
  resourceLinkId: row.resourceLinkId,
  content: row.content && { kind: row.content.kind, id: row.content.id },
  lineItem: row.lineItem,
  // Records from before scopes were kept have none.
  scopes: row.scopes ?? null,
});

const sameScopes = (one: readonly string[] | null, other: readonly string[] | null): boolean =>
  one === other || (one !== null && other !== null && one.join(' ') === other.join(' '));

export function createLinksStore(connection: Connection) {
  const model = connection.model('ResourceLink', schema);
  // Straight to the collection at every launch: the claims have been parsed, there is nothing to cast.
  const rows = model.collection as unknown as mongo.Collection<Omit<Found, '_id'>>;
  return {
    /**
     * Finds or makes the link as its newest launch describes it.
     * @returns the link, and whether its rooms are still to be told of its content, line item and scopes
     */
    async meet(seen: Omit<ResourceLink, 'id'>): Promise<{ link: ResourceLink; untold: boolean }> {
      const { courseId, resourceLinkId, content, lineItem, scopes } = seen;
      const known = await rows.findOne({ courseId, resourceLinkId });
      if (
        known !== null &&
        known.lineItem === lineItem &&
        sameScopes(known.scopes ?? null, scopes) &&
        known.content?.kind === content?.kind &&
        known.content?.id === content?.id
      ) {
        return { link: plain(known), untold: !known.told };
      }
      const row = await model
        .findOneAndUpdate(
          { courseId, resourceLinkId },
          { $set: { content, lineItem, scopes, told: false } },
          { upsert: true, returnDocument: 'after' },
        )
        .lean();
      return { link: plain(row), untold: true };
    },
    /** The rooms know; unless the link has changed once more meanwhile. */
    async told({ id, content, lineItem }: ResourceLink): Promise<void> {
      await model.updateOne({ _id: id, content, lineItem }, { $set: { told: true } });
    },
    /** All links of a course that open this content. */
    async ofContent(courseId: string, content: ContentRef): Promise<ResourceLink[]> {
      const rows = await model
        .find({ courseId, 'content.kind': content.kind, 'content.id': content.id })
        .lean();
      return rows.map(plain);
    },
  };
}

export type LinksStore = ReturnType<typeof createLinksStore>;
