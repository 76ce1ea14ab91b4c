import { Schema, type Connection, type Types } from 'mongoose';
import { CONTACT_KINDS, NO_CREDENTIALS } from './card.js';
import type {
  Card,
  CardContent,
  Change,
  Contact,
  ContactKind,
  Credentials,
  Detail,
  Photo,
  Post,
  Visibility,
} from './card.js';
import { isDuplicateKey, modelOf, takenField } from '../../../storage/index.js';

/** What a card says, and what it is sorted and found by (words.ts). */
export interface CardRecord extends CardContent {
  readonly sortKey: string;
  readonly search: string;
}

type Row = Omit<Card, 'id' | 'personIds' | 'photo' | 'contacts' | 'details' | keyof Credentials> &
  Partial<Credentials> & {
    contacts?: readonly Contact[];
    details: Readonly<Partial<Record<string, Detail>>>;
    photo?: Photo | null;
    /** Absent rather than empty: an index counts an empty list as a value, and a unique one takes it once. */
    personIds?: readonly string[];
    /** Addresses of cards that were merged into this one. */
    oldSlugs?: readonly string[];
    sortKey: string;
    search: string;
  };

const consent = new Schema(
  {
    at: { type: Date, required: true },
    personId: { type: String, default: '' },
    name: { type: String, default: '' },
    text: { type: String },
  },
  { _id: false },
);
const contact = new Schema<Contact>(
  {
    id: { type: String, required: true },
    kind: { type: String, required: true },
    value: { type: String, required: true },
    purpose: { type: String, default: 'any' },
    hours: { type: String, default: '' },
    visibility: { type: String, required: true },
    consent: { type: consent, default: null },
  },
  { _id: false, id: false },
);
const education = new Schema({ level: String, speciality: String, qualification: String }, { _id: false });
const training = new Schema({ title: String, place: String, finishedOn: String }, { _id: false });
const change = new Schema(
  {
    at: { type: Date, required: true },
    personId: { type: String, default: '' },
    name: { type: String, default: '' },
    what: { type: String, required: true },
    fields: { type: [String], default: [] },
    opened: { type: [String], default: [] },
    closed: { type: [String], default: [] },
  },
  { _id: false },
);

const schema = new Schema<Row>(
  {
    slug: { type: String, required: true },
    personIds: { type: [String], default: undefined },
    oldSlugs: { type: [String], default: undefined },
    name: {
      surname: { type: String, default: '' },
      givenName: { type: String, default: '' },
      patronymic: { type: String, default: '' },
    },
    position: { type: String, default: '' },
    subjects: { type: [String], default: [] },
    associationIds: { type: [String], default: [] },
    posts: { type: [String], default: [] },
    visibility: { type: String, required: true },
    consent: { type: consent, default: null },
    education: { type: [education], default: [] },
    degree: { type: String, default: '' },
    academicTitle: { type: String, default: '' },
    training: { type: [training], default: [] },
    retraining: { type: [training], default: [] },
    experienceSince: { type: String, default: '' },
    programmes: { type: [String], default: [] },
    /** Absent on a card that was stored when contacts were details, until it is saved. */
    contacts: { type: [contact], default: undefined },
    /** Kind → detail. Which kinds there are, card.ts says. */
    details: { type: Schema.Types.Mixed, required: true },
    sortKey: { type: String, required: true },
    search: { type: String, required: true },
    photo: {
      type: new Schema<Photo>({ fileId: { type: String, required: true } }, { _id: false }),
      default: null,
    },
    version: { type: Number, required: true },
    journal: { type: [change], default: [] },
  },
  { timestamps: true, collection: 'directory_cards', versionKey: false },
);
schema.index({ slug: 1 }, { unique: true });
schema.index({ personIds: 1 }, { unique: true, sparse: true });
schema.index({ visibility: 1, sortKey: 1, _id: 1 });
schema.index({ associationIds: 1, sortKey: 1, _id: 1 });
schema.index({ posts: 1 });
schema.index({ 'contacts.value': 1 });
schema.index({ oldSlugs: 1 }, { sparse: true });

type Found = Row & { _id: Types.ObjectId };

/** A card as it is stored. */
export type CardRow = Found;
export const cardsModel = (connection: Connection) => modelOf(connection, 'DirectoryCard', schema);

/** The newest changes that a card's journal keeps. */
const JOURNAL = 100;

/** Part of a list: what to find, and which part of it. */
export interface CardQuery {
  readonly visibility: readonly Visibility[];
  /** All of them are in the card's name or subjects, or in the title of its association; folded (search-words.ts). */
  readonly words: readonly SearchedWord[];
  /** Members of this association, and its head. */
  readonly association?: { readonly id: string; readonly headId: string };
}

export interface SearchedWord {
  readonly word: string;
  /** Associations with the word in their titles: their members and heads are found by it. */
  readonly associations: readonly { readonly id: string; readonly headId: string }[];
}

