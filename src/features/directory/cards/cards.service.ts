import type { Clock } from '../../../shared/clock.js';
import { badInput, forbidden } from '../../../shared/errors.js';
import { fullName } from '../../../shared/names.js';
import type { AssociationsStore } from '../associations/associations.store.js';
import { VISIBILITIES, type Card, type Editor } from './card.js';
import type { CardsStore } from './cards.store.js';
import { mayEdit, mayHaveCard, mayManage, type CardActor } from '../directory.policy.js';
import type { Duties } from '../organisation/organisation.js';
import type { OrganisationStore } from '../organisation/organisation.store.js';
import { notInDirectory, stale } from '../refusals.js';
import { contentOf, recordOf } from './record.js';
import { revise, withdraw, withdrawAll, type CardInput, type SentCard } from './revise.js';
import { createInsert, createUpsert, type CardImport } from './upsert.js';

export interface CardsServiceDeps {
  readonly cards: CardsStore;
  readonly associations: AssociationsStore;
  readonly departments: Pick<OrganisationStore, 'forgetHead'>;
  readonly clock: Clock;
  /** What the actor answers for. */
  readonly dutiesOf: (actor: CardActor) => Promise<Duties>;
  /** Deletes what belongs to a card that is gone: its photo and its materials. */
  readonly removeParts: (cardId: string) => Promise<void>;
}

const EVERYBODY = { visibility: VISIBILITIES, words: [] };

const editorOf = (actor: CardActor): Editor => ({ personId: actor.personId, name: fullName(actor.name) });

export interface CardsService {
  /** The actor's own card; null before they have made one. @throws DomainError `forbidden` for those who have none */
  ownOptional(actor: CardActor): Promise<Card | null>;
  /**
   * Makes the actor's own card. Later launches change nothing on it.
   * @throws DomainError `forbidden`; `directory-stale` (409) when another tab was faster; `bad-input`
   */
  makeOwn(actor: CardActor, sent: SentCard): Promise<Card>;
  /** @throws DomainError `forbidden`; `directory-nobody` */
  forEdit(actor: CardActor, slug: string): Promise<Card>;
  /**
   * Writes what was sent over the version that it was made from. Posts are a manager's to give.
   * @throws DomainError `directory-stale` (409); `bad-input` on `associations` or `consent`
   */
  save(actor: CardActor, card: Card, version: number, sent: SentCard): Promise<Card>;
  /** Creates a card by hand; it has no person until one is linked. */
  create(actor: CardActor, sent: SentCard): Promise<Card>;
  /** Removes the card with all it holds: what is known of a person goes when they go. */
  remove(actor: CardActor, slug: string): Promise<void>;
  /**
   * For imports and seeds: writes over the card of one of the persons, or makes a new one. Contacts must be in
   * normal form.
   * @throws DomainError `bad-input` on `consent`
   */
  upsert(cardImport: CardImport, by: Editor): Promise<Card>;
  /** Whether the actor may change the card: their own, those of associations they answer for, or any. */
  mayEdit(actor: CardActor, card: Card): Promise<boolean>;
  /**
   * Takes back the consent to show a contact, or with `all` everything of the card, to everybody. It is hidden at
   * once, whatever others save at the same moment.
   */
  withdraw(actor: CardActor, slug: string, what: 'all' | { readonly contact: string }): Promise<Card>;
  ofPerson(personId: string): Promise<Card | null>;
  /** Cards of these persons, by name. */
  ofPersons(personIds: readonly string[]): Promise<Card[]>;
  /** For choosing a head: all cards, by name. */
  everybody(): Promise<Card[]>;
  count(): Promise<number>;
  countPublic(): Promise<number>;
}

