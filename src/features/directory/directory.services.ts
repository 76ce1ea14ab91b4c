import type { Locale } from '../../i18n/index.js';
import type { Events } from '../../infra/events/index.js';
import type { Exports } from '../../infra/export/index.js';
import type { Files } from '../../infra/files/index.js';
import type { Jobs } from '../../infra/jobs/index.js';
import type { Clock } from '../../shared/clock.js';
import type { ContentKind } from '../../shared/content.js';
import { NAMELESS } from '../../shared/names.js';
import type { Registry } from '../../shared/registry.js';
import type { Storage } from '../../storage/index.js';
import { createAssociationsService } from './associations/associations.service.js';
import { createAssociationsStore } from './associations/associations.store.js';
import { blankCard, VISIBILITIES } from './cards/card.js';
import { createCardsService, type CardsService } from './cards/cards.service.js';
import { createCardsStore } from './cards/cards.store.js';
import { createInsert } from './cards/upsert.js';
import { createMergeService } from './cards/merge.service.js';
import { createPhotosService } from './cards/photos.service.js';
import { addImportJobs } from './import/import.jobs.js';
import { createImportService, type ImportService } from './import/import.service.js';
import { createImportsStore } from './import/imports.store.js';
import { createRowContext } from './import/row-context.js';
import { createImportStructure } from './import/structure.js';
import { createImportWriter } from './import/writer.js';
import { createMailings } from './mailings/mailings.service.js';
import { createMailingsStore } from './mailings/mailings.store.js';
import { createToldMailings } from './mailings/told-mailing.js';
import type { MembershipFeature } from '../membership/index.js';
import { MATERIAL_AUDIENCES } from './materials/material.js';
import { createMaterialsService } from './materials/materials.service.js';
import { createMaterialsStore } from './materials/materials.store.js';
import type { CardActor } from './directory.policy.js';
import { createFromOtherFeatures } from './from-other-features.js';
import type { Duties } from './organisation/organisation.js';
import { createGroupsService } from './groups/groups.service.js';
import { createGroupsStore } from './groups/groups.store.js';
import { createLmsGroups } from './groups/lms-groups.js';
import { createOrganisation } from './organisation/organisation.service.js';
import { createOrganisationStore } from './organisation/organisation.store.js';
import { scheduleTerms } from './organisation/terms.jobs.js';
import { createReadingService } from './public/reading.service.js';
import { createRosterCards } from './roster/roster-cards.service.js';
import { createSiteService } from './site/site.service.js';
import { createSiteStore } from './site/site.store.js';
import { createDirectoryVersion } from './version.store.js';

/** More than an association has. */
const MOST_MEMBERS = 500;

export interface DirectoryDeps {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly jobs: Pick<Jobs, 'register' | 'enqueue' | 'schedule'>;
  readonly files: Files;
  readonly exports: Pick<Exports, 'defineTable'>;
  /** Is given the feature's kinds of content. */
  readonly kinds: Pick<Registry<ContentKind>, 'add'>;
  readonly membership: Pick<MembershipFeature, 'people' | 'courses' | 'groupsOf'>;
  readonly events: Pick<Events, 'watch'>;
  /** Whether mail leaves at all. */
  readonly mailIsOn: boolean;
  /** Origin under which the open pages stand. */
  readonly publicUrl: string;
  /** The centre's own language. */
  readonly locale: () => Promise<Locale>;
  /** The centre's time zone. */
  readonly zone: () => Promise<string>;
}

