import './pages.view.js';
import type { Request, RequestHandler, Router } from 'express';
import { translator, type Locale } from '../../i18n/index.js';
import type { Files, UploadRule } from '../../infra/files/index.js';
import type { Jobs } from '../../infra/jobs/index.js';
import type { MailQueue } from '../../infra/mail/index.js';
import type { Clock } from '../../shared/clock.js';
import type { ContentKind } from '../../shared/content.js';
import type { Actor } from '../../shared/actor.js';
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
import { createMailings } from './mailings/mailings.service.js';
import { createMailingsStore } from './mailings/mailings.store.js';
import type { MembershipFeature } from '../membership/index.js';
import { createMaterialsService, type MaterialsService } from './materials/materials.service.js';
import { NO_SELF_CHECKS, type SelfChecks, type TestRef } from './materials/self-checks.js';
import { createMaterialsStore } from './materials/materials.store.js';
import type { CardActor } from './directory.policy.js';
import type { Duties } from './organisation/organisation.js';
import { createOrganisation, type Organisation } from './organisation/organisation.service.js';
import { createOrganisationStore } from './organisation/organisation.store.js';
import { scheduleTerms } from './organisation/terms.jobs.js';
import { createDirectoryPersonalData } from './personal-data.store.js';
import type { FreeTimes } from './public/free-times.js';
import type { TaughtClasses } from './public/taught-classes.js';
import { createReadingService } from './public/reading.service.js';
import { oldAddresses } from './public/site.routes.js';
import { adminRouter, courseRouter, openRouter, staffRouter } from './routers.js';
import { logoUpload } from './site/site.routes.js';
import { createSiteService, type SiteService } from './site/site.service.js';
import { createSiteStore } from './site/site.store.js';

export { CONTACT_KINDS, detailsOf, NO_CREDENTIALS } from './cards/card.js';
export type { Card, ContactKind, DetailKind, Editor, Post, Visibility } from './cards/card.js';
export type { CardImport } from './cards/cards.service.js';
export type { ContactInput } from './cards/revise.js';
export { normaliseContact } from './cards/contacts.js';
export type { FreeTimes } from './public/free-times.js';
export type { SelfChecks, TestRef } from './materials/self-checks.js';
export type { TaughtClass, TaughtClasses } from './public/taught-classes.js';
export { POSTS } from './cards/card.js';
export { termLine } from './credentials.words.js';
export { hasDuties, NO_DUTIES } from './organisation/organisation.js';
export type { Department, Duties, Holder, Programme } from './organisation/organisation.js';
export type { Organisation, TeacherPlace, Term } from './organisation/organisation.service.js';

