import type { Actor } from '../../../shared/actor.js';
import type { ContentKind } from '../../../shared/content.js';
import type { Card } from '../cards/card.js';
import { MATERIAL_AUDIENCES } from './material.js';
import type { MaterialsStore } from './materials.store.js';

/** Materials as content that a teacher places into a course: their own, or all for those who manage cards. */
export const materialContent = (
  materials: Pick<MaterialsStore, 'page' | 'listOfCard'>,
  cardOf: (personId: string) => Promise<Card | null>,
): ContentKind => ({
  kind: 'material',
  label: 'directory.material.kind',
  path: (id) => `directory/materials/${encodeURIComponent(id)}`,
  openPath: (id) => `/materials/${encodeURIComponent(id)}`,
  async list(actor: Actor) {
    const card = await cardOf(actor.personId);
    const found =
      actor.centreRole !== undefined
        ? (await materials.page({ audiences: MATERIAL_AUDIENCES, text: '' }, 0, 200)).materials
        : card === null
          ? []
          : await materials.listOfCard(card.id, MATERIAL_AUDIENCES);
    return found.map(({ key, title, topic, description }) => ({
      id: key,
      title,
      ...(topic !== '' && { hint: topic }),
      ...(description !== '' && { description }),
    }));
  },
});