const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

function filterOfWord({ word, associations }: SearchedWord) {
  const inCard = { search: { $regex: literal(word) } };
  if (associations.length === 0) return inCard;
  const heads = associations.map(({ headId }) => headId).filter((id) => id !== '');
  return {
    $or: [inCard, { associationIds: { $in: associations.map(({ id }) => id) } }, { _id: { $in: heads } }],
  };
}

/** Contacts of a card from the time when each kind stood once on it, among its details. */
const oldContacts = (details: Readonly<Partial<Record<string, Detail>>>): Contact[] =>
  CONTACT_KINDS.flatMap((kind) => {
    const detail = details[kind];
    return detail === undefined || detail.value === ''
      ? []
      : [{ ...detail, id: kind, kind, purpose: 'any' as const, hours: '' }];
  });

const filterOf = ({ visibility, words, association }: CardQuery) => ({
  visibility: { $in: [...visibility] },
  ...(association && {
    $or: [
      { associationIds: association.id },
      ...(association.headId === '' ? [] : [{ _id: association.headId }]),
    ],
  }),
  ...(words.length > 0 && { $and: words.map(filterOfWord) }),
});

/** @param blank what a card has that is older than a kind of detail */
export function createCardsStore(connection: Connection, blank: CardContent) {
  const model = cardsModel(connection);

  const plain = (row: Found): Card => ({
    id: row._id.toString(),
    slug: row.slug,
    personIds: row.personIds ?? [],
    photo: row.photo ? { fileId: row.photo.fileId } : null,
    name: { surname: row.name.surname, givenName: row.name.givenName, patronymic: row.name.patronymic },
    position: row.position,
    subjects: row.subjects,
    associationIds: row.associationIds,
    posts: row.posts,
    visibility: row.visibility,
    consent: row.consent,
    education: (row.education ?? []).map(({ level, speciality, qualification }) => ({
      level,
      speciality,
      qualification,
    })),
    degree: row.degree ?? NO_CREDENTIALS.degree,
    academicTitle: row.academicTitle ?? NO_CREDENTIALS.academicTitle,
    training: (row.training ?? []).map(({ title, place, finishedOn }) => ({ title, place, finishedOn })),
    retraining: (row.retraining ?? []).map(({ title, place, finishedOn }) => ({ title, place, finishedOn })),
    experienceSince: row.experienceSince ?? NO_CREDENTIALS.experienceSince,
    programmes: row.programmes ?? NO_CREDENTIALS.programmes,
    contacts: row.contacts ?? oldContacts(row.details),
    details: {
      hours: row.details.hours ?? blank.details.hours,
      about: row.details.about ?? blank.details.about,
    },
    version: row.version,
    journal: row.journal,
  });

  return {
    /**
     * Puts a new card in.
     * @returns the card; or which of its keys is taken by another, the slug or one of the persons
     */
    async insert(
      slug: string,
      personIds: readonly string[],
      record: CardRecord,
      made: Change,
    ): Promise<Card | 'slug' | 'person'> {
      try {
        const row = await model.create({
          ...record,
          ...(personIds.length > 0 && { personIds }),
          slug,
          version: 1,
          journal: [made],
        });
        return plain(row.toObject());
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        return takenField(error, ['slug', 'personIds']) === 'slug' ? 'slug' : 'person';
      }
    },

    /** Writes new content over exactly this version. @returns null when the card is of another version, or gone */
    async replace(id: string, version: number, record: CardRecord, change: Change): Promise<Card | null> {
      const row = await model
        .findOneAndUpdate(
          { _id: id, version },
          {
            $set: record,
            $inc: { version: 1 },
            $push: { journal: { $each: [change], $slice: -JOURNAL } },
          },
          { returnDocument: 'after' },
        )
        .lean<Found>();
      return row && plain(row);
    },

    /** Changes the photo of exactly this version. Returns false when the card is of another version, or gone. */
    async setPhoto(id: string, version: number, photo: Photo | null, change: Change): Promise<boolean> {
      const { matchedCount } = await model.updateOne(
        { _id: id, version },
        {
          $set: { photo },
          $inc: { version: 1 },
          $push: { journal: { $each: [change], $slice: -JOURNAL } },
        },
      );
      return matchedCount === 1;
    },

    /** Gives a post to a card or takes it. Returns false when there is no such card. */
    async setPost(id: string, post: Post, holds: boolean, change: Change): Promise<boolean> {
      const { matchedCount } = await model.updateOne(
        { _id: id },
        {
          ...(holds ? { $addToSet: { posts: post } } : { $pull: { posts: post } }),
          $inc: { version: 1 },
          $push: { journal: { $each: [change], $slice: -JOURNAL } },
        },
      );
      return matchedCount === 1;
    },

    /** Ids of the files that these cards show. */
    async listPhotos(ids: readonly string[]): Promise<string[]> {
      const rows = await model
        .find({ _id: { $in: [...ids] } })
        .select({ photo: 1 })
        .lean<Pick<Row, 'photo'>[]>();
      return rows.flatMap(({ photo }) => (photo ? [photo.fileId] : []));
    },

    /** Says that the card is this person's as well. @returns false when there is no such card, or the person has one */
    async link(id: string, personId: string): Promise<boolean> {
      try {
        const done = await model.updateOne({ _id: id }, { $addToSet: { personIds: personId } });
        return done.matchedCount > 0;
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        return false;
      }
    },

    /** Gives the persons and the addresses of a merged card to the kept one, and removes it. */
    async takeOver(merged: Card, keptId: string): Promise<void> {
      const slugs = [merged.slug, ...((await model.findById(merged.id).lean<Found>())?.oldSlugs ?? [])];
      await model.updateOne({ _id: keptId }, { $addToSet: { oldSlugs: { $each: slugs } } });
      await model.updateOne({ _id: merged.id }, { $unset: { personIds: 1 } });
      for (const personId of merged.personIds) await this.link(keptId, personId);
      await model.deleteOne({ _id: merged.id });
    },

    async remove(id: string): Promise<boolean> {
      return (await model.deleteOne({ _id: id })).deletedCount > 0;
    },

    /** Takes an association that is no more off all cards. */
    async forgetAssociation(associationId: string): Promise<void> {
      // Not a new version: a card form that is open now does not conflict with it.
      await model.updateMany({ associationIds: associationId }, { $pull: { associationIds: associationId } });
    },

    async findOptional(id: string): Promise<Card | null> {
      const row = await model.findById(id).lean<Found>();
      return row && plain(row);
    },

    async findMany(ids: readonly string[]): Promise<Card[]> {
      const rows = await model
        .find({ _id: { $in: [...new Set(ids)] } })
        .select({ journal: 0 })
        .lean<Found[]>();
      return rows.map((row) => plain({ ...row, journal: [] }));
    },

    /** Ids of the cards that have one of the visibilities. */
    async listIds(visibility: readonly Visibility[]): Promise<string[]> {
      const rows = await model
        .find({ visibility: { $in: [...visibility] } })
        .select({ _id: 1 })
        .lean<Pick<Found, '_id'>[]>();
      return rows.map(({ _id }) => _id.toString());
    },

    async findOptionalBySlug(slug: string): Promise<Card | null> {
      const row =
        (await model.findOne({ slug }).lean<Found>()) ??
        (await model.findOne({ oldSlugs: slug }).lean<Found>());
      return row && plain(row);
    },

    async findOptionalByPerson(personId: string): Promise<Card | null> {
      const row = await model.findOne({ personIds: personId }).lean<Found>();
      return row && plain(row);
    },

    /** Cards of these persons, in the order of a Russian list. */
    async listOfPersons(personIds: readonly string[]): Promise<Card[]> {
      const rows = await model
        .find({ personIds: { $in: [...personIds] } })
        .sort({ sortKey: 1, _id: 1 })
        .select({ journal: 0 })
        .lean<Found[]>();
      return rows.map((row) => plain({ ...row, journal: [] }));
    },

    /** Cards with this contact. @param value normalised */
    async listByContact(kind: ContactKind, value: string): Promise<Card[]> {
      const rows = await model
        .find({ contacts: { $elemMatch: { kind, value } } })
        .select({ journal: 0 })
        .lean<Found[]>();
      return rows.map((row) => plain({ ...row, journal: [] }));
    },

    /** Returns the cards of these persons, in no particular order. */
    async listByPersons(personIds: readonly string[]): Promise<Card[]> {
      return (await model.find({ personIds: { $in: [...personIds] } }).lean<Found[]>()).map(plain);
    },

    /** In the order of a Russian list. */
    async list(query: CardQuery, skip: number, limit: number): Promise<Card[]> {
      const rows = await model
        .find(filterOf(query))
        .sort({ sortKey: 1, _id: 1 })
        .skip(skip)
        .limit(limit)
        .select({ journal: 0 })
        .lean<Found[]>();
      return rows.map((row) => plain({ ...row, journal: [] }));
    },

    count: (query: CardQuery): Promise<number> => model.countDocuments(filterOf(query)),

    /** Those who hold one of the posts, and the cards with these ids; in the order of a Russian list. */
    async responsible(
      visibility: readonly Visibility[],
      posts: readonly Post[],
      headIds: readonly string[],
    ): Promise<Card[]> {
      const rows = await model
        .find({
          visibility: { $in: [...visibility] },
          $or: [{ posts: { $in: [...posts] } }, { _id: { $in: [...headIds] } }],
        })
        .sort({ sortKey: 1, _id: 1 })
        .select({ journal: 0 })
        .lean<Found[]>();
      return rows.map((row) => plain({ ...row, journal: [] }));
    },
  };
}

export type CardsStore = ReturnType<typeof createCardsStore>;
