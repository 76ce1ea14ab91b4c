import './pages.view.js';
import type { RequestHandler, Router } from 'express';
import { translator, type Locale } from '../../i18n/index.js';
import type { Files, UploadRule } from '../../infra/files/index.js';
import type { Jobs } from '../../infra/jobs/index.js';
import type { Clock } from '../../shared/clock.js';
import type { ContentKind } from '../../shared/content.js';
import { NAMELESS, type PersonName } from '../../shared/names.js';
import type { PersonalData } from '../../shared/personal-data.js';
import { createRegistry, type Registry } from '../../shared/registry.js';
import type { Storage } from '../../storage/index.js';
import type { AdministratorOf } from '../../web/admin-sections.js';
import { createAssociationsService, type AssociationsService } from './associations/associations.service.js';
import { createAssociationsStore } from './associations/associations.store.js';
import { blankCard, type Visibility } from './cards/card.js';
import { createCardsService, type CardsService } from './cards/cards.service.js';
import { createCardsStore } from './cards/cards.store.js';
import { createMergeService } from './cards/merge.service.js';
import { photoUpload } from './cards/photos.routes.js';
import { createPhotosService } from './cards/photos.service.js';
import { addImportJob } from './import/import.jobs.js';
import { importUpload } from './import/import.routes.js';
import { createImportService, type ImportService } from './import/import.service.js';
import { createImportsStore } from './import/imports.store.js';
import { createImportWriter } from './import/writer.js';
import { materialContent } from './materials/content.js';
import { materialUploads } from './materials/materials.routes.js';
import { createMaterialsService, type MaterialsService } from './materials/materials.service.js';
import { createMaterialsStore } from './materials/materials.store.js';
import { createOrganisation, type Organisation } from './organisation/organisation.service.js';
import { createOrganisationStore } from './organisation/organisation.store.js';
import { createDirectoryPersonalData } from './personal-data.store.js';
import type { FreeTimes } from './public/free-times.js';
import { createReadingService } from './public/reading.service.js';
import { oldAddresses } from './public/site.routes.js';
import { adminRouter, courseRouter, openRouter } from './routers.js';
import { createSiteService, type SiteService } from './site/site.service.js';
import { createSiteStore } from './site/site.store.js';

export { CONTACT_KINDS, detailsOf, NO_CREDENTIALS } from './cards/card.js';
export type { Card, ContactKind, DetailKind, Editor, Post, Visibility } from './cards/card.js';
export type { CardImport } from './cards/cards.service.js';
export type { ContactInput } from './cards/revise.js';
export { normaliseContact } from './cards/contacts.js';
export type { FreeTimes } from './public/free-times.js';
export { POSTS } from './cards/card.js';
export { hasDuties, NO_DUTIES } from './organisation/organisation.js';
export type { Department, Duties, Holder, Programme } from './organisation/organisation.js';
export type { Organisation, TeacherPlace } from './organisation/organisation.service.js';

export interface DirectoryDeps {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly jobs: Pick<Jobs, 'register' | 'enqueue'>;
  readonly files: Files;
  /** Is given the feature's kinds of content. */
  readonly kinds: Pick<Registry<ContentKind>, 'add'>;
  /** Persons who teach in a course. */
  readonly teachersOf: (courseId: string) => Promise<readonly string[]>;
  /** Origin under which the open pages stand. */
  readonly publicUrl: string;
  /** The centre's own language. */
  readonly locale: () => Promise<Locale>;
}

/** What other features may know of a card. Who may see it, `visibility` says. */
export interface CardSummary {
  readonly id: string;
  readonly slug: string;
  readonly name: PersonName;
  readonly position: string;
  readonly subjects: readonly string[];
  readonly associationIds: readonly string[];
  readonly visibility: Visibility;
}

/** Teachers of the centre, their associations, contacts and materials; each for those whom its owner lets see it. */
export interface DirectoryFeature {
  /** `/c/:courseKey/directory` */
  readonly router: Router;
  /** The open site: no session, no login. Mounted at the root, it leaves alone what is not its. */
  readonly openRouter: RequestHandler;
  /** `/admin/directory` */
  adminRouter(administratorOf: AdministratorOf): Router;
  /** `/directory`, where the open site stood before. */
  readonly oldAddresses: Router;
  /** Addresses of `router`, and of the pages at `/admin`, that take files. */
  readonly uploads: readonly UploadRule[];
  /** Is given what knows the next free times of a teacher. */
  readonly freeTimes: Pick<Registry<FreeTimes>, 'add'>;
  /** The card of a person of a registration; null when they have none. */
  cardOfPerson(personId: string): Promise<CardSummary | null>;
  /** Slugs of the cards of these persons that colleagues, or students, may see, by person. */
  slugsOf(personIds: readonly string[], staff: boolean): Promise<ReadonlyMap<string, string>>;
  /** The ids under which the people of cards are known, a list per card. */
  identitiesOf(personIds: readonly string[]): Promise<string[][]>;
  /** Posts, departments, associations and programmes. */
  readonly organisation: Organisation;
  /** For imports and seeds. */
  readonly upsertCard: CardsService['upsert'];
  readonly upsertAssociation: AssociationsService['upsert'];
  readonly materials: Pick<MaterialsService, 'create'>;
  /** Materials that students may see and that were published after `from` and by `to`, by the card they belong to. */
  newMaterials: MaterialsService['listPublished'];
  readonly cards: Pick<CardsService, 'forEdit'>;
  readonly imports: Pick<ImportService, 'readFile' | 'upload' | 'apply' | 'preview'>;
  readonly site: Pick<SiteService, 'find' | 'change'>;
  putPhoto(slug: string, picture: Buffer): Promise<void>;
  /** How many cards there are. */
  countCards(): Promise<number>;
  readonly personalData: PersonalData;
}

