import { isDuplicateKey, takenField } from '../../../storage/index.js';
import type { Card, Change, Photo } from './card.js';
import type { CardsModel, CardRecord, Found } from './cards.model.js';

/** The newest changes that a card's journal keeps. */
const JOURNAL = 100;

/** Tells lines of journals apart. */
const lineKey = ({ at, personId, what, fields, opened, closed }: Change): string =>
  JSON.stringify([at, personId, what, fields, opened, closed]);

/** What each change of a card writes: its next version, and a line in its journal. */
const asNext = (change: Change) => ({
  $inc: { version: 1 },
  $push: { journal: { $each: [change], $slice: -JOURNAL } },
});

/** @param forget a card is gone: lists know it no more */
export function createCardWrites(
  model: CardsModel,
  plain: (row: Found) => Card,
  forget: (id: string) => void,
) {
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

    /**
     * Writes new content over exactly this version.
     * @param addresses of another card, which lead to this one from now on
     * @returns null when the card is of another version, or gone
     */
    async replace(
      id: string,
      version: number,
      record: CardRecord,
      change: Change,
      addresses: readonly string[] = [],
    ): Promise<Card | null> {
      const row = await model
        .findOneAndUpdate(
          { _id: id, version },
          {
            $set: record,
            ...asNext(change),
            ...(addresses.length > 0 && { $addToSet: { oldSlugs: { $each: addresses } } }),
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
        { $set: { photo }, ...asNext(change) },
      );
      return matchedCount === 1;
    },

    /** Changes the posts of exactly this version. Returns false when the card is of another version, or gone. */
    async setPosts(
      { id, version }: Pick<Card, 'id' | 'version'>,
      { posts, postTerms }: Pick<Card, 'posts' | 'postTerms'>,
      change: Change,
    ): Promise<boolean> {
      const set = { $set: { posts, postTerms }, ...asNext(change) };
      const { matchedCount } = await model.updateOne({ _id: id, version }, set);
      return matchedCount === 1;
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

    /**
     * Gives the persons, the addresses and the history of a merged card to the kept one, and removes it. May be
     * repeated after it was cut short.
     */
    async takeOver(merged: Card, keptId: string): Promise<void> {
      const slugs = [merged.slug, ...((await model.findById(merged.id).lean<Found>())?.oldSlugs ?? [])];
      for (;;) {
        const kept = await model.findById(keptId).lean<Found>();
        if (kept === null) return;
        const known = new Set(kept.journal.map(lineKey));
        const missing = merged.journal.filter((line) => !known.has(lineKey(line)));
        const { matchedCount } = await model.updateOne(
          { _id: keptId, version: kept.version },
          {
            $addToSet: { oldSlugs: { $each: slugs } },
            // Before what was done to the kept card: its newest lines are those of its newest versions.
            $push: { journal: { $each: missing, $position: 0, $slice: -JOURNAL } },
          },
        );
        if (matchedCount === 1) break;
      }
      await model.updateOne({ _id: merged.id }, { $unset: { personIds: 1 } });
      for (const personId of merged.personIds) await this.link(keptId, personId);
      await model.deleteOne({ _id: merged.id });
      forget(merged.id);
    },

    async remove(id: string): Promise<boolean> {
      const { deletedCount } = await model.deleteOne({ _id: id });
      forget(id);
      return deletedCount > 0;
    },

    /** Removes exactly this version. Returns false when it is of another, is gone, or is a person's. */
    async removeUnlinked({ id, version }: Pick<Card, 'id' | 'version'>): Promise<boolean> {
      const filter = { _id: id, version, 'personIds.0': { $exists: false } };
      const { deletedCount } = await model.deleteOne(filter);
      if (deletedCount > 0) forget(id);
      return deletedCount > 0;
    },

    /** Takes an association that is no more off all cards. */
    async forgetAssociation(associationId: string): Promise<void> {
      // Not a new version: a card form that is open now does not conflict with it.
      await model.updateMany({ associationIds: associationId }, { $pull: { associationIds: associationId } });
    },
  };
}
