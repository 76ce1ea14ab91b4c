import type { Gender } from '../../../shared/name-cases.js';
import type { PersonName } from '../../../shared/names.js';

/** Who may see a thing, from everybody on the web to those who work at the centre. */
export const VISIBILITIES = ['public', 'students', 'staff'] as const;
export type Visibility = (typeof VISIBILITIES)[number];

/** Ways to reach a teacher, in the order in which forms offer them. */
export const CONTACT_KINDS = [
  'telephone',
  'email',
  'max',
  'vk',
  'telegram',
  'whatsapp',
  'instagram',
  'viber',
  'sferum',
  'site',
  'other',
] as const;
export type ContactKind = (typeof CONTACT_KINDS)[number];

/** Services of Meta, which Russian law calls extremist: off until the centre turns them on, and shown with a notice. */
export const META_KINDS: readonly ContactKind[] = ['whatsapp', 'instagram'];

/** What a contact is for. */
export const PURPOSES = ['any', 'individual', 'group', 'class', 'administration'] as const;
export type Purpose = (typeof PURPOSES)[number];

/** Texts of a card that have a visibility of their own. */
export const DETAILS = ['hours', 'about'] as const;
export type DetailKind = (typeof DETAILS)[number];

/** Levels of professional education, as 273-ФЗ, art. 10, names them. */
export const EDUCATION_LEVELS = ['secondary', 'bachelor', 'specialist', 'master', 'postgraduate'] as const;
export type EducationLevel = (typeof EDUCATION_LEVELS)[number];

export interface Education {
  readonly level: EducationLevel;
  readonly speciality: string;
  readonly qualification: string;
}

/** A finished course of further training, or of retraining. */
export interface Training {
  readonly title: string;
  /** Where. */
  readonly place: string;
  /** `YYYY-MM-DD`. */
  readonly finishedOn: string;
}

/** What the law makes a centre publish of its teaching staff, beside name, post and subjects. */
export interface Credentials {
  readonly education: readonly Education[];
  /** Academic degree, or ''. */
  readonly degree: string;
  /** Academic title, or ''. */
  readonly academicTitle: string;
  readonly training: readonly Training[];
  readonly retraining: readonly Training[];
  /** `YYYY-MM-DD` from which years of experience count, or ''. */
  readonly experienceSince: string;
  /** Titles of the programmes in which the person teaches. */
  readonly programmes: readonly string[];
}

export const NO_CREDENTIALS: Credentials = {
  education: [],
  degree: '',
  academicTitle: '',
  training: [],
  retraining: [],
  experienceSince: '',
  programmes: [],
};

/** Posts of the centre's responsible persons, highest first. Heads of associations are known by their associations. */
export const POSTS = ['director', 'deputyStudy', 'deputyMethod', 'departmentHead'] as const;
export type Post = (typeof POSTS)[number];

/** Days from which and to which a person holds a post: `YYYY-MM-DD`, '' where it is open. */
export interface PostTerm {
  readonly post: Post;
  readonly since: string;
  readonly until: string;
}

/** Cases in which pages and letters name a teacher. */
export const NAME_CASES = ['genitive', 'dative', 'instrumental'] as const;
/**
 * The whole name in a case, as the person writes it; '' where the rules are right. The gender is what the rules go by
 * where there is no patronymic to tell it.
 */
export type NameCases = Readonly<Record<(typeof NAME_CASES)[number], string>> & {
  readonly gender?: Gender | '';
};
export const NO_NAME_CASES: NameCases = { genitive: '', dative: '', instrumental: '' };

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
  /** Version of the text that was agreed to; absent for consents older than versions. */
  readonly text?: string;
}

/** Version of the texts `directory.consent.own` and `.other`. It changes with them. */
export const CONSENT_TEXT = '2026-11';

/** One way to reach the person. Contacts stand on a card in the order in which they are shown. */
export interface Contact {
  /** Names the contact on its card, through corrections. */
  readonly id: string;
  readonly kind: ContactKind;
  /** Normalised (contacts.ts); never empty. */
  readonly value: string;
  readonly purpose: Purpose;
  /** When it is answered; may be ''. */
  readonly hours: string;
  readonly visibility: Visibility;
  /** There is one exactly while the contact is public. */
  readonly consent: Consent | null;
}

export interface Detail {
  readonly value: string;
  readonly visibility: Visibility;
  /** There is one exactly while a value is public. */
  readonly consent: Consent | null;
}

/** A line of the card's journal. Says which fields, never what they held. */
export interface Change extends Editor {
  readonly at: Date;
  readonly what: 'made' | 'edited' | 'imported' | 'withdrawn' | 'merged';
  readonly fields: readonly string[];
  /** Fields that became visible to everybody, `card` for the card itself. */
  readonly opened: readonly string[];
  /** Fields that are no longer visible to everybody. */
  readonly closed: readonly string[];
}

/** What a card says. Name, position, subjects and associations are visible with the card. */
export interface CardContent extends Credentials {
  readonly name: PersonName;
  readonly nameCases: NameCases;
  readonly position: string;
  readonly subjects: readonly string[];
  readonly associationIds: readonly string[];
  readonly posts: readonly Post[];
  readonly visibility: Visibility;
  /** There is one exactly while the card is public. */
  readonly consent: Consent | null;
  readonly contacts: readonly Contact[];
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
  /** Terms of posts, of future ones as well. A post that is held without a term has no end. */
  readonly postTerms: readonly PostTerm[];
  /** Rises with every change. */
  readonly version: number;
  /** Newest last. */
  readonly journal: readonly Change[];
}

/** What a list of programmes says of a teacher. */
export type TaughtProgrammes = Pick<Card, 'slug' | 'name' | 'programmes'>;

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
  nameCases: NO_NAME_CASES,
  position: '',
  subjects: [],
  associationIds: [],
  posts: [],
  visibility: 'staff',
  consent: null,
  ...NO_CREDENTIALS,
  contacts: [],
  details: detailsOf(() => ({ value: '', visibility: 'staff', consent: null })),
});
