import type { FileOwnerKind } from '../../../infra/files/index.js';
import type { CardsStore } from '../cards/cards.store.js';
import { readerOf, seesCard, type Reader } from '../directory.policy.js';
import { MATERIAL_AUDIENCES, type MaterialAudience } from './material.js';
import type { MaterialsStore } from './materials.store.js';

/** Whose files they are, for infra/files. */
export const FILES_OF_MATERIALS = 'teaching-material';
const MEGABYTE = 1024 * 1024;

/** What readers of one kind may see. */
export const audiencesFor = (reader: Reader): readonly MaterialAudience[] =>
  reader === 'anyone' ? ['public'] : MATERIAL_AUDIENCES;

/** The files of one card's materials. */
export const filesOf = (
  materials: MaterialsStore,
  cards: Pick<CardsStore, 'findOptional'>,
): FileOwnerKind => ({
  kind: FILES_OF_MATERIALS,
  maxFiles: 300,
  maxBytes: 1_000 * MEGABYTE,
  async mayRead(actor, { id }) {
    const material = await materials.findOptionalByFile(id);
    if (material === null) return false;
    const reader = readerOf(actor ?? undefined);
    // Earlier versions are for those who work with them.
    if (material.file?.fileId !== id && reader !== 'staff') return false;
    if (!audiencesFor(reader).includes(material.audience)) return false;
    const card = await cards.findOptional(material.cardId);
    return card !== null && seesCard(reader, card);
  },
  inUse: (found) => materials.filesInUse(found.map(({ id }) => id)),
});
