import { badInput } from '../../../shared/errors.js';
import { newKey } from '../../../shared/ids.js';
import { CONSENT_TEXT, detailsOf, DETAILS, NO_CREDENTIALS } from './card.js';
import type {
  CardContent,
  Change,
  Consent,
  Contact,
  Credentials,
  DetailKind,
  Editor,
  Visibility,
} from './card.js';

/** A contact as it is sent; one with the id of a contact of the card corrects that one. */
export type ContactInput = Omit<Contact, 'id' | 'consent'> & { readonly id?: string | undefined };

/** What an edit says a card shall say; whether it may be said to everybody is decided by `revise`. */
export interface CardInput extends Omit<CardContent, 'consent' | 'details' | 'contacts'> {
  readonly contacts: readonly ContactInput[];
  readonly details: Readonly<Record<DetailKind, { readonly value: string; readonly visibility: Visibility }>>;
  /** The teacher agrees that what is newly public be public. */
  readonly consent: boolean;
}

/** The same as a form or JSON sends it: associations are named by their slugs. */
export type SentCard = Omit<CardInput, 'associationIds'> & { readonly associations: readonly string[] };

/**
 * The card after an edit, and the line for its journal. Consent is given per kind of data: it stands while the
 * kind stays public when the value changes, and ends when the kind is hidden or emptied.
 * @throws DomainError `bad-input` on `consent` when something would become public without it
 */
export function revise(
  before: CardContent,
  input: CardInput,
  editor: Editor,
  at: Date,
  what: Change['what'],
): { content: CardContent; change: Change } {
  const given: Consent = { at, personId: editor.personId, name: editor.name, text: CONSENT_TEXT };
  const consentFor = (isPublic: boolean, standing: Consent | null): Consent | null => {
    if (!isPublic || standing !== null) return isPublic ? standing : null;
    if (!input.consent) throw badInput({ consent: 'errors.field.consent' });
    return given;
  };
  const content: CardContent = {
    name: input.name,
    nameCases: input.nameCases,
    position: input.position,
    subjects: input.subjects,
    associationIds: input.associationIds,
    posts: input.posts,
    ...credentialsOf(input),
    contacts: input.contacts.map(({ id, kind, value, purpose, hours, visibility }) => {
      const known = before.contacts.find((contact) => contact.id === id && contact.kind === kind);
      const consent = consentFor(visibility === 'public', known?.consent ?? null);
      return { id: known?.id ?? newKey(8), kind, value, purpose, hours, visibility, consent };
    }),
    visibility: input.visibility,
    consent: consentFor(input.visibility === 'public', before.consent),
    details: detailsOf((kind) => {
      const { value, visibility } = input.details[kind];
      const isPublic = value !== '' && visibility === 'public';
      return { value, visibility, consent: consentFor(isPublic, before.details[kind].consent) };
    }),
  };
  const change = { at, personId: editor.personId, name: editor.name, what };
  return { content, change: { ...change, ...differences(before, content) } };
}

/** The part of a card, or of what was sent, that the law makes a centre publish. */
export const credentialsOf = (from: Credentials): Credentials => ({
  education: from.education,
  degree: from.degree,
  academicTitle: from.academicTitle,
  training: from.training,
  retraining: from.retraining,
  experienceSince: from.experienceSince,
  programmes: from.programmes,
});

/**
 * The card after its contact is no longer for everybody. The contact itself stays for colleagues.
 * @returns null when there is no such contact, or it is not public
 */
export function withdraw(
  before: CardContent,
  contactId: string,
  editor: Editor,
  at: Date,
): { content: CardContent; change: Change } | null {
  const found = before.contacts.find(({ id, visibility }) => id === contactId && visibility === 'public');
  if (found === undefined) return null;
  const hidden: Contact = { ...found, visibility: 'staff', consent: null };
  return {
    content: {
      ...before,
      contacts: before.contacts.map((contact) => (contact.id === contactId ? hidden : contact)),
    },
    change: {
      ...{ at, personId: editor.personId, name: editor.name },
      what: 'withdrawn',
      fields: [found.kind],
      opened: [],
      closed: [found.kind],
    },
  };
}

/** The card with everything hidden that it said to everybody. */
export function withdrawAll(
  before: CardContent,
  editor: Editor,
  at: Date,
): { content: CardContent; change: Change } {
  const hide = <Thing extends { readonly visibility: Visibility }>(thing: Thing): Thing =>
    thing.visibility === 'public' ? { ...thing, visibility: 'staff', consent: null } : thing;
  const content: CardContent = {
    ...hide({ ...before }),
    contacts: before.contacts.map(hide),
    details: detailsOf((kind) => hide(before.details[kind])),
  };
  const change = { at, personId: editor.personId, name: editor.name, what: 'withdrawn' as const };
  return { content, change: { ...change, ...differences(before, content) } };
}

function differences(before: CardContent, after: CardContent): Pick<Change, 'fields' | 'opened' | 'closed'> {
  const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
  const whole = ['name', 'nameCases', 'position', 'subjects', 'associationIds', 'posts'] as const;
  const credentials = Object.keys(NO_CREDENTIALS) as (keyof Credentials)[];
  const kinds = [...new Set([...before.contacts, ...after.contacts].map(({ kind }) => kind))];
  const ofKind = (card: CardContent, kind: string) =>
    card.contacts.filter((contact) => contact.kind === kind).map(({ consent: _consent, ...said }) => said);
  const consentOf = (card: CardContent, contactId: string): Consent | null =>
    card.contacts.find(({ id }) => id === contactId)?.consent ?? null;
  const contacts = new Map([...before.contacts, ...after.contacts].map(({ id, kind }) => [id, kind]));
  const consents = [
    ['card', before.consent, after.consent] as const,
    ...[...contacts].map(([id, kind]) => [kind, consentOf(before, id), consentOf(after, id)] as const),
    ...DETAILS.map((kind) => [kind, before.details[kind].consent, after.details[kind].consent] as const),
  ];
  const changed = (kind: DetailKind): boolean => {
    const [was, is] = [before.details[kind], after.details[kind]];
    // Who may see nothing is no change.
    return was.value !== is.value || (is.value !== '' && was.visibility !== is.visibility);
  };
  return {
    fields: [
      ...(before.visibility === after.visibility ? [] : ['card']),
      ...whole.filter((field) => !same(before[field], after[field])),
      ...credentials.filter((field) => !same(before[field], after[field])),
      ...kinds.filter((kind) => !same(ofKind(before, kind), ofKind(after, kind))),
      ...DETAILS.filter(changed),
    ],
    opened: named(consents.filter(([, was, is]) => was === null && is !== null)),
    closed: named(consents.filter(([, was, is]) => was !== null && is === null)),
  };
}

const named = (consents: readonly (readonly [string, ...unknown[]])[]): string[] => [
  ...new Set(consents.map(([field]) => field)),
];