export function createCardsService({
  cards,
  associations,
  departments,
  clock,
  dutiesOf,
  removeParts,
}: CardsServiceDeps): CardsService {
  const insert = createInsert(cards, clock);

  async function toInput({ associations: slugs, ...sent }: SentCard): Promise<CardInput> {
    const known = new Map((await associations.all()).map(({ slug, id }) => [slug, id]));
    const associationIds = slugs.map((slug) => {
      const id = known.get(slug);
      if (id === undefined) throw badInput({ associations: 'errors.field.wrong' });
      return id;
    });
    return { ...sent, associationIds };
  }

  async function isEditable(actor: CardActor, card: Card): Promise<boolean> {
    return mayEdit(actor, card) || mayEdit(actor, card, await dutiesOf(actor));
  }

  return {
    upsert: createUpsert(cards, insert, clock),
    mayEdit: isEditable,

    async withdraw(actor, slug, what) {
      for (;;) {
        const card = await this.forEdit(actor, slug);
        const by = editorOf(actor);
        const done =
          what === 'all' ? withdrawAll(card, by, clock.now()) : withdraw(card, what.contact, by, clock.now());
        if (done === null) return card;
        const saved = await cards.replace(
          card.id,
          card.version,
          recordOf(contentOf(done.content)),
          done.change,
        );
        if (saved !== null) return saved;
      }
    },

    async ownOptional(actor: CardActor): Promise<Card | null> {
      if (!mayHaveCard(actor)) throw forbidden();
      return actor.cardId === undefined
        ? cards.findOptionalByPerson(actor.personId)
        : cards.findOptional(actor.cardId);
    },

    async makeOwn(actor: CardActor, sent: SentCard): Promise<Card> {
      if (!mayHaveCard(actor)) throw forbidden();
      const input = await toInput(mayManage(actor) ? sent : { ...sent, posts: [] });
      const made = await insert([actor.personId], input, editorOf(actor), 'made');
      if (made === 'person') throw stale();
      return made;
    },

    async forEdit(actor: CardActor, slug: string): Promise<Card> {
      const card = await cards.findOptionalBySlug(slug);
      // Who may edit no card learns nothing of which exist.
      if (card === null) throw mayHaveCard(actor) ? notInDirectory() : forbidden();
      if (!(await isEditable(actor, card))) throw forbidden();
      return card;
    },

    async save(actor: CardActor, card: Card, version: number, sent: SentCard): Promise<Card> {
      if (!(await isEditable(actor, card))) throw forbidden();
      if (card.version !== version) throw stale();
      const input = await toInput(mayManage(actor) ? sent : { ...sent, posts: card.posts });
      const { content, change } = revise(card, input, editorOf(actor), clock.now(), 'edited');
      // A post that is taken off in the form does not come back by its date.
      const taken = card.posts.filter((post) => !content.posts.includes(post));
      const postTerms = card.postTerms.filter(({ post }) => !taken.includes(post));
      const saved = await cards.replace(card.id, version, { ...recordOf(content), postTerms }, change);
      if (saved === null) throw stale();
      return saved;
    },

    async create(actor: CardActor, sent: SentCard): Promise<Card> {
      if (!mayManage(actor)) throw forbidden();
      const input = await toInput(sent);
      // Without a person there is none who could have a card already.
      return (await insert([], input, editorOf(actor), 'made')) as Card;
    },

    async remove(actor: CardActor, slug: string): Promise<void> {
      if (!mayManage(actor)) throw forbidden();
      const card = await cards.findOptionalBySlug(slug);
      if (card === null) throw notInDirectory();
      await cards.remove(card.id);
      await associations.forgetHead(card.id);
      await departments.forgetHead(card.id);
      await removeParts(card.id);
    },

    ofPersons: (personIds) => cards.listOfPersons(personIds),

    ofPerson: (personId: string): Promise<Card | null> => cards.findOptionalByPerson(personId),

    everybody: (): Promise<Card[]> => cards.list(EVERYBODY, 0, 5_000),

    count: (): Promise<number> => cards.count(EVERYBODY),
    countPublic: (): Promise<number> => cards.count({ visibility: ['public'], words: [] }),
  };
}
