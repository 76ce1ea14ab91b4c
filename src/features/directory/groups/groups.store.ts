import { Schema, type Connection, type Types } from 'mongoose';
import { isDuplicateKey } from '../../../storage/index.js';
import { folded, sortKey } from '../cards/search-words.js';
import { changesDirectory } from '../version.store.js';
import type { Group, GroupRecord, LmsGroupRef } from './group.js';

interface Row extends Omit<Group, 'id'> {
  titleKey: string;
  sortKey: string;
}

const schema = new Schema<Row>(
  {
    associationId: { type: String, required: true },
    title: { type: String, required: true },
    titleKey: { type: String, required: true },
    sortKey: { type: String, required: true },
    programme: { type: String, default: '' },
    cardIds: { type: [String], default: [] },
    lmsGroup: {
      type: new Schema<LmsGroupRef>({ courseId: String, groupId: String }, { _id: false }),
      default: null,
    },
    version: { type: Number, required: true },
  },
  { collection: 'directory_groups', versionKey: false },
);
schema.plugin(changesDirectory);
schema.index({ associationId: 1, titleKey: 1 }, { unique: true });
schema.index({ cardIds: 1 });

type Found = Row & { _id: Types.ObjectId };

const plain = (row: Found): Group => ({
  id: row._id.toString(),
  associationId: row.associationId,
  title: row.title,
  programme: row.programme,
  cardIds: [...row.cardIds],
  lmsGroup: row.lmsGroup && { courseId: row.lmsGroup.courseId, groupId: row.lmsGroup.groupId },
  version: row.version,
});

export interface GroupsStore {
  /** All of them, by title. */
  list(): Promise<Group[]>;
  listOfAssociation(associationId: string): Promise<Group[]>;
  listOfCard(cardId: string): Promise<Group[]>;
  findOptional(id: string): Promise<Group | null>;
  findOptionalByTitle(associationId: string, title: string): Promise<Group | null>;
  /** Returns null when the association has a group of this title. */
  insert(record: GroupRecord): Promise<Group | null>;
  /** Writes over exactly this version. */
  replace(id: string, version: number, record: GroupRecord): Promise<Group | 'title' | 'stale'>;
  /** Adds a teacher, or sets the programme. Returns false when the group is gone. */
  addTeacher(id: string, cardId: string): Promise<boolean>;
  setProgramme(id: string, programme: string): Promise<boolean>;
  removeTeacher(id: string, cardId: string): Promise<void>;
  remove(id: string): Promise<boolean>;
  /** Removes exactly this version. Returns false when it is of another, or gone. */
  removeVersion(id: string, version: number): Promise<boolean>;
  removeOfAssociation(associationId: string): Promise<void>;
  /** A card that is no more teaches nothing. */
  forgetTeacher(cardId: string): Promise<void>;
  /** The groups that one card taught, another teaches. */
  moveTeacher(fromId: string, toId: string): Promise<void>;
}

const keysOf = (title: string) => ({ titleKey: folded(title), sortKey: sortKey(title) });

export function createGroupsStore(connection: Connection): GroupsStore {
  const model = connection.model('DirectoryGroup', schema);
  const listBy = async (filter: object): Promise<Group[]> =>
    (await model.find(filter).sort({ sortKey: 1, _id: 1 }).lean<Found[]>()).map(plain);
  const change = async (id: string, update: object): Promise<boolean> =>
    (await model.updateOne({ _id: id }, { ...update, $inc: { version: 1 } })).matchedCount === 1;
  return {
    list: () => listBy({}),
    listOfAssociation: (associationId) => listBy({ associationId }),
    listOfCard: (cardId) => listBy({ cardIds: cardId }),
    async findOptional(id) {
      const row = await model.findById(id).lean<Found>();
      return row && plain(row);
    },
    async findOptionalByTitle(associationId, title) {
      const row = await model.findOne({ associationId, titleKey: folded(title) }).lean<Found>();
      return row && plain(row);
    },
    async insert(record) {
      try {
        const row = await model.create({
          ...{ ...record, cardIds: [...record.cardIds] },
          ...{ ...keysOf(record.title), version: 1 },
        });
        return plain(row.toObject());
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        return null;
      }
    },
    async replace(id, version, record) {
      try {
        const row = await model
          .findOneAndUpdate(
            { _id: id, version },
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
    addTeacher: (id, cardId) => change(id, { $addToSet: { cardIds: cardId } }),
    setProgramme: (id, programme) => change(id, { $set: { programme } }),
    async removeTeacher(id, cardId) {
      await change(id, { $pull: { cardIds: cardId } });
    },
    remove: async (id) => (await model.deleteOne({ _id: id })).deletedCount > 0,
    removeVersion: async (id, version) => (await model.deleteOne({ _id: id, version })).deletedCount > 0,
    async removeOfAssociation(associationId) {
      await model.deleteMany({ associationId });
    },
    async forgetTeacher(cardId) {
      await model.updateMany({ cardIds: cardId }, { $pull: { cardIds: cardId } });
    },
    async moveTeacher(fromId, toId) {
      await model.updateMany({ cardIds: fromId }, { $addToSet: { cardIds: toId } });
      await model.updateMany({ cardIds: fromId }, { $pull: { cardIds: fromId } });
    },
  };
}
