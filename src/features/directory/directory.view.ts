import { fullName } from '../../shared/names.js';
import { DETAILS, META_KINDS, POSTS, visibilityField } from './cards/card.js';
import type {
  Association,
  Card,
  CardContent,
  Change,
  Contact,
  ContactKind,
  Credentials,
  DetailKind,
} from './cards/card.js';
import { contactLink, contactText } from './cards/contacts.js';
import { yearsSince } from './cards/experience.js';
import { seesCard, seesDetail, visibleTo, type Reader } from './directory.policy.js';
import type { CardList } from './public/reading.service.js';

export const associationRef = ({ slug, title }: Association) => ({ slug, title });

/** What all who see the card see of it; colleagues are told who else does. */
function rowView(card: Card, associations: readonly Association[], reader: Reader) {
  const leads = associations.filter(({ headId }) => headId === card.id);
  const belongs = associations.filter(({ id }) => card.associationIds.includes(id));
  return {
    slug: card.slug,
    name: card.name,
    fullName: fullName(card.name),
    position: card.position,
    subjects: card.subjects,
    posts: card.posts,
    terms: card.postTerms.filter(({ post }) => card.posts.includes(post)),
    leads: leads.map(associationRef),
    associations: belongs.filter((belong) => !leads.includes(belong)).map(associationRef),
    ...(reader === 'staff' && { visibility: card.visibility }),
  };
}

const audience = (reader: Reader, card: Card, kind: DetailKind) =>
  reader === 'staff' ? { visibility: card.details[kind].visibility } : {};

/** The address of a card's photo below the course or the open web; null where there is none. */
const photoPath = ({ photo }: Card): string | null => photo && `files/${photo.fileId}`;

/** What readers see of a contact. Contacts whose kind the centre has not are not among them. */
export const contactView = ({
  kind,
  value,
  purpose,
  hours,
}: Omit<Contact, 'id' | 'visibility' | 'consent'>) => ({
  kind,
  ...contactLink(kind, value),
  purpose,
  hours,
  // Russian law asks for a notice beside services of Meta.
  notice: META_KINDS.includes(kind),
});

export type ContactView = ReturnType<typeof contactView>;

/** Only further training of the last three years is published. */
const TRAINING_YEARS = 3;

/** Education, training and experience as pages show them. @param now decides what is recent, and the years */
export function credentialsView(card: Credentials, now: Date) {
  const since = new Date(now);
  since.setUTCFullYear(since.getUTCFullYear() - TRAINING_YEARS);
  const earliest = since.toISOString().slice(0, 10);
  const latestFirst = (a: { finishedOn: string }, b: { finishedOn: string }): number =>
    a.finishedOn < b.finishedOn ? 1 : -1;
  return {
    education: card.education,
    degree: card.degree,
    academicTitle: card.academicTitle,
    training: card.training.filter(({ finishedOn }) => finishedOn >= earliest).sort(latestFirst),
    retraining: [...card.retraining].sort(latestFirst),
    experienceYears: card.experienceSince === '' ? null : yearsSince(card.experienceSince, now),
    programmes: card.programmes,
  };
}

export interface CardViewOptions {
  /** Kinds of contacts that the centre has. */
  readonly kinds: readonly ContactKind[];
  readonly now: Date;
  /** Of these the view names those that the person heads. */
  readonly departments?: readonly { readonly title: string; readonly headId: string }[];
}

/**
 * A card as this reader may see it, for pages and JSON alike. The only way from a record to a page; it is
 * given nothing but cards that the reader sees.
 */
export function cardView(
  card: Card,
  associations: readonly Association[],
  reader: Reader,
  { kinds, now, departments = [] }: CardViewOptions,
) {
  const seen = (contact: Contact): boolean =>
    kinds.includes(contact.kind) && seesCard(reader, card) && visibleTo(reader).includes(contact.visibility);
  const shown = (kind: DetailKind): boolean =>
    card.details[kind].value !== '' && seesDetail(reader, card, kind);
  return {
    ...rowView(card, associations, reader),
    departments: departments.filter(({ headId }) => headId === card.id).map(({ title }) => title),
    photo: photoPath(card),
    nameCases: card.nameCases,
    contacts: card.contacts.filter(seen).map((contact) => ({
      ...contactView(contact),
      ...(reader === 'staff' && { visibility: contact.visibility }),
    })),
    credentials: credentialsView(card, now),
    texts: (['hours', 'about'] as const).filter(shown).map((kind) => ({
      kind,
      text: card.details[kind].value,
      ...audience(reader, card, kind),
    })),
  };
}

export type CardView = ReturnType<typeof cardView>;

export const listView = (list: CardList, reader: Reader) => ({
  association: list.association && {
    ...associationRef(list.association),
    description: list.association.description,
  },
  associations: list.associations.map(associationRef),
  teachers: list.cards.map((card) => rowView(card, list.associations, reader)),
  total: list.total,
  pager: { page: list.page, pages: list.pages },
});

