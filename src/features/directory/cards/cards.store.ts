import type { Connection } from 'mongoose';
import { createCardIndex } from './card-index.js';
import { POSTS } from './card.js';
import type { Card, CardContent, Change, ContactKind, Photo, Post, Visibility } from './card.js';
import { cardsModel, plainCard, type CardRecord, type Found, type Row } from './cards.model.js';
import { isDuplicateKey, takenField } from '../../../storage/index.js';

/** The newest changes that a card's journal keeps. */
const JOURNAL = 100;

/** Part of a list: what to find, and which part of it. */
export interface CardQuery {
  readonly visibility: readonly Visibility[];
  /** All of them are in the card's name or subjects, or in the title of its association; folded (search-words.ts). */
  readonly words: readonly SearchedWord[];
  /** Members of this association, and its head. */
  readonly association?: { readonly id: string; readonly headId: string };
  /** Teaching staff alone: of a programme by its title, '' for all. */
  readonly staffOf?: string;
}

export interface SearchedWord {
  readonly word: string;
  /** Associations with the word in their titles: their members and heads are found by it. */
  readonly associations: readonly { readonly id: string; readonly headId: string }[];
}

/** Lists of more are no pages of people: they are read as a whole. */
const MOST_BY_ID = 500;

/** @param blank what a card has that is older than a kind of detail */
export function createCardsStore(connection: Connection, blank: CardContent) {
  const model = cardsModel(connection);
  const plain = (row: Found): Card => plainCard(row, blank);
  const index = createCardIndex(model);

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

    /** Changes the posts of exactly this version. Returns false when the card is of another version, or gone. */
    async setPosts(
      { id, version }: Pick<Card, 'id' | 'version'>,
      { posts, postTerms }: Pick<Card, 'posts' | 'postTerms'>,
      change: Change,
    ): Promise<boolean> {
      const { matchedCount } = await model.updateOne(
        { _id: id, version },
        {
          $set: { posts, postTerms },
          $inc: { version: 1 },
          $push: { journal: { $each: [change], $slice: -JOURNAL } },
        },
      );
      return matchedCount === 1;
    },

    /** Cards with posts that begin or end by a date. */
    async listWithTerms(): Promise<Card[]> {
      return (await model.find({ 'postTerms.post': { $in: [...POSTS] } }).lean<Found[]>()).map(plain);
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
      await model.updateOne(
        { _id: keptId },
        { $addToSet: { oldSlugs: { $each: slugs }, postTerms: { $each: merged.postTerms } } },
      );
      await model.updateOne({ _id: merged.id }, { $unset: { personIds: 1 } });
      for (const personId of merged.personIds) await this.link(keptId, personId);
      await model.deleteOne({ _id: merged.id });
      index.forget(merged.id);
    },

    async remove(id: string): Promise<boolean> {
      const { deletedCount } = await model.deleteOne({ _id: id });
      index.forget(id);
      return deletedCount > 0;
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
      const ids = (await index.find(query)).slice(skip, skip + limit);
      const filter = ids.length > MOST_BY_ID ? {} : { _id: { $in: ids } };
      const rows = await model.find(filter).select({ journal: 0 }).lean<Found[]>();
      const byId = new Map(rows.map((row) => [row._id.toString(), row]));
      return ids.flatMap((id) => {
        const row = byId.get(id);
        if (row === undefined) index.forget(id);
        // What was hidden since is not shown.
        return row !== undefined && query.visibility.includes(row.visibility)
          ? [plain({ ...row, journal: [] })]
          : [];
      });
    },

    count: async (query: CardQuery): Promise<number> => (await index.find(query)).length,

    /** Titles of the programmes of the teaching staff that has one of the visibilities. */
    programmes: (visibility: readonly Visibility[]) => index.programmes(visibility),

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
