import { typeOfFile, type FileOwnerKind, type Files, type UploadedFile } from '../../../infra/files/index.js';
import type { Clock } from '../../../shared/clock.js';
import { badInput } from '../../../shared/errors.js';
import { searchTerms } from '../../../shared/search-terms.js';
import type { Card } from '../cards/card.js';
import type { CardsService } from '../cards/cards.service.js';
import type { CardsStore } from '../cards/cards.store.js';
import { insertUnderFreeSlug } from '../cards/slugs.js';
import { readerOf, seesCard, visibleTo, type CardActor, type Reader } from '../directory.policy.js';
import { notInDirectory, stale } from '../refusals.js';
import {
  MATERIAL_AUDIENCES,
  type Material,
  type MaterialAudience,
  type MaterialContent,
  type StoredFile,
} from './material.js';
import type { MaterialInput } from './materials.schema.js';
import type { TestRef } from './self-checks.js';
import type { MaterialQuery, MaterialRecord, MaterialsStore } from './materials.store.js';

export const MATERIALS_PAGE = 30;

export interface MaterialSearch {
  readonly q: string;
  /** '' for all. */
  readonly topic: string;
  /** From 1. */
  readonly page: number;
}

export interface FoundMaterials {
  readonly materials: readonly { readonly material: Material; readonly card: Card }[];
  readonly topics: readonly string[];
  readonly total: number;
  readonly page: number;
  readonly pages: number;
}

/** New materials of one teacher. */
export interface PublishedMaterials extends Pick<Card, 'slug' | 'name' | 'personIds'> {
  readonly cardId: string;
  readonly titles: readonly string[];
}

/** Materials of teachers. A material is seen by those who see both it and the card to which it belongs. */
export interface MaterialsService {
  /** @throws DomainError `directory-nobody` for a page behind the last */
  search(reader: Reader, request: MaterialSearch): Promise<FoundMaterials>;
  /** @throws DomainError `directory-nobody` */
  find(reader: Reader, key: string): Promise<{ material: Material; card: Card }>;
  listOfCard(reader: Reader, cardId: string): Promise<Material[]>;
  /** What students may see of what was published after `from` and by `to`, by card. */
  listPublished(from: Date, to: Date): Promise<PublishedMaterials[]>;
  /** @throws DomainError `bad-input` on `file`; `files-quota` (409) */
  create(actor: CardActor, card: Card, input: MaterialFields, upload?: UploadedFile): Promise<Material>;
  /** @throws DomainError `forbidden`; `directory-nobody` */
  forEdit(actor: CardActor, key: string): Promise<{ material: Material; card: Card }>;
  /** Keeps the body that it replaces. @throws DomainError `directory-stale` (409); `bad-input` on `file` */
  save(
    actor: CardActor,
    material: Material,
    version: number,
    input: MaterialFields,
    upload?: UploadedFile,
  ): Promise<void>;
  remove(actor: CardActor, key: string): Promise<void>;
  /** Removes all of a card that is gone. */
  removeOf(cardId: string): Promise<void>;
}

export interface MaterialsServiceDeps {
  readonly materials: MaterialsStore;
  readonly cards: Pick<CardsService, 'forEdit' | 'mayEdit'>;
  readonly cardsStore: Pick<CardsStore, 'findOptional' | 'findMany' | 'listIds'>;
  readonly files: Files;
  readonly clock: Clock;
}

/** What a form says, with its tests found. */
export type MaterialFields = Omit<MaterialInput, 'tests'> & { readonly tests: readonly TestRef[] };

const KIND = 'teaching-material';
const MEGABYTE = 1024 * 1024;
export const MATERIAL_MEGABYTES = 50;

/** What readers of one kind may see. */
const audiencesFor = (reader: Reader): readonly MaterialAudience[] =>
  reader === 'anyone' ? ['public'] : MATERIAL_AUDIENCES;

const recordOf = (content: MaterialContent): MaterialRecord => ({
  ...content,
  searchTerms: searchTerms(
    content.title,
    content.topic,
    content.programme,
    content.description,
    content.text,
    content.tasks,
    content.file?.name ?? '',
    ...content.sources.map(({ citation }) => citation),
  ),
});

const contentOf = (input: MaterialFields, file: StoredFile | null): MaterialContent => ({
  ...input,
  file: input.kind === 'file' ? file : null,
  url: input.kind === 'link' || input.kind === 'video' ? input.url : '',
  text: input.kind === 'text' ? input.text : '',
});

