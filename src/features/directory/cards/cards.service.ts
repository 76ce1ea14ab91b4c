import type { Actor } from '../../../shared/actor.js';
import type { Clock } from '../../../shared/clock.js';
import { badInput, forbidden } from '../../../shared/errors.js';
import { fullName, NAMELESS } from '../../../shared/names.js';
import type { AssociationsStore } from '../associations/associations.store.js';
import { blankCard, VISIBILITIES, type Card, type CardContent, type Editor } from './card.js';
import type { CardRecord, CardsStore } from './cards.store.js';
import { mayEdit, mayHaveCard, mayManage } from '../directory.policy.js';
import { notInDirectory, stale } from '../refusals.js';
import { revise, type CardInput, type SentCard } from './revise.js';
import { insertUnderFreeSlug } from './slugs.js';
import { nameKey, searchable } from './search-words.js';

export interface CardsServiceDeps {
  readonly cards: CardsStore;
  readonly associations: AssociationsStore;
  readonly clock: Clock;
  /** Deletes the files of a card that is gone. */
  readonly removePhotos: (cardId: string) => Promise<void>;
}

/** A card as an import or a seed brings it. */
export interface CardImport extends CardInput {
  /** Persons whose card it is; the card of the first who has one is written over. */
  readonly personIds: readonly string[];
}

const recordOf = (content: CardContent): CardRecord => ({
  ...content,
  sortKey: nameKey(content.name),
  search: searchable(content.name, content.subjects),
});

const EVERYBODY = { visibility: VISIBILITIES, words: [] };

const editorOf = (actor: Actor): Editor => ({ personId: actor.personId, name: fullName(actor.name) });

export interface CardsService {
  /** The actor's own card; null before they have made one. @throws DomainError `forbidden` for those who have none */
  ownOptional(actor: Actor): Promise<Card | null>;
  /**
   * Makes the actor's own card. Later launches change nothing on it.
   * @throws DomainError `forbidden`; `directory-stale` (409) when another tab was faster; `bad-input`
   */
  makeOwn(actor: Actor, sent: SentCard): Promise<Card>;
  /** @throws DomainError `forbidden`; `directory-nobody` */
  forEdit(actor: Actor, slug: string): Promise<Card>;
  /**
   * Writes what was sent over the version that it was made from. Posts are a manager's to give.
   * @throws DomainError `directory-stale` (409); `bad-input` on `associations` or `consent`
   */
  save(actor: Actor, card: Card, version: number, sent: SentCard): Promise<Card>;
  /** Creates a card by hand; it has no person until one is linked. */
  create(actor: Actor, sent: SentCard): Promise<Card>;
  /** Removes the card with all it holds: what is known of a person goes when they go. */
  remove(actor: Actor, slug: string): Promise<void>;
  /**
   * For imports and seeds: writes over the card of one of the persons, or makes a new one. Contacts must be in
   * normal form.
   * @throws DomainError `bad-input` on `consent`
   */
  upsert(cardImport: CardImport, by: Editor): Promise<Card>;
  ofPerson(personId: string): Promise<Card | null>;
  /** For choosing a head: all cards, by name. */
  everybody(): Promise<Card[]>;
  count(): Promise<number>;
}

export function createCardsService({
  cards,
  associations,
  clock,
  removePhotos,
}: CardsServiceDeps): CardsService {
  /** @returns `'person'` when one of the persons has a card already */
  function insert(
    personIds: readonly string[],
    input: CardInput,
    editor: Editor,
    what: 'made' | 'imported',
  ): Promise<Card | 'person'> {
    const { content, change } = revise(blankCard(NAMELESS), input, editor, clock.now(), what);
    return insertUnderFreeSlug(fullName(input.name), 'teacher', (slug) =>
      cards.insert(slug, personIds, recordOf(content), change),
    );
  }

  async function toInput({ associations: slugs, ...sent }: SentCard): Promise<CardInput> {
    const known = new Map((await associations.all()).map(({ slug, id }) => [slug, id]));
    const associationIds = slugs.map((slug) => {
      const id = known.get(slug);
      if (id === undefined) throw badInput({ associations: 'errors.field.wrong' });
      return id;
    });
    return { ...sent, associationIds };
  }

  return {
    async ownOptional(actor: Actor): Promise<Card | null> {
      if (!mayHaveCard(actor)) throw forbidden();
      return cards.findOptionalByPerson(actor.personId);
    },

    async makeOwn(actor: Actor, sent: SentCard): Promise<Card> {
      if (!mayHaveCard(actor)) throw forbidden();
      const input = await toInput(mayManage(actor) ? sent : { ...sent, posts: [] });
      const made = await insert([actor.personId], input, editorOf(actor), 'made');
      if (made === 'person') throw stale();
      return made;
    },

    async forEdit(actor: Actor, slug: string): Promise<Card> {
      if (!mayHaveCard(actor)) throw forbidden();
      const card = await cards.findOptionalBySlug(slug);
      if (card === null) throw notInDirectory();
      if (!mayEdit(actor, card)) throw forbidden();
      return card;
    },

    async save(actor: Actor, card: Card, version: number, sent: SentCard): Promise<Card> {
      if (!mayEdit(actor, card)) throw forbidden();
      if (card.version !== version) throw stale();
      const input = await toInput(mayManage(actor) ? sent : { ...sent, posts: card.posts });
      const { content, change } = revise(card, input, editorOf(actor), clock.now(), 'edited');
      const saved = await cards.replace(card.id, version, recordOf(content), change);
      if (saved === null) throw stale();
      return saved;
    },

    async create(actor: Actor, sent: SentCard): Promise<Card> {
      if (!mayManage(actor)) throw forbidden();
      const input = await toInput(sent);
      // Without a person there is none who could have a card already.
      return (await insert([], input, editorOf(actor), 'made')) as Card;
    },

    async remove(actor: Actor, slug: string): Promise<void> {
      if (!mayManage(actor)) throw forbidden();
      const card = await cards.findOptionalBySlug(slug);
      if (card === null) throw notInDirectory();
      await cards.remove(card.id);
      await associations.forgetHead(card.id);
      await removePhotos(card.id);
    },

    async upsert({ personIds, ...input }: CardImport, by: Editor): Promise<Card> {
      for (;;) {
        const found = await Promise.all(personIds.map((personId) => cards.findOptionalByPerson(personId)));
        const known = found.find((card) => card !== null);
        if (known === undefined) {
          const made = await insert(personIds, input, by, 'imported');
          if (made !== 'person') return made;
          continue;
        }
        const { content, change } = revise(known, input, by, clock.now(), 'imported');
        const saved = await cards.replace(known.id, known.version, recordOf(content), change);
        if (saved === null) continue;
        await Promise.all(personIds.map((personId) => cards.link(saved.id, personId)));
        return (await cards.findOptional(saved.id)) ?? saved;
      }
    },

    ofPerson: (personId: string): Promise<Card | null> => cards.findOptionalByPerson(personId),

    everybody: (): Promise<Card[]> => cards.list(EVERYBODY, 0, 5_000),

    count: (): Promise<number> => cards.count(EVERYBODY),
  };
}
