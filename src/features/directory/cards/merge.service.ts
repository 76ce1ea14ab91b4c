import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../../../shared/clock.js';
import { badInput, forbidden } from '../../../shared/errors.js';
import { fullName } from '../../../shared/names.js';
import type { AssociationsStore } from '../associations/associations.store.js';
import { mayManage, type CardActor } from '../directory.policy.js';
import { notInDirectory, stale } from '../refusals.js';
import type { GroupsStore } from '../groups/groups.store.js';
import type { MaterialsStore } from '../materials/materials.store.js';
import type { OrganisationStore } from '../organisation/organisation.store.js';
import type { Card, CardContent } from './card.js';
import { contentOf, recordOf } from './record.js';
import type { CardsStore } from './cards.store.js';
import { mergeConflicts, mergeContent, mergeTerms, without } from './merge.js';
import type { PhotosService } from './photos.service.js';

export interface MergePreview {
  readonly kept: Card;
  readonly merged: Card;
  readonly result: CardContent;
  readonly conflicts: ReturnType<typeof mergeConflicts>;
  readonly materials: number;
}

/** Makes one card of two of the same person. */
export interface MergeService {
  /**
   * @param take fields in which the merged card's value is kept, of those in which the cards differ
   * @throws DomainError `forbidden`; `directory-nobody`; `bad-input` on `into` for the same card
   */
  preview(actor: CardActor, from: string, into: string, take?: readonly string[]): Promise<MergePreview>;
  /**
   * Merges into the version of the kept card that the preview showed. Addresses, persons, materials, photo,
   * history, groups, led associations and departments of the other card pass to it.
   * @throws DomainError `directory-stale` (409)
   */
  merge(
    actor: CardActor,
    from: string,
    into: string,
    version: number,
    take?: readonly string[],
  ): Promise<Card>;
}

export interface MergeServiceDeps {
  readonly cards: CardsStore;
  readonly associations: Pick<AssociationsStore, 'moveHead'>;
  readonly departments: Pick<OrganisationStore, 'moveHead'>;
  readonly groups: Pick<GroupsStore, 'moveTeacher'>;
  readonly materials: Pick<MaterialsStore, 'move' | 'listOfCard'>;
  readonly photos: Pick<PhotosService, 'copy' | 'removeOf'>;
  readonly clock: Clock;
}

export function createMergeService({
  cards,
  associations,
  departments,
  groups,
  materials,
  photos,
  clock,
}: MergeServiceDeps): MergeService {
  return {
    async preview(actor, from, into, take = []) {
      if (!mayManage(actor)) throw forbidden();
      const [merged, kept] = await Promise.all([
        cards.findOptionalBySlug(from),
        cards.findOptionalBySlug(into),
      ]);
      if (merged === null) throw notInDirectory();
      if (kept === null || kept.id === merged.id) throw badInput({ into: 'errors.field.wrong' });
      const conflicts = mergeConflicts(kept, merged);
      const taken = conflicts.map(({ field }) => field).filter((field) => take.includes(field));
      return {
        kept,
        merged,
        result: mergeContent(without(kept, taken), merged),
        conflicts,
        materials: (await materials.listOfCard(merged.id, ['public', 'students'])).length,
      };
    },

    async merge(actor, from, into, version, take = []) {
      const { kept, merged, result } = await this.preview(actor, from, into, take);
      if (kept.version !== version) throw stale();
      const change = {
        at: clock.now(),
        personId: actor.personId,
        name: fullName(actor.name),
        what: 'merged' as const,
        fields: ['name'],
        opened: [],
        closed: [],
      };
      const record = { ...recordOf(result), postTerms: mergeTerms(kept, merged) };
      // A merge cut short is finished by the next one: what it has written is not written again.
      const isBegun = await cards.hasAddress(kept.id, merged.slug);
      const isWritten =
        isBegun && isDeepStrictEqual(record, { ...recordOf(contentOf(kept)), postTerms: kept.postTerms });
      const saved = isWritten ? kept : await cards.replace(kept.id, version, record, change, [merged.slug]);
      if (saved === null) throw stale();
      // Each step may be repeated.
      await materials.move(merged.id, kept.id);
      await associations.moveHead(merged.id, kept.id);
      await departments.moveHead(merged.id, kept.id);
      await groups.moveTeacher(merged.id, kept.id);
      await photos.copy(merged, saved);
      await cards.takeOver(merged, kept.id);
      await photos.removeOf(merged.id);
      return (await cards.findOptional(kept.id)) ?? saved;
    },
  };
}
