import { Schema, type Connection, type Types } from 'mongoose';
import type { Association } from '../cards/card.js';
import { isDuplicateKey, takenField } from '../../../storage/index.js';
import { changesDirectory } from '../version.store.js';

/** What an association says, and what it is sorted by and told from others by (words.ts). */
export interface AssociationRecord extends Pick<Association, 'title' | 'description' | 'headId'> {
  readonly sortKey: string;
  /** The title without case and ё: no two associations share it. */
  readonly titleKey: string;
}

type Row = AssociationRecord & Pick<Association, 'slug' | 'version'>;

const schema = new Schema<Row>(
  {
    slug: { type: String, required: true },
    title: { type: String, required: true },
    description: { type: String, default: '' },
    headId: { type: String, default: '' },
    sortKey: { type: String, required: true },
    titleKey: { type: String, required: true },
    version: { type: Number, required: true },
  },
  { timestamps: true, collection: 'directory_associations', versionKey: false },
);
schema.plugin(changesDirectory);
schema.index({ slug: 1 }, { unique: true });
schema.index({ titleKey: 1 }, { unique: true });
schema.index({ sortKey: 1 });
schema.index({ headId: 1 });

type Found = Row & { _id: Types.ObjectId };

const plain = (row: Found): Association => ({
  id: row._id.toString(),
  slug: row.slug,
  title: row.title,
  description: row.description,
  headId: row.headId,
  version: row.version,
});

/** Which key another association has already. */
function taken(error: unknown): 'slug' | 'title' {
  if (!isDuplicateKey(error)) throw error;
  return takenField(error, ['slug', 'titleKey']) === 'slug' ? 'slug' : 'title';
}

export interface AssociationsStore {
  /** @returns the association; or which of its keys is taken */
  insert(slug: string, record: AssociationRecord): Promise<Association | 'slug' | 'title'>;
  /** Writes over exactly this version. @returns null when it is of another version, or gone */
  replace(id: string, version: number, record: AssociationRecord): Promise<Association | 'title' | null>;
  remove(id: string): Promise<boolean>;
  /** Removes exactly this version. Returns false when it is of another, or gone. */
  removeVersion(id: string, version: number): Promise<boolean>;
  /** Puts another head, or '' for none, in the place of `from`. Nothing happens where another heads it. */
  replaceHead(id: string, from: string, to: string): Promise<void>;
  /** A card that is no more heads nothing. */
  forgetHead(headId: string): Promise<void>;
  /** What one card headed, another heads. */
  moveHead(fromId: string, toId: string): Promise<void>;
  findOptionalBySlug(slug: string): Promise<Association | null>;
  findOptionalByTitle(titleKey: string): Promise<Association | null>;
  /** All of them, by title. A centre has dozens. */
  all(): Promise<Association[]>;
}

export function createAssociationsStore(connection: Connection): AssociationsStore {
  const model = connection.model('DirectoryAssociation', schema);
  return {
    async insert(slug: string, record: AssociationRecord): Promise<Association | 'slug' | 'title'> {
      try {
        const row = await model.create({ ...record, slug, version: 1 });
        return plain(row.toObject());
      } catch (error) {
        return taken(error);
      }
    },

    async replace(
      id: string,
      version: number,
      record: AssociationRecord,
    ): Promise<Association | 'title' | null> {
      try {
        const row = await model
          .findOneAndUpdate(
            { _id: id, version },
            { $set: record, $inc: { version: 1 } },
            { returnDocument: 'after' },
          )
          .lean<Found>();
        return row && plain(row);
      } catch (error) {
        taken(error);
        return 'title';
      }
    },

    async remove(id: string): Promise<boolean> {
      return (await model.deleteOne({ _id: id })).deletedCount > 0;
    },

    async removeVersion(id, version) {
      return (await model.deleteOne({ _id: id, version })).deletedCount > 0;
    },

    async replaceHead(id, from, to) {
      await model.updateOne({ _id: id, headId: from }, { $set: { headId: to }, $inc: { version: 1 } });
    },

    async forgetHead(headId: string): Promise<void> {
      await model.updateMany({ headId }, { $set: { headId: '' } });
    },

    async moveHead(fromId, toId): Promise<void> {
      await model.updateMany({ headId: fromId }, { $set: { headId: toId } });
    },

    async findOptionalBySlug(slug: string): Promise<Association | null> {
      const row = await model.findOne({ slug }).lean<Found>();
      return row && plain(row);
    },

    async findOptionalByTitle(titleKey: string): Promise<Association | null> {
      const row = await model.findOne({ titleKey }).lean<Found>();
      return row && plain(row);
    },

    async all(): Promise<Association[]> {
      return (await model.find().sort({ sortKey: 1 }).lean<Found[]>()).map(plain);
    },
  };
}
