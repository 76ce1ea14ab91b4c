import { Schema, type Connection, type Types } from 'mongoose';
import { isDuplicateKey } from '../../../storage/index.js';
import type { Post } from '../cards/card.js';
import { folded, sortKey } from '../cards/search-words.js';
import { changesDirectory } from '../version.store.js';

export const BRANCH_KINDS = ['branch', 'office'] as const;
/** A branch of the centre, or an office: one that represents it elsewhere and does not teach. */
export type BranchKind = (typeof BRANCH_KINDS)[number];
export type UnitKind = 'department' | 'programme' | BranchKind;

/** What the law makes a centre publish of a branch, beside its title and its head; '' for what it does not have. */
export interface BranchDetails {
  /** Of the head. */
  readonly post: string;
  readonly addressLine: string;
  /** Normalised (contacts.ts), as is the e-mail. */
  readonly telephone: string;
  readonly emailAddress: string;
  readonly site: string;
  /** Address of the regulation of the branch. */
  readonly document: string;
}

export const NO_BRANCH_DETAILS: BranchDetails = {
  ...{ post: '', addressLine: '', telephone: '', emailAddress: '', site: '', document: '' },
};

/** A department, a programme, a branch or an office. */
export interface Unit {
  readonly id: string;
  readonly kind: UnitKind;
  readonly title: string;
  /** Id of the head's card, or ''; a programme has none. */
  readonly headId: string;
  /** Associations of a department, courses of a programme. */
  readonly members: readonly string[];
  /** Of a branch or an office. */
  readonly details: BranchDetails;
  readonly version: number;
}

interface Row extends Omit<Unit, 'id' | 'details'> {
  details?: BranchDetails;
  titleKey: string;
  sortKey: string;
}

const schema = new Schema<Row>(
  {
    kind: { type: String, required: true },
    title: { type: String, required: true },
    titleKey: { type: String, required: true },
    sortKey: { type: String, required: true },
    headId: { type: String, default: '' },
    members: { type: [String], default: [] },
    details: {
      type: new Schema<BranchDetails>(
        {
          ...{ post: String, addressLine: String, telephone: String },
          ...{ emailAddress: String, site: String, document: String },
        },
        { _id: false },
      ),
      default: undefined,
    },
    version: { type: Number, required: true },
  },
  { collection: 'organisation_units', versionKey: false },
);
schema.plugin(changesDirectory);
schema.index({ kind: 1, titleKey: 1 }, { unique: true });
schema.index({ kind: 1, sortKey: 1 });
schema.index({ headId: 1 });

interface TitleRow {
  _id: Post;
  title: string;
}

const titleSchema = new Schema<TitleRow>(
  { _id: { type: String, required: true }, title: { type: String, required: true } },
  { collection: 'organisation_titles', versionKey: false },
);

titleSchema.plugin(changesDirectory);

type Found = Row & { _id: Types.ObjectId };

const plain = ({ _id, kind, title, headId, members, details, version }: Found): Unit => ({
  id: _id.toString(),
  kind,
  title,
  headId,
  members: [...members],
  details: { ...NO_BRANCH_DETAILS, ...details },
  version,
});

export type UnitRecord = Pick<Unit, 'title' | 'headId' | 'members'> & Partial<Pick<Unit, 'details'>>;

export interface OrganisationStore {
  /** By title. */
  list(kind: UnitKind): Promise<Unit[]>;
  /** Returns null when there is one of this title. */
  insert(kind: UnitKind, record: UnitRecord): Promise<Unit | null>;
  /** Writes over exactly this version. */
  replace(kind: UnitKind, id: string, version: number, record: UnitRecord): Promise<Unit | 'title' | 'stale'>;
  remove(kind: UnitKind, id: string): Promise<boolean>;
  /** Removes exactly this version. Returns false when it is of another, or gone. */
  removeVersion(kind: UnitKind, id: string, version: number): Promise<boolean>;
  /** A card that is no more heads nothing. */
  forgetHead(headId: string): Promise<void>;
  /** What one card headed, another heads. */
  moveHead(fromId: string, toId: string): Promise<void>;
  forgetMember(id: string): Promise<void>;
  /** The centre's own words for posts. */
  titles(): Promise<Partial<Record<Post, string>>>;
  /** @param title '' for the usual word */
  setTitle(post: Post, title: string): Promise<void>;
}

const keysOf = (title: string) => ({ titleKey: folded(title), sortKey: sortKey(title) });

export function createOrganisationStore(connection: Connection): OrganisationStore {
  const model = connection.model('OrganisationUnit', schema);
  const titleModel = connection.model('OrganisationTitle', titleSchema);
  return {
    list: async (kind) => (await model.find({ kind }).sort({ sortKey: 1 }).lean<Found[]>()).map(plain),
    async insert(kind, record) {
      try {
        const row = await model.create({
          ...record,
          members: [...record.members],
          ...keysOf(record.title),
          kind,
          version: 1,
        });
        return plain(row.toObject());
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        return null;
      }
    },
    async replace(kind, id, version, record) {
      try {
        const row = await model
          .findOneAndUpdate(
            { _id: id, kind, version },
            { $set: { ...record, ...keysOf(record.title) }, $inc: { version: 1 } },
            { returnDocument: 'after' },
          )
          .lean<Found>();
        return row === null ? 'stale' : plain(row);
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        return 'title';
      }
    },
    remove: async (kind, id) => (await model.deleteOne({ _id: id, kind })).deletedCount > 0,
    removeVersion: async (kind, id, version) =>
      (await model.deleteOne({ _id: id, kind, version })).deletedCount > 0,
    async forgetHead(headId) {
      await model.updateMany({ headId }, { $set: { headId: '' } });
    },
    async moveHead(fromId, toId) {
      await model.updateMany({ headId: fromId }, { $set: { headId: toId } });
    },
    async forgetMember(id) {
      for (const { _id } of await model.find({ kind: 'department' }).select({ _id: 1 }).lean<Found[]>()) {
        await model.updateOne({ _id, members: id }, { $pull: { members: id } });
      }
    },
    async titles() {
      const rows = await titleModel.find().lean<TitleRow[]>();
      return Object.fromEntries(rows.map(({ _id, title }) => [_id, title]));
    },
    async setTitle(post, title) {
      if (title === '') await titleModel.deleteOne({ _id: post });
      else await titleModel.updateOne({ _id: post }, { $set: { title } }, { upsert: true });
    },
  };
}