export const associationsView = (
  rows: readonly { association: Association; head: Card | null; count: number }[],
) => ({
  associations: rows.map(({ association, head, count }) => ({
    ...associationRef(association),
    description: association.description,
    head: head && { slug: head.slug, fullName: fullName(head.name) },
    count,
  })),
});

/** Highest post first, heads of associations last; within a rank as the list came, by name. */
export function responsibleView(
  cards: readonly Card[],
  associations: readonly Association[],
  reader: Reader,
  options: CardViewOptions,
) {
  const rank = ({ posts, departments }: CardView): number => {
    const first = POSTS.findIndex(
      (post) => posts.includes(post) || (post === 'departmentHead' && departments.length > 0),
    );
    return first === -1 ? POSTS.length : first;
  };
  return {
    persons: cards
      .map((card) => cardView(card, associations, reader, options))
      .sort((a, b) => rank(a) - rank(b)),
  };
}

/** A card's fields as its form and JSON carry them. */
export function formValues(card: CardContent, associations: readonly Association[]) {
  const scalars: Record<string, string> = {
    ...card.name,
    ...card.nameCases,
    gender: card.nameCases.gender ?? '',
    position: card.position,
    subjects: card.subjects.join(', '),
    visibility: card.visibility,
    degree: card.degree,
    academicTitle: card.academicTitle,
    experienceSince: card.experienceSince,
    programmes: card.programmes.join('\n'),
    hours: card.details.hours.value,
    about: card.details.about.value,
  };
  for (const kind of DETAILS) scalars[visibilityField(kind)] = card.details[kind].visibility;
  const lists: Record<string, string[]> = {
    associations: associations.filter(({ id }) => card.associationIds.includes(id)).map(({ slug }) => slug),
    responsible: [...card.posts],
  };
  const rows = {
    contacts: card.contacts.map(({ id, kind, value, purpose, hours, visibility }) => ({
      ...{ id, kind, purpose, hours, visibility },
      value: contactText(kind, value),
    })),
    education: card.education,
    training: card.training,
    retraining: card.retraining,
  };
  return { scalars, lists, rows };
}

const changeView = (change: Change) => ({
  at: change.at,
  name: change.name,
  what: change.what,
  fields: change.fields,
  opened: change.opened,
  closed: change.closed,
});

/** How many of the newest changes the form shows. */
const JOURNAL_SHOWN = 20;

/**
 * What others have saved since the form was opened: every save is one version and one line of the journal.
 * @param seen version from which the form was made
 */
export const missedView = (card: Card, seen: number) => {
  const count = Math.min(Math.max(card.version - seen, 1), card.journal.length);
  return card.journal.slice(-count).map(changeView);
};

/** What an editor sees beside the fields: since when and by whose word things are public, and the journal. */
export const keptView = (card: Card) => ({
  slug: card.slug,
  cardName: fullName(card.name),
  version: card.version,
  photo: photoPath(card),
  // The first photo that everybody sees asks for leave.
  photoOpens: card.visibility === 'public' && card.photo === null,
  consents: [
    ...(card.consent ? [{ field: 'card', at: card.consent.at, name: card.consent.name }] : []),
    ...card.contacts.flatMap(({ id, kind, consent }) =>
      consent ? [{ field: kind, contact: id, at: consent.at, name: consent.name }] : [],
    ),
    ...DETAILS.flatMap((kind) => {
      const { consent } = card.details[kind];
      return consent ? [{ field: kind, at: consent.at, name: consent.name }] : [];
    }),
  ],
  journal: card.journal.slice(-JOURNAL_SHOWN).reverse().map(changeView),
});

/** An association's fields as its form and JSON carry them. */
export const associationValues = (association: Association | null, cards: readonly Card[]) => ({
  title: association?.title ?? '',
  description: association?.description ?? '',
  head: cards.find(({ id }) => id === association?.headId)?.slug ?? '',
});

export const headChoices = (cards: readonly Card[]) =>
  cards.map((card) => ({ slug: card.slug, headName: fullName(card.name) }));

/** One line for search engines: who this is and what they teach. */
export const describe = (card: CardView): string =>
  [card.fullName, card.position, card.subjects.join(', ')]
    .filter((part) => part !== '')
    .join('. ')
    .slice(0, 300);

/** schema.org Person, of what everybody may see. @param centre where they work; its name may be '' */
export const personData = (
  card: CardView,
  url: string,
  centre: { readonly name: string; readonly site: string },
) => ({
  '@context': 'https://schema.org',
  '@type': 'Person',
  name: card.fullName,
  familyName: card.name.surname,
  givenName: card.name.givenName,
  ...(card.name.patronymic !== '' && { additionalName: card.name.patronymic }),
  ...(card.position !== '' && { jobTitle: card.position }),
  ...(card.subjects.length > 0 && { knowsAbout: card.subjects }),
  ...(centre.name !== '' && {
    worksFor: {
      '@type': 'EducationalOrganization',
      name: centre.name,
      ...(centre.site !== '' && { url: centre.site }),
    },
  }),
  ...(card.photo !== null && { image: new URL(`/${card.photo}`, url).href }),
  url,
  sameAs: card.contacts.filter(({ page }) => page).map(({ href }) => href),
});