export function createDirectory(deps: DirectoryDeps): DirectoryFeature {
  const { storage, clock, files, kinds, publicUrl, locale } = deps;
  const { connection } = storage;
  const cardsStore = createCardsStore(connection, blankCard(NAMELESS));
  const associationsStore = createAssociationsStore(connection);
  const materialsStore = createMaterialsStore(connection);
  const site = createSiteService(createSiteStore(connection));
  const photos = createPhotosService({ cards: cardsStore, files, clock });
  const removeParts = async (cardId: string): Promise<void> => {
    await photos.removeOf(cardId);
    await materials.removeOf(cardId);
  };
  const cards: CardsService = createCardsService({
    cards: cardsStore,
    associations: associationsStore,
    clock,
    removeParts,
  });
  const materials = createMaterialsService({ materials: materialsStore, cards, cardsStore, files, clock });
  const associations = createAssociationsService(associationsStore, cardsStore);
  const merging = createMergeService({
    ...{ cards: cardsStore, associations: associationsStore, materials: materialsStore, photos, clock },
  });
  const organisationStore = createOrganisationStore(connection);
  const organisation = createOrganisation({
    cards: cardsStore,
    associations: associationsStore,
    store: organisationStore,
    clock,
  });
  const importsStore = createImportsStore(connection);
  const imports: ImportService = createImportService({
    store: importsStore,
    files,
    writer: createImportWriter({
      ...{ cards: cardsStore, associationsStore, associations, store: importsStore, removeParts, clock },
    }),
    clock,
    enqueue: addImportJob(deps.jobs, () => imports),
  });
  const freeTimes = createRegistry<FreeTimes>();
  const parts = {
    ...{
      cards,
      photos,
      associations,
      associationsStore,
      materials,
      merging,
      imports,
      organisation,
      site,
      clock,
      publicUrl,
    },
    teachersOf: deps.teachersOf,
    reading: createReadingService(cardsStore, associationsStore),
    freeTimes: {
      async nextFreeOf(personIds: readonly string[], limit: number) {
        if (personIds.length === 0) return [];
        const found = await Promise.all(freeTimes.all().map((times) => times.nextFreeOf(personIds, limit)));
        return found.flat().slice(0, limit);
      },
    },
  };

  kinds.add({
    kind: 'directory',
    label: 'directory.kind',
    path: () => 'directory',
    openPath: () => '/teachers',
    // The name stays in the LMS's course, so it is in the centre's language.
    list: async () => [{ id: 'centre', title: translator(await locale())('directory.content') }],
  });
  kinds.add(materialContent(materialsStore, (personId) => cards.ofPerson(personId)));

  return {
    openRouter: openRouter(parts),
    oldAddresses: oldAddresses(),
    adminRouter: (administratorOf) => adminRouter(parts, administratorOf),
    router: courseRouter(parts),
    uploads: [photoUpload, ...materialUploads, importUpload],
    freeTimes,
    async cardOfPerson(personId) {
      const card = await cards.ofPerson(personId);
      if (card === null) return null;
      const { id, slug, name, position, subjects, associationIds, visibility } = card;
      return { id, slug, name, position, subjects, associationIds, visibility };
    },
    slugsOf: async (personIds, staff) =>
      new Map(
        (await cardsStore.listByPersons(personIds))
          .filter(({ visibility }) => staff || visibility !== 'staff')
          .flatMap((card) => card.personIds.map((id) => [id, card.slug] as const)),
      ),
    identitiesOf: async (personIds) =>
      (await cardsStore.listByPersons(personIds)).map((card) => [...card.personIds]),
    organisation,
    upsertCard: (card, by) => cards.upsert(card, by),
    upsertAssociation: (association) => associations.upsert(association),
    materials,
    newMaterials: (from, to) => materials.listPublished(from, to),
    cards,
    imports,
    site,
    async putPhoto(slug, picture) {
      const card = await cardsStore.findOptionalBySlug(slug);
      if (card !== null) await photos.putPrepared(card, picture);
    },
    countCards: () => cards.count(),
    personalData: createDirectoryPersonalData(connection, async (cardId) => {
      await associationsStore.forgetHead(cardId);
      await organisationStore.forgetHead(cardId);
      await photos.removeOf(cardId);
      await materials.removeOf(cardId);
    }),
  };
}
