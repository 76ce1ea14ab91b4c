import './pages.view.js';
import { Router } from 'express';
import type { Files, UploadRule } from '../../infra/files/index.js';
import { translator, type Locale } from '../../i18n/index.js';
import type { Clock } from '../../shared/clock.js';
import type { PersonalData } from '../../shared/personal-data.js';
import type { ContentKind } from '../../shared/content.js';
import { NAMELESS, type PersonName } from '../../shared/names.js';
import type { Registry } from '../../shared/registry.js';
import type { Storage } from '../../storage/index.js';
import { openPages } from '../../web/context.js';
import { associationsRouter } from './associations/associations.routes.js';
import { createAssociationsService, type AssociationsService } from './associations/associations.service.js';
import { createAssociationsStore } from './associations/associations.store.js';
import { blankCard, type Visibility } from './cards/card.js';
import { cardsRouter } from './cards/cards.routes.js';
import { createCardsService, type CardsService } from './cards/cards.service.js';
import { photoUpload } from './cards/photos.routes.js';
import { createPhotosService } from './cards/photos.service.js';
import { createCardsStore } from './cards/cards.store.js';
import { readingRouter } from './public/reading.routes.js';
import { createOrganisation, type Organisation } from './organisation/organisation.service.js';
import { createOrganisationStore } from './organisation/organisation.store.js';
import { createDirectoryPersonalData } from './personal-data.store.js';
import { createReadingService } from './public/reading.service.js';

export { detailsOf } from './cards/card.js';
export type { Card, ContactKind, DetailKind, Editor, Post, Visibility } from './cards/card.js';
export type { CardImport } from './cards/cards.service.js';
export { normaliseContact } from './cards/contacts.js';
export { POSTS } from './cards/card.js';
export { hasDuties, NO_DUTIES } from './organisation/organisation.js';
export type { Department, Duties, Holder, Programme } from './organisation/organisation.js';
export type { Organisation, TeacherPlace } from './organisation/organisation.service.js';

export interface DirectoryDeps {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly files: Files;
  /** Is given the feature's kind of content. */
  readonly kinds: Pick<Registry<ContentKind>, 'add'>;
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

/** Teachers of the centre, their associations and contacts; each field for those whom its owner lets see it. */
export interface DirectoryFeature {
  /** `/c/:courseKey/directory` */
  readonly router: Router;
  /** `/directory`: no session, no login. */
  readonly openRouter: Router;
  /** Addresses of `router` that take files. */
  readonly uploads: readonly UploadRule[];
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
  /** How many cards there are. */
  countCards(): Promise<number>;
  readonly personalData: PersonalData;
}

export function createDirectory({
  storage,
  clock,
  files,
  kinds,
  publicUrl,
  locale,
}: DirectoryDeps): DirectoryFeature {
  const cardsStore = createCardsStore(storage.connection, blankCard(NAMELESS));
  const associationsStore = createAssociationsStore(storage.connection);
  const photos = createPhotosService({ cards: cardsStore, files, clock });
  const cards = createCardsService({
    cards: cardsStore,
    associations: associationsStore,
    clock,
    removePhotos: (cardId) => photos.removeOf(cardId),
  });
  const associations = createAssociationsService(associationsStore, cardsStore);
  const organisationStore = createOrganisationStore(storage.connection);
  const organisation = createOrganisation({
    cards: cardsStore,
    associations: associationsStore,
    store: organisationStore,
    clock,
  });
  const reading = readingRouter(createReadingService(cardsStore, associationsStore), publicUrl, () =>
    organisation.titles(),
  );

  kinds.add({
    kind: 'directory',
    label: 'directory.kind',
    path: () => 'directory',
    openPath: () => '/directory',
    // The name stays in the LMS's course, so it is in the centre's language.
    list: async () => [{ id: 'centre', title: translator(await locale())('directory.content') }],
  });

  return {
    openRouter: Router().use(openPages(), reading),
    router: Router().use(
      cardsRouter({ cards, photos, associations: () => associationsStore.all() }),
      associationsRouter({ associations, everybody: () => cards.everybody() }),
      reading,
    ),
    uploads: [photoUpload],
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
    countCards: () => cards.count(),
    personalData: createDirectoryPersonalData(storage.connection, async (cardId) => {
      await associationsStore.forgetHead(cardId);
      await organisationStore.forgetHead(cardId);
      await photos.removeOf(cardId);
    }),
  };
}