export function createMaterialsService(deps: MaterialsServiceDeps): MaterialsService {
  const { materials, cards, cardsStore, files, clock } = deps;
  files.defineOwner(filesOf(materials, cardsStore));

  async function store(actor: CardActor, cardId: string, upload: UploadedFile): Promise<StoredFile> {
    const type = await typeOfFile(upload.path, upload.name);
    // Pages and programs have no type here.
    if (type === null || type.includes('executable') || type.includes('msdownload'))
      throw badInput({ file: 'errors.field.fileType' });
    const file = await files.store({
      owner: { kind: KIND, id: cardId },
      uploadedBy: actor.personId,
      name: upload.name,
      type,
      source: { path: upload.path },
    });
    return { fileId: file.id, name: file.name, size: file.size };
  }

  async function seen(reader: Reader, material: Material): Promise<Card | null> {
    if (!audiencesFor(reader).includes(material.audience)) return null;
    const card = await cardsStore.findOptional(material.cardId);
    return card !== null && seesCard(reader, card) ? card : null;
  }

  return {
    async search(reader, { q, topic, page }) {
      const visible = reader === 'staff' ? null : await cardsStore.listIds(visibleTo(reader));
      const query: MaterialQuery = {
        audiences: audiencesFor(reader),
        text: q,
        ...(topic !== '' && { topic }),
        ...(visible !== null && { cardIds: visible }),
      };
      const [rows, total, all] = await Promise.all([
        materials.list(query, (page - 1) * MATERIALS_PAGE, MATERIALS_PAGE),
        materials.count(query),
        materials.list({ ...query, text: '', topic: undefined }, 0, 2_000),
      ]);
      const pages = Math.max(1, Math.ceil(total / MATERIALS_PAGE));
      if (page > pages) throw notInDirectory();
      const owners = new Map(
        (await cardsStore.findMany(rows.map(({ cardId }) => cardId))).map((card) => [card.id, card]),
      );
      const collator = new Intl.Collator('ru');
      return {
        materials: rows.flatMap((material) => {
          const card = owners.get(material.cardId);
          return card === undefined ? [] : [{ material, card }];
        }),
        topics: [...new Set(all.map((material) => material.topic).filter((name) => name !== ''))].sort(
          (a, b) => collator.compare(a, b),
        ),
        total,
        page,
        pages,
      };
    },

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

    async create(actor, card, input, upload) {
      if (input.kind === 'file' && upload === undefined) throw badInput({ file: 'errors.field.missing' });
      const file = input.kind === 'file' && upload ? await store(actor, card.id, upload) : null;
      const record = recordOf(contentOf(input, file));
      const key = await insertUnderFreeSlug(input.title, 'material', async (free) =>
        (await materials.insert(free, card.id, record, clock.now())) ? { free } : 'slug',
      );
      const made = typeof key === 'string' ? null : await materials.findOptional(key.free);
      if (made === null) throw notInDirectory();
      return made;
    },

    async forEdit(actor, key) {
      const material = await materials.findOptional(key);
      const owner = material && (await cardsStore.findOptional(material.cardId));
      if (material === null || owner === null) throw notInDirectory();
      return { material, card: await cards.forEdit(actor, owner.slug) };
    },

    async save(actor, material, version, input, upload) {
      const file = upload ? await store(actor, material.cardId, upload) : material.file;
      if (input.kind === 'file' && file === null) throw badInput({ file: 'errors.field.missing' });
      const content = contentOf(input, file);
      const changed =
        content.kind !== material.kind ||
        content.url !== material.url ||
        content.text !== material.text ||
        content.file?.fileId !== material.file?.fileId;
      const { kind, url, text } = material;
      const kept = changed
        ? { kind, url, text, file: material.file, version: material.version, at: material.updatedAt }
        : null;
      if (!(await materials.replace(material.id, version, recordOf(content), clock.now(), kept))) {
        if (upload && file) await files.remove([file.fileId]);
        throw stale();
      }
    },

    async remove(actor, key) {
      const { material } = await this.forEdit(actor, key);
      await materials.remove(material.id);
      await files.remove(
        [material.file, ...material.previous.map((version) => version.file)].flatMap((file) =>
          file ? [file.fileId] : [],
        ),
      );
    },

    async removeOf(cardId) {
      await materials.removeOf(cardId);
      await files.removeOf({ kind: KIND, id: cardId });
    },
  };
}

/** The files of one card's materials. */
const filesOf = (materials: MaterialsStore, cards: Pick<CardsStore, 'findOptional'>): FileOwnerKind => ({
  kind: KIND,
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
