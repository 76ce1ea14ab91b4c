import './pages.view.js';
import type { Request, RequestHandler, Router } from 'express';
import { translator } from '../../i18n/index.js';
import type { UploadRule } from '../../infra/files/index.js';
import type { PersonName } from '../../shared/names.js';
import type { PersonalData } from '../../shared/personal-data.js';
import type { Registry } from '../../shared/registry.js';
import type { AdministratorOf } from '../../web/admin-sections.js';
import type { AssociationUses } from './associations/association-uses.js';
import type { AssociationsService } from './associations/associations.service.js';
import type { NameCases, Visibility } from './cards/card.js';
import type { CardsService } from './cards/cards.service.js';
import { photoUpload } from './cards/photos.routes.js';
import type { GroupsStore } from './groups/groups.store.js';
import { importUpload } from './import/import.routes.js';
import type { ImportService } from './import/import.service.js';
import type { ToldMailings } from './mailings/told-mailing.js';
import { materialContent } from './materials/content.js';
import { materialUploads } from './materials/materials.routes.js';
import type { MaterialsService } from './materials/materials.service.js';
import type { SelfChecks } from './materials/self-checks.js';
import type { Organisation } from './organisation/organisation.service.js';
import { createDirectoryPersonalData } from './personal-data.store.js';
import type { FreeTimes } from './public/free-times.js';
import type { TaughtClasses } from './public/taught-classes.js';
import { oldAddresses } from './public/site.routes.js';
import { adminRouter, courseRouter, openRouter, staffRouter } from './routers.js';
import { logoUpload } from './site/site.routes.js';
import type { SiteService } from './site/site.service.js';
import { createServices, type DirectoryDeps } from './directory.services.js';

export type { DirectoryDeps } from './directory.services.js';
export { CONTACT_KINDS, detailsOf, NO_CREDENTIALS } from './cards/card.js';
export type { Card, ContactKind, DetailKind, Editor, Post, Visibility } from './cards/card.js';
export type { CardImport } from './cards/upsert.js';
export type { ContactInput } from './cards/revise.js';
export { contactText, normaliseContact } from './cards/contacts.js';
export type { FreeTimes } from './public/free-times.js';
export type { SelfChecks, TestRef } from './materials/self-checks.js';
export type { TaughtClass, TaughtClasses } from './public/taught-classes.js';
export { POSTS } from './cards/card.js';
export { mailingSent } from './mailings/mailings.store.js';
export type { ToldMailing, ToldMailings } from './mailings/told-mailing.js';
export { termLine } from './credentials.words.js';
export { hasDuties, NO_DUTIES } from './organisation/organisation.js';
export type { Branch, Department, Duties, Holder, Programme } from './organisation/organisation.js';
export { BRANCH_KINDS, NO_BRANCH_DETAILS } from './organisation/organisation.store.js';
export type { BranchDetails, BranchKind, UnitKind } from './organisation/organisation.store.js';
export type { Organisation, TeacherPlace, Term } from './organisation/organisation.service.js';

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
  /** Is given the features that refer to associations. */
  readonly associationUses: Pick<Registry<AssociationUses>, 'add'>;
  /** Is given what knows the next classes of teachers. */
  readonly taughtClasses: Pick<Registry<TaughtClasses>, 'add'>;
  /** The card of a person of a registration; null when they have none. */
  cardOfPerson(personId: string): Promise<CardSummary | null>;
  /** Slugs of the cards of these persons that colleagues, or students, may see, by person. */
  slugsOf(personIds: readonly string[], staff: boolean): Promise<ReadonlyMap<string, string>>;
  /** How the cards of these persons write their names in cases, by person; '' where the rules are right. */
  nameCasesOf(personIds: readonly string[]): Promise<ReadonlyMap<string, NameCases>>;
  /** The ids under which the people of cards are known, a list per card. */
  identitiesOf(personIds: readonly string[]): Promise<string[][]>;
  /** Posts, departments, associations and programmes. */
  readonly organisation: Organisation;
  /** For imports and seeds. */
  readonly upsertCard: CardsService['upsert'];
  readonly upsertAssociation: AssociationsService['upsert'];
  /** Returns null when the association has a group of this title. */
  readonly addGroup: GroupsStore['insert'];
  readonly materials: Pick<MaterialsService, 'create' | 'search' | 'save'>;
  /** Materials that students may see and that were published after `from` and by `to`, by the card they belong to. */
  newMaterials: MaterialsService['listPublished'];
  /** What teachers have sent to courses and groups, for those who tell of it. */
  readonly mailings: ToldMailings;
  readonly cards: Pick<CardsService, 'forEdit'>;
  readonly imports: Pick<ImportService, 'readFile' | 'upload' | 'apply' | 'preview'>;
  readonly site: Pick<SiteService, 'find' | 'change' | 'putDrawnLogo'>;
  putPhoto(slug: string, picture: Buffer): Promise<void>;
  /** How many cards there are. */
  countCards(): Promise<number>;
  /** How many cards everyone may see. */
  countPublicCards(): Promise<number>;
  readonly personalData: PersonalData;
}

export function createDirectory(deps: DirectoryDeps): DirectoryFeature {
  const { kinds, locale } = deps;
  const services = createServices(deps);
  const { parts, freeTimes, taughtClasses, selfChecks, associationUses } = services;
  const { cards, materials, associations, organisation, imports, site, photos } = parts;
  const { cardsStore, materialsStore } = services;

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
    associationUses,
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
    nameCasesOf: async (personIds) =>
      new Map(
        (await cardsStore.listByPersons(personIds)).flatMap((card) =>
          card.personIds.map((id) => [id, card.nameCases] as const),
        ),
      ),
    identitiesOf: async (personIds) =>
      (await cardsStore.listByPersons(personIds)).map((card) => [...card.personIds]),
    organisation,
    upsertCard: (card, by) => cards.upsert(card, by),
    upsertAssociation: (association) => associations.upsert(association),
    addGroup: (group) => services.groupsStore.insert(group),
    materials,
    newMaterials: (from, to) => materials.listPublished(from, to),
    mailings: services.toldMailings,
    cards,
    imports,
    site,
    async putPhoto(slug, picture) {
      const card = await cardsStore.findOptionalBySlug(slug);
      if (card !== null) await photos.putPrepared(card, picture);
    },
    countCards: () => cards.count(),
    countPublicCards: () => cards.countPublic(),
    personalData: createDirectoryPersonalData(deps.storage.connection, (cardId) =>
      services.forgetCard(cardId),
    ),
  };
}