export interface DirectoryDeps {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly jobs: Pick<Jobs, 'register' | 'enqueue' | 'schedule'>;
  readonly files: Files;
  /** Is given the feature's kinds of content. */
  readonly kinds: Pick<Registry<ContentKind>, 'add'>;
  readonly membership: Pick<MembershipFeature, 'people' | 'courses' | 'groupsOf'>;
  readonly mailQueue: MailQueue;
  /** Whether mail leaves at all. */
  readonly mailIsOn: boolean;
  /** Origin under which the open pages stand. */
  readonly publicUrl: string;
  /** The centre's own language. */
  readonly locale: () => Promise<Locale>;
  /** The centre's time zone. */
  readonly zone: () => Promise<string>;
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
  /** `/staff/directory` @param cardIdOf the card of the person who has signed in */
  staffRouter(cardIdOf: (req: Request) => string): Router;
  /** `/directory`, where the open site stood before. */
  readonly oldAddresses: Router;
  /** Addresses of `router`, and of the pages at `/admin`, that take files. */
  readonly uploads: readonly UploadRule[];
  /** Is given what knows the next free times of a teacher. */
  readonly freeTimes: Pick<Registry<FreeTimes>, 'add'>;
  /** Is given the tests that anyone may try. */
  readonly selfChecks: Pick<Registry<SelfChecks>, 'add'>;
  /** Is given what knows the next classes of teachers. */
  readonly taughtClasses: Pick<Registry<TaughtClasses>, 'add'>;
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
  readonly materials: Pick<MaterialsService, 'create' | 'search' | 'save'>;
  /** Materials that students may see and that were published after `from` and by `to`, by the card they belong to. */
  newMaterials: MaterialsService['listPublished'];
  readonly cards: Pick<CardsService, 'forEdit'>;
  readonly imports: Pick<ImportService, 'readFile' | 'upload' | 'apply' | 'preview'>;
  readonly site: Pick<SiteService, 'find' | 'change' | 'putDrawnLogo'>;
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
  const site = createSiteService(createSiteStore(connection), files);
  const photos = createPhotosService({ cards: cardsStore, files, clock });
  const removeParts = async (cardId: string): Promise<void> => {
    await photos.removeOf(cardId);
    await materials.removeOf(cardId);
  };
  const organisationStore = createOrganisationStore(connection);
  const organisation = createOrganisation({
    cards: cardsStore,
    associations: associationsStore,
    store: organisationStore,
    clock,
    zone: deps.zone,
  });
  scheduleTerms(deps.jobs, organisation);
  const dutiesOf = ({ cardId, personId }: CardActor): Promise<Duties> =>
    cardId === undefined ? organisation.dutiesOf(personId) : organisation.dutiesOfCard(cardId);
  const cards: CardsService = createCardsService({
    cards: cardsStore,
    associations: associationsStore,
    clock,
    dutiesOf,
    removeParts,
  });
  const materials = createMaterialsService({ materials: materialsStore, cards, cardsStore, files, clock });
  const associations = createAssociationsService(associationsStore, cardsStore, dutiesOf);
  const merging = createMergeService({
    ...{ cards: cardsStore, associations: associationsStore, materials: materialsStore, photos, clock },
  });
  const importsStore = createImportsStore(connection);
  const mailings = createMailings({
    ...{ cards, cardsStore, materials, clock, publicUrl, locale },
    ...{ membership: deps.membership, jobs: deps.jobs, mailQueue: deps.mailQueue, mailIsOn: deps.mailIsOn },
    mailings: createMailingsStore(connection),
    kinds: async () => (await site.find()).kinds,
  });
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
  const taughtClasses = createRegistry<TaughtClasses>();
  const selfChecks = createRegistry<SelfChecks>();
  const tried = (): SelfChecks => selfChecks.all()[0] ?? NO_SELF_CHECKS;
  const parts = {
    ...{
      cards,
      photos,
      associations,
      associationsStore,
      materials,
      merging,
      imports,
      mailings,
      organisation,
      site,
      clock,
      publicUrl,
      dutiesOf,
    },
    teachersOf: async (courseId: string) =>
      (await deps.membership.courses.members(courseId))
        .filter(({ role }) => role === 'teacher')
        .map(({ personId }) => personId),
    reading: createReadingService(cardsStore, associationsStore),
    freeTimes: {
      async nextFreeOf(personIds: readonly string[], limit: number) {
        if (personIds.length === 0) return [];
        const found = await Promise.all(freeTimes.all().map((times) => times.nextFreeOf(personIds, limit)));
        return found.flat().slice(0, limit);
      },
    },
    selfChecks: {
      listFor: (actor: Actor) => tried().listFor(actor),
      titleOf: (ref: TestRef) => tried().titleOf(ref),
      page: (...given: Parameters<SelfChecks['page']>) => tried().page(...given),
    },
    taughtClasses: {
      async nextClassesOf(personIds: readonly string[], limit: number) {
        if (personIds.length === 0) return [];
        const found = await Promise.all(
          taughtClasses.all().map((classes) => classes.nextClassesOf(personIds, limit)),
        );
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
    staffRouter: (cardIdOf) => staffRouter(parts, cardIdOf),
    router: courseRouter(parts),
    uploads: [photoUpload, ...materialUploads, importUpload, logoUpload],
    freeTimes,
    taughtClasses,
    selfChecks,
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