/** The stores and services of the directory, each handed what it stands on. */
export function createServices(deps: DirectoryDeps) {
  const { storage, clock, files, publicUrl } = deps;
  const { connection } = storage;
  const version = createDirectoryVersion(connection, clock);
  const cardsStore = createCardsStore(connection, blankCard(NAMELESS), version);
  const associationsStore = createAssociationsStore(connection);
  const materialsStore = createMaterialsStore(connection, version);
  const site = createSiteService(createSiteStore(connection), files);
  const photos = createPhotosService({ cards: cardsStore, files, clock });
  const removeParts = async (cardId: string): Promise<void> => {
    await photos.removeOf(cardId);
    await groupsStore.forgetTeacher(cardId);
    await materials.removeOf(cardId);
  };
  const organisationStore = createOrganisationStore(connection);
  const groupsStore = createGroupsStore(connection);
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
    departments: organisationStore,
    clock,
    dutiesOf,
    removeParts,
  });
  const materials = createMaterialsService({ materials: materialsStore, cards, cardsStore, files, clock });
  const associations = createAssociationsService(associationsStore, cardsStore, groupsStore, dutiesOf);
  const groups = createGroupsService({
    ...{ store: groupsStore, associations },
    membersOf: (association) =>
      cardsStore.list({ visibility: VISIBILITIES, words: [], association }, 0, MOST_MEMBERS),
    findCards: (ids) => cardsStore.findMany(ids),
    listLmsGroups: createLmsGroups(deps.membership),
  });
  const merging = createMergeService({
    ...{ cards: cardsStore, associations: associationsStore, departments: organisationStore },
    ...{ materials: materialsStore, groups: groupsStore, photos, clock },
  });
  const rosterCards = createRosterCards({
    ...{ courses: deps.membership.courses, people: deps.membership.people, cards: cardsStore },
    insert: createInsert(cardsStore, clock),
  });
  const importsStore = createImportsStore(connection);
  const mailingsStore = createMailingsStore(connection);
  const mailings = createMailings({ ...deps, mailings: mailingsStore, cards, materials });
  const toldMailings = createToldMailings({
    ...{ mailings: mailingsStore, cardsStore, materials, membership: deps.membership, publicUrl },
    kinds: async () => (await site.find()).kinds,
  });
  const { freeTimes, taughtClasses, selfChecks, associationUses, sources, usesAssociation } =
    createFromOtherFeatures(deps.membership.courses);
  const structure = createImportStructure({
    ...{
      associationsStore,
      associations,
      organisation: organisationStore,
      groups: groupsStore,
      usesAssociation,
    },
    countMembers: ({ id }) =>
      cardsStore.count({ visibility: VISIBILITIES, words: [], association: { id, headId: '' } }),
    hasCard: async (id) => (await cardsStore.findOptional(id)) !== null,
    note: (key, changes) => importsStore.addStructure(key, changes),
  });
  const context = createRowContext({ organisation, clock, zone: deps.zone });
  const imports: ImportService = createImportService({
    ...{ store: importsStore, files, clock, structure, context },
    writer: createImportWriter({
      ...{ cards: cardsStore, structure, store: importsStore, removeParts, clock, context },
      hasMaterials: async (cardId) =>
        (await materialsStore.listOfCard(cardId, MATERIAL_AUDIENCES)).length > 0,
    }),
    jobs: addImportJobs(deps.jobs, () => imports),
  });
  const parts = {
    ...sources,
    ...{
      cards,
      photos,
      associations,
      associationsStore,
      groups,
      materials,
      merging,
      imports,
      rosterCards,
      mailings,
      organisation,
      site,
      clock,
      exports: deps.exports,
      version,
      publicUrl,
      dutiesOf,
    },
    teachersOf: async (courseId: string) =>
      (await deps.membership.courses.members(courseId))
        .filter(({ role }) => role === 'teacher')
        .map(({ personId }) => personId),
    reading: createReadingService(cardsStore, associationsStore, organisationStore),
  };
  return {
    ...{ cardsStore, materialsStore, groupsStore, parts, freeTimes, taughtClasses },
    ...{ selfChecks, associationUses, toldMailings },
    /** A card is erased: deletes what belongs to it, and what names it. */
    async forgetCard(cardId: string): Promise<void> {
      await associationsStore.forgetHead(cardId);
      await organisationStore.forgetHead(cardId);
      await removeParts(cardId);
    },
  };
}
