import { typeOfFile, type UploadedFile } from '../../../infra/files/index.js';
import { badInput, DomainError } from '../../../shared/errors.js';
import { searchTerms } from '../../../shared/search-terms.js';
import { insertUnderFreeSlug } from '../cards/slugs.js';
import type { CardActor } from '../directory.policy.js';
import { notInDirectory, stale } from '../refusals.js';
import { FILES_OF_MATERIALS } from './material-files.js';
import type { MaterialContent, StoredFile } from './material.js';
import type { MaterialFields, MaterialsService, MaterialsServiceDeps } from './materials.service.js';
import type { MaterialRecord } from './materials.store.js';

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

/** What teachers do with their materials. */
export function createMaterialsEditing(
  deps: MaterialsServiceDeps,
): Pick<MaterialsService, 'create' | 'forEdit' | 'save' | 'remove' | 'removeOf'> {
  const { materials, cards, cardsStore, files, clock } = deps;

  async function store(actor: CardActor, cardId: string, upload: UploadedFile): Promise<StoredFile> {
    const type = await typeOfFile(upload.path, upload.name);
    // Pages and programs have no type here.
    if (type === null || type.includes('executable') || type.includes('msdownload'))
      throw badInput({ file: 'errors.field.fileType' });
    const file = await files
      .store({
        owner: { kind: FILES_OF_MATERIALS, id: cardId },
        uploadedBy: actor.personId,
        name: upload.name,
        type,
        source: { path: upload.path },
      })
      .catch((error: unknown) => {
        if (!(error instanceof DomainError) || error.code !== 'files-quota') throw error;
        // Beside the field, so that the form is shown again with what was typed.
        const fields = { file: 'errors.field.filesFull' };
        throw new DomainError(error.code, error.status, { ...error.details, fields });
      });
    return { fileId: file.id, name: file.name, size: file.size };
  }

  return {
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
      await files.removeOf({ kind: FILES_OF_MATERIALS, id: cardId });
    },
  };
}
