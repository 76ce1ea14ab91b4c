import { badInput, forbidden } from '../../../shared/errors.js';
import type { AssociationRecord, AssociationsStore } from './associations.store.js';
import type { Association } from '../cards/card.js';
import type { CardsStore } from '../cards/cards.store.js';
import { mayEditAssociation, mayManage, mayNameHead, type CardActor } from '../directory.policy.js';
import type { Duties } from '../organisation/organisation.js';
import type { GroupsStore } from '../groups/groups.store.js';
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
  /** Whether the actor may change the association: one they answer for, or any. */
  mayEdit(actor: CardActor, association: Association): Promise<boolean>;
  /** Whether the actor may say who heads an association. */
  mayNameHead(actor: CardActor): Promise<boolean>;
  /** @throws DomainError `forbidden`; `directory-nobody` */
  forEdit(actor: CardActor, slug: string): Promise<Association>;
  /**
   * Who heads it stays unless the actor may name the head.
   * @throws DomainError `directory-stale` (409); `directory-title-taken` (409); `bad-input` on `head`
   */
  save(
    actor: CardActor,
    association: Association,
    version: number,
    input: AssociationInput,
  ): Promise<Association>;
  /** Its teachers keep their cards and only leave it; its groups go with it. */
  remove(actor: CardActor, slug: string): Promise<void>;
}

export function createAssociationsService(
  associations: AssociationsStore,
  cards: CardsStore,
  groups: Pick<GroupsStore, 'removeOfAssociation'>,
  dutiesOf: (actor: CardActor) => Promise<Duties>,
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

    mayEdit: async (actor, association) =>
      mayManage(actor) || mayEditAssociation(actor, association, await dutiesOf(actor)),

    mayNameHead: async (actor) => mayManage(actor) || mayNameHead(actor, await dutiesOf(actor)),

    async forEdit(actor: CardActor, slug: string): Promise<Association> {
      const association = await associations.findOptionalBySlug(slug);
      if (association === null) throw mayManage(actor) ? notInDirectory() : forbidden();
      if (!(await this.mayEdit(actor, association))) throw forbidden();
      return association;
    },

    async save(
      actor: CardActor,
      association: Association,
      version: number,
      input: AssociationInput,
    ): Promise<Association> {
      if (!(await this.mayEdit(actor, association))) throw forbidden();
      if (association.version !== version) throw stale();
      const wanted = await recordOf(input);
      const record = (await this.mayNameHead(actor)) ? wanted : { ...wanted, headId: association.headId };
      const saved = await associations.replace(association.id, version, record);
      if (saved === null) throw stale();
      if (saved === 'title') throw titleTaken();
      return saved;
    },

    async remove(actor: CardActor, slug: string): Promise<void> {
      if (!mayManage(actor)) throw forbidden();
      const association = await this.forEdit(actor, slug);
      await associations.remove(association.id);
      await cards.forgetAssociation(association.id);
      await groups.removeOfAssociation(association.id);
    },
  };
}
