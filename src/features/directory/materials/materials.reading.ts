import type { Card } from '../cards/card.js';
import { seesCard, visibleTo, type Reader } from '../directory.policy.js';
import { notInDirectory } from '../refusals.js';
import { audiencesFor } from './material-files.js';
import type { Material } from './material.js';
import type { MaterialsService, MaterialsServiceDeps } from './materials.service.js';
import type { MaterialQuery } from './material-lists.js';

export const MATERIALS_PAGE = 30;

/** What readers see of materials. */
export function createMaterialsReading({
  materials,
  cardsStore,
}: Pick<MaterialsServiceDeps, 'materials' | 'cardsStore'>): Pick<
  MaterialsService,
  'search' | 'publicKeys' | 'find' | 'listOfCard' | 'listPublished'
> {
  async function seen(reader: Reader, material: Material): Promise<Card | null> {
    if (!audiencesFor(reader).includes(material.audience)) return null;
    const card = await cardsStore.findOptional(material.cardId);
    return card !== null && seesCard(reader, card) ? card : null;
  }

  /** The materials that the reader may see. */
  const seenBy = async (reader: Reader): Promise<Pick<MaterialQuery, 'audiences' | 'cardIds'>> => ({
    audiences: audiencesFor(reader),
    ...(reader !== 'staff' && { cardIds: await cardsStore.idsOf(visibleTo(reader)) }),
  });

  return {
    async search(reader, { q, topic, page }) {
      const query: MaterialQuery = {
        ...(await seenBy(reader)),
        text: q,
        ...(topic !== '' && { topic }),
      };
      const { materials: rows, total } = await materials.page(
        query,
        (page - 1) * MATERIALS_PAGE,
        MATERIALS_PAGE,
      );
      const pages = Math.max(1, Math.ceil(total / MATERIALS_PAGE));
      if (page > pages) throw notInDirectory();
      const owners = new Map(
        (await cardsStore.findMany(rows.map(({ cardId }) => cardId)))
          // What was hidden since is not shown.
          .filter((card) => seesCard(reader, card))
          .map((card) => [card.id, card]),
      );
      const collator = new Intl.Collator('ru');
      return {
        materials: rows.flatMap((material) => {
          const card = owners.get(material.cardId);
          return card === undefined ? [] : [{ material, card }];
        }),
        topics: [...(await materials.topics(query))].sort((a, b) => collator.compare(a, b)),
        total,
        page,
        pages,
      };
    },

    publicKeys: async () => materials.keys({ ...(await seenBy('anyone')), text: '' }),

    async find(reader, key) {
      const material = await materials.findOptional(key);
      const card = material && (await seen(reader, material));
      if (material === null || card === null) throw notInDirectory();
      return { material, card };
    },

    listOfCard: (reader, cardId) => materials.listOfCard(cardId, audiencesFor(reader)),

    async listPublished(from, to) {
      const found = await materials.listCreated(from, to);
      if (found.length === 0) return [];
      const cards = await cardsStore.findMany([...new Set(found.map(({ cardId }) => cardId))]);
      return cards
        .filter((card) => seesCard('student', card))
        .map(({ id: cardId, slug, name, personIds }) => ({
          ...{ cardId, slug, name, personIds },
          titles: found.filter((material) => material.cardId === cardId).map(({ title }) => title),
        }));
    },
  };
}
