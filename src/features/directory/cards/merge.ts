import type { Card, CardContent, Contact, Credentials, Detail, PostTerm } from './card.js';
import { detailsOf } from './card.js';
import { folded } from './search-words.js';

const union = <Thing>(kept: readonly Thing[], merged: readonly Thing[], keyOf: (thing: Thing) => string) => {
  const known = new Set(kept.map(keyOf));
  return [...kept, ...merged.filter((thing) => !known.has(keyOf(thing)))];
};

const text = (value: string): string => folded(value);
const record = (value: object): string => text(JSON.stringify(value));

/** Ids of contacts are unique on one card only. */
const renamed = (contacts: readonly Contact[], taken: readonly Contact[]): Contact[] =>
  contacts.map((contact) =>
    taken.some(({ id }) => id === contact.id) ? { ...contact, id: `${contact.id}m` } : contact,
  );

/**
 * What one card says when it has taken in another of the same person: lists are joined, what the kept card lacks
 * comes from the other, and where both say something the kept card is right (see `without`). Nothing becomes visible
 * to more readers than it was.
 */
export function mergeContent(kept: Card, merged: Card): CardContent {
  const or = <Text extends string>(own: Text, other: Text): Text => (own === '' ? other : own);
  const detail = (own: Detail, other: Detail): Detail => (own.value === '' ? other : own);
  return {
    name: {
      surname: or(kept.name.surname, merged.name.surname),
      givenName: or(kept.name.givenName, merged.name.givenName),
      patronymic: or(kept.name.patronymic, merged.name.patronymic),
    },
    nameCases: {
      genitive: or(kept.nameCases.genitive, merged.nameCases.genitive),
      dative: or(kept.nameCases.dative, merged.nameCases.dative),
      instrumental: or(kept.nameCases.instrumental, merged.nameCases.instrumental),
      gender: or(kept.nameCases.gender ?? '', merged.nameCases.gender ?? ''),
    },
    position: or(kept.position, merged.position),
    subjects: union(kept.subjects, merged.subjects, text),
    associationIds: union(kept.associationIds, merged.associationIds, String),
    posts: union(kept.posts, merged.posts, String),
    ...mergeCredentials(kept, merged),
    contacts: union(
      kept.contacts,
      renamed(merged.contacts, kept.contacts),
      ({ kind, value }) => `${kind} ${value}`,
    ),
    visibility: kept.visibility,
    consent: kept.consent,
    details: detailsOf((kind) => detail(kept.details[kind], merged.details[kind])),
  };
}

/** Days of posts: a post that both hold goes by the kept card, others end when they would have ended. */
export const mergeTerms = (kept: Card, merged: Card): readonly PostTerm[] => [
  ...kept.postTerms,
  ...merged.postTerms.filter(
    ({ post }) => !kept.posts.includes(post) && !kept.postTerms.some((term) => term.post === post),
  ),
];

const mergeCredentials = (kept: Credentials, merged: Credentials): Credentials => ({
  education: union(kept.education, merged.education, record),
  degree: kept.degree === '' ? merged.degree : kept.degree,
  academicTitle: kept.academicTitle === '' ? merged.academicTitle : kept.academicTitle,
  training: union(kept.training, merged.training, record),
  retraining: union(kept.retraining, merged.retraining, record),
  experienceSince: kept.experienceSince === '' ? merged.experienceSince : kept.experienceSince,
  programmes: union(kept.programmes, merged.programmes, text),
});

/** The card with these of its fields empty: `mergeContent` fills them from the other card. */
export function without(card: Card, fields: readonly string[]): Card {
  const left = (field: string, value: string): string => (fields.includes(field) ? '' : value);
  return {
    ...card,
    name: {
      surname: left('surname', card.name.surname),
      givenName: left('givenName', card.name.givenName),
      patronymic: left('patronymic', card.name.patronymic),
    },
    position: left('position', card.position),
    degree: left('degree', card.degree),
    academicTitle: left('academicTitle', card.academicTitle),
    experienceSince: left('experienceSince', card.experienceSince),
    details: detailsOf((kind) => ({ ...card.details[kind], value: left(kind, card.details[kind].value) })),
  };
}

/** Fields in which both cards say something, and not the same: the manager chooses one of the two values. */
export function mergeConflicts(kept: Card, merged: Card) {
  const pairs: readonly (readonly [string, string, string])[] = [
    ['surname', kept.name.surname, merged.name.surname],
    ['givenName', kept.name.givenName, merged.name.givenName],
    ['patronymic', kept.name.patronymic, merged.name.patronymic],
    ['position', kept.position, merged.position],
    ['degree', kept.degree, merged.degree],
    ['academicTitle', kept.academicTitle, merged.academicTitle],
    ['experienceSince', kept.experienceSince, merged.experienceSince],
    ['hours', kept.details.hours.value, merged.details.hours.value],
    ['about', kept.details.about.value, merged.details.about.value],
  ];
  return pairs
    .filter(([, own, other]) => own !== '' && other !== '' && own !== other)
    .map(([field, own, other]) => ({ field, kept: own, merged: other }));
}
