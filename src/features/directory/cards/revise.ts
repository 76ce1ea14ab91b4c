import { badInput } from '../../../shared/errors.js';
import { detailsOf, DETAILS } from './card.js';
import type { CardContent, Change, Consent, DetailKind, Editor, Visibility } from './card.js';

/** What an edit says a card shall say; whether it may be said to everybody is decided by `revise`. */
export interface CardInput extends Omit<CardContent, 'consent' | 'details'> {
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
  const given: Consent = { at, personId: editor.personId, name: editor.name };
  const consentFor = (isPublic: boolean, standing: Consent | null): Consent | null => {
    if (!isPublic || standing !== null) return isPublic ? standing : null;
    if (!input.consent) throw badInput({ consent: 'errors.field.consent' });
    return given;
  };
  const content: CardContent = {
    name: input.name,
    position: input.position,
    subjects: input.subjects,
    associationIds: input.associationIds,
    posts: input.posts,
    visibility: input.visibility,
    consent: consentFor(input.visibility === 'public', before.consent),
    details: detailsOf((kind) => {
      const { value, visibility } = input.details[kind];
      const isPublic = value !== '' && visibility === 'public';
      return { value, visibility, consent: consentFor(isPublic, before.details[kind].consent) };
    }),
  };
  return { content, change: { ...given, what, ...differences(before, content) } };
}

function differences(before: CardContent, after: CardContent): Pick<Change, 'fields' | 'opened' | 'closed'> {
  const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
  const whole = ['name', 'position', 'subjects', 'associationIds', 'posts'] as const;
  const consents = [
    ['card', before.consent, after.consent] as const,
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
      ...DETAILS.filter(changed),
    ],
    opened: consents.filter(([, was, is]) => was === null && is !== null).map(([field]) => field),
    closed: consents.filter(([, was, is]) => was !== null && is === null).map(([field]) => field),
  };
}
