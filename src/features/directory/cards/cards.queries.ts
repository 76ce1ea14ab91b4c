import { POSTS } from './card.js';
import type { Card, ContactKind, Post, TaughtProgrammes, Visibility } from './card.js';
import type { CardsModel, Found, Row } from './cards.model.js';

/** Finds cards by what they are: id, address, person, contact, post. Lists and the search: cards.store.ts. */
export function createCardQueries(model: CardsModel, plain: (row: Found) => Card) {
  return {
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

    async listSlugs(visibility: readonly Visibility[]): Promise<string[]> {
      const rows = await model
        .find({ visibility: { $in: [...visibility] } })
        .sort({ sortKey: 1, _id: 1 })
        .select({ slug: 1 })
        .lean<Pick<Found, 'slug'>[]>();
      return rows.map(({ slug }) => slug);
    },

    /** Those who teach in programmes, in the order of a Russian list. */
    async listTaught(visibility: readonly Visibility[]): Promise<TaughtProgrammes[]> {
      const rows = await model
        .find({ visibility: { $in: [...visibility] }, 'programmes.0': { $exists: true } })
        .sort({ sortKey: 1, _id: 1 })
        .select({ slug: 1, name: 1, programmes: 1 })
        .lean<Pick<Found, 'slug' | 'name' | 'programmes'>[]>();
      return rows.map(({ slug, name, programmes = [] }) => ({ slug, name, programmes }));
    },

    async findOptionalBySlug(slug: string): Promise<Card | null> {
      const row =
        (await model.findOne({ slug }).lean<Found>()) ??
        (await model.findOne({ oldSlugs: slug }).lean<Found>());
      return row && plain(row);
    },

    /** Whether the address of another card leads to this one. */
    hasAddress: async (id: string, slug: string): Promise<boolean> =>
      (await model.exists({ _id: id, oldSlugs: slug })) !== null,

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
