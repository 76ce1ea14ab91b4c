import type { PersonName } from '../../../shared/names.js';

/** Who may see a thing, from everybody on the web to those who work at the centre. */
export const VISIBILITIES = ['public', 'students', 'staff'] as const;
export type Visibility = (typeof VISIBILITIES)[number];

/** Ways to reach a teacher, in the order in which they are shown. */
export const CONTACTS = [
  'telephone',
  'email',
  'whatsapp',
  'telegram',
  'max',
  'vk',
  'instagram',
  'site',
] as const;
export type ContactKind = (typeof CONTACTS)[number];

/** Everything on a card that has a visibility of its own. */
export const DETAILS = [...CONTACTS, 'hours', 'about'] as const;
export type DetailKind = (typeof DETAILS)[number];

/** Posts of the centre's responsible persons, highest first. Heads of associations are known by their associations. */
export const POSTS = ['director', 'deputyStudy', 'deputyMethod', 'departmentHead'] as const;
export type Post = (typeof POSTS)[number];

/** Who changes a card, under the name they had then. */
export interface Editor {
  readonly personId: string;
  readonly name: string;
}

/**
 * Leave to show something to everybody (152-ФЗ, ст. 10.1): per kind of data, with its date and who recorded
 * it, the teacher or an administrator with the teacher's consent.
 */
export interface Consent extends Editor {
  readonly at: Date;
}

export interface Detail {
  /** Contacts are normalised (contacts.ts); '' when there is none. */
  readonly value: string;
  readonly visibility: Visibility;
  /** There is one exactly while a value is public. */
  readonly consent: Consent | null;
}

/** A line of the card's journal. Says which fields, never what they held. */
export interface Change extends Editor {
  readonly at: Date;
  readonly what: 'made' | 'edited' | 'imported';
  readonly fields: readonly string[];
  /** Fields that became visible to everybody, `card` for the card itself. */
  readonly opened: readonly string[];
  /** Fields that are no longer visible to everybody. */
  readonly closed: readonly string[];
}

/** What a card says. Name, position, subjects and associations are visible with the card. */
export interface CardContent {
  readonly name: PersonName;
  readonly position: string;
  readonly subjects: readonly string[];
  readonly associationIds: readonly string[];
  readonly posts: readonly Post[];
  readonly visibility: Visibility;
  /** There is one exactly while the card is public. */
  readonly consent: Consent | null;
  readonly details: Readonly<Record<DetailKind, Detail>>;
}

/** A picture of the teacher, seen by those who see the card. */
export interface Photo {
  readonly fileId: string;
}

/** A teacher's card. One card even when the person is known to several LMSs. */
export interface Card extends CardContent {
  readonly id: string;
  /** Stands in URLs; never changes. */
  readonly slug: string;
  /** Persons of registrations whose card this is. */
  readonly personIds: readonly string[];
  readonly photo: Photo | null;
  /** Rises with every change. */
  readonly version: number;
  /** Newest last. */
  readonly journal: readonly Change[];
}

/** An association (методическое объединение) of teachers. */
export interface Association {
  readonly id: string;
  readonly slug: string;
  readonly title: string;
  readonly description: string;
  /** Id of the head's card, or ''. */
  readonly headId: string;
  readonly version: number;
}

export const detailsOf = <Value>(make: (kind: DetailKind) => Value): Record<DetailKind, Value> =>
  Object.fromEntries(DETAILS.map((kind) => [kind, make(kind)])) as Record<DetailKind, Value>;

/** The field of forms and JSON that says who may see a detail. */
export const visibilityField = <Kind extends DetailKind>(kind: Kind): `${Kind}Visibility` =>
  `${kind}Visibility`;

/** A card that says no more than a name, and that to colleagues only. */
export const blankCard = (name: PersonName): CardContent => ({
  name,
  position: '',
  subjects: [],
  associationIds: [],
  posts: [],
  visibility: 'staff',
  consent: null,
  details: detailsOf(() => ({ value: '', visibility: 'staff', consent: null })),
});
