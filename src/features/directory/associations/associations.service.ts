import { badInput, forbidden } from '../../../shared/errors.js';
import type { AssociationRecord, AssociationsStore } from './associations.store.js';
import type { Association } from '../cards/card.js';
import type { CardsStore } from '../cards/cards.store.js';
import { mayManage, type CardActor } from '../directory.policy.js';
import { notInDirectory, stale, titleTaken } from '../refusals.js';
import { insertUnderFreeSlug } from '../cards/slugs.js';
import { folded, sortKey } from '../cards/search-words.js';

export interface AssociationInput {
  readonly title: string;
  readonly description: string;
  /** Slug of the head's card, or ''. */
  readonly head: string;
}

export interface AssociationsService {
  /** For imports and seeds: writes over the association of this title, or makes it. @throws `bad-input` on `head` */
  upsert(input: AssociationInput): Promise<Association>;
  /** @throws DomainError `forbidden`; `directory-title-taken` (409); `bad-input` on `head` */
  create(actor: CardActor, input: AssociationInput): Promise<Association>;
  /** @throws DomainError `forbidden`; `directory-nobody` */
  forEdit(actor: CardActor, slug: string): Promise<Association>;
  /** @throws DomainError `directory-stale` (409); `directory-title-taken` (409); `bad-input` on `head` */
  save(
    actor: CardActor,
    association: Association,
    version: number,
    input: AssociationInput,
  ): Promise<Association>;
  /** Its teachers keep their cards and only leave it. */
  remove(actor: CardActor, slug: string): Promise<void>;
}

export function createAssociationsService(
  associations: AssociationsStore,
  cards: CardsStore,
): AssociationsService {
  async function recordOf({ title, description, head }: AssociationInput): Promise<AssociationRecord> {
    const card = head === '' ? null : await cards.findOptionalBySlug(head);
    if (head !== '' && card === null) throw badInput({ head: 'errors.field.wrong' });
    return { title, description, headId: card?.id ?? '', sortKey: sortKey(title), titleKey: folded(title) };
  }

  return {
    async upsert(input: AssociationInput): Promise<Association> {
      const wanted = await recordOf(input);
      for (;;) {
        const made = await insertUnderFreeSlug(input.title, 'association', (slug) =>
          associations.insert(slug, wanted),
        );
        if (made !== 'title') return made;
        const known = await associations.findOptionalByTitle(wanted.titleKey);
        const saved = known && (await associations.replace(known.id, known.version, wanted));
        if (saved !== null && saved !== 'title') return saved;
      }
    },

    async create(actor: CardActor, input: AssociationInput): Promise<Association> {
      if (!mayManage(actor)) throw forbidden();
      const wanted = await recordOf(input);
      const made = await insertUnderFreeSlug(input.title, 'association', (slug) =>
        associations.insert(slug, wanted),
      );
      if (made === 'title') throw titleTaken();
      return made;
    },

    async forEdit(actor: CardActor, slug: string): Promise<Association> {
      if (!mayManage(actor)) throw forbidden();
      const association = await associations.findOptionalBySlug(slug);
      if (association === null) throw notInDirectory();
      return association;
    },

    async save(
      actor: CardActor,
      association: Association,
      version: number,
      input: AssociationInput,
    ): Promise<Association> {
      if (!mayManage(actor)) throw forbidden();
      if (association.version !== version) throw stale();
      const saved = await associations.replace(association.id, version, await recordOf(input));
      if (saved === null) throw stale();
      if (saved === 'title') throw titleTaken();
      return saved;
    },

    async remove(actor: CardActor, slug: string): Promise<void> {
      const association = await this.forEdit(actor, slug);
      await associations.remove(association.id);
      await cards.forgetAssociation(association.id);
    },
  };
}
