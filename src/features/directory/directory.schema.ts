import { z } from 'zod';
import { GENDERS } from '../../shared/name-cases.js';
import { checkbox, line, list, optionalLine, text, whole } from '../../web/parse.js';
import {
  CONTACT_KINDS,
  DETAILS,
  detailsOf,
  EDUCATION_LEVELS,
  POSTS,
  PURPOSES,
  VISIBILITIES,
  visibilityField,
} from './cards/card.js';
import type { Visibility } from './cards/card.js';
import { normaliseContact } from './cards/contacts.js';
import type { SentCard } from './cards/revise.js';
import { folded } from './cards/search-words.js';

/** A slug as it comes in an address; what has another shape cannot be the slug of anything. */
export const isSlug = (given: unknown): given is string =>
  typeof given === 'string' && /^[a-z0-9-]{1,100}$/.test(given);

const slug = z.string().regex(/^[a-z0-9-]{1,100}$/);

/** The list's address: what to look for, in which association, and which page. */
export const listQuery = z.object({
  q: optionalLine(100),
  association: z.union([z.literal(''), slug]).default(''),
  page: whole(1, 1_000_000).default(1),
});

const fields = <Name extends string, Value>(names: readonly Name[], make: (name: Name) => z.ZodType<Value>) =>
  Object.fromEntries(names.map((name) => [name, make(name)])) as Record<Name, z.ZodType<Value>>;

const visibility: z.ZodType<Visibility> = z.enum(VISIBILITIES).default('staff');

const contact = z
  .strictObject({
    id: optionalLine(20),
    kind: z.enum(CONTACT_KINDS),
    value: z.string().max(500),
    purpose: z.enum(PURPOSES).default('any'),
    hours: optionalLine(200),
    visibility,
  })
  .transform((sent, context) => {
    const value = normaliseContact(sent.kind, sent.value);
    if (value !== null && value !== '') return { ...sent, value };
    context.addIssue({ code: 'custom', path: ['value'], message: `directory.contactError.${sent.kind}` });
    return z.NEVER;
  });

const isDay = (value: string): boolean => {
  const date = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(value);
};
const day = z
  .string()
  .trim()
  .regex(/^(?:19|20)\d\d-\d\d-\d\d$/)
  .refine(isDay);

const education = z
  .strictObject({
    level: z.enum(EDUCATION_LEVELS),
    speciality: optionalLine(300),
    qualification: optionalLine(300),
  })
  .refine(({ speciality, qualification }) => speciality !== '' || qualification !== '', {
    path: ['speciality'],
    message: 'errors.field.missing',
  });
const training = z.strictObject({ title: line(300), place: optionalLine(300), finishedOn: day });

const most = <Item extends z.ZodType>(item: Item, count: number) =>
  list(item).refine((given) => given.length <= count, 'errors.field.tooBig');

/** One title a line in a form, a list in JSON. */
const programmes = z.preprocess(
  (given) =>
    typeof given === 'string'
      ? given.split('\n').filter((item) => item.trim() !== '')
      : given === undefined
        ? []
        : given,
  most(line(300), 30).transform((given) => [...new Set(given)]),
);

const credentials = {
  education: most(education, 10).default([]),
  degree: optionalLine(200),
  academicTitle: optionalLine(200),
  training: most(training, 30).default([]),
  retraining: most(training, 10).default([]),
  experienceSince: z.union([z.literal(''), day]).default(''),
  programmes,
};

/** "Алгебра, Геометрия" in a form, a list in JSON. */
const subjects = z
  .preprocess(
    (given) =>
      typeof given === 'string' ? given.split(/[,;\n]/).filter((item) => item.trim() !== '') : given,
    list(line(100)),
  )
  .refine((given) => given.length <= 30, 'errors.field.tooBig')
  .transform((given) => {
    const seen = new Map<string, string>();
    for (const subject of given) if (!seen.has(folded(subject))) seen.set(folded(subject), subject);
    return [...seen.values()];
  });

const own = {
  surname: optionalLine(300),
  givenName: optionalLine(300),
  patronymic: optionalLine(300),
  genitive: optionalLine(200),
  dative: optionalLine(200),
  instrumental: optionalLine(200),
  gender: z.enum(['', ...GENDERS]).default(''),
  position: optionalLine(200),
  subjects,
  /** Slugs. */
  associations: list(slug).refine((given) => given.length <= 50, 'errors.field.tooBig'),
  visibility,
  ...credentials,
  contacts: most(contact, 30).default([]),
  hours: text(1_000),
  about: text(5_000),
  ...fields(DETAILS.map(visibilityField), () => visibility),
  consent: checkbox,
};
const version = whole(1, 1_000_000_000);
const posts = list(z.enum(POSTS)).transform((given) => POSTS.filter((post) => given.includes(post)));

type Own = z.output<z.ZodObject<typeof own>>;

const named = (card: Pick<Own, 'surname' | 'givenName'>): boolean =>
  card.surname !== '' || card.givenName !== '';
const NAMELESS = { path: ['surname'], message: 'errors.field.missing' };

const toInput = (sent: Own & { posts: SentCard['posts'] }): SentCard => ({
  name: { surname: sent.surname, givenName: sent.givenName, patronymic: sent.patronymic },
  nameCases: {
    genitive: sent.genitive,
    dative: sent.dative,
    instrumental: sent.instrumental,
    gender: sent.gender,
  },
  position: sent.position,
  subjects: sent.subjects,
  associations: [...new Set(sent.associations)],
  posts: sent.posts,
  education: sent.education,
  degree: sent.degree,
  academicTitle: sent.academicTitle,
  training: sent.training,
  retraining: sent.retraining,
  experienceSince: sent.experienceSince,
  programmes: sent.programmes,
  contacts: sent.contacts,
  visibility: sent.visibility,
  details: detailsOf((kind) => ({ value: sent[kind], visibility: sent[visibilityField(kind)] })),
  consent: sent.consent,
});

/** Strict: a teacher who sends `responsible` is told that it is not theirs to set. */
export const ownCard = z
  .strictObject({ ...own, version })
  .refine(named, NAMELESS)
  .transform(({ version: seen, ...sent }) => ({ version: seen, card: toInput({ ...sent, posts: [] }) }));

export const anyCard = z
  .strictObject({ ...own, responsible: posts, version })
  .refine(named, NAMELESS)
  .transform(({ version: seen, responsible, ...sent }) => ({
    version: seen,
    card: toInput({ ...sent, posts: responsible }),
  }));

export const newOwnCard = z
  .strictObject(own)
  .refine(named, NAMELESS)
  .transform((sent) => toInput({ ...sent, posts: [] }));

export const newCard = z
  .strictObject({ ...own, responsible: posts })
  .refine(named, NAMELESS)
  .transform(({ responsible, ...sent }) => toInput({ ...sent, posts: responsible }));

const association = {
  title: line(200),
  description: text(3_000),
  /** Slug of a card, or ''. */
  head: z.union([z.literal(''), slug]).default(''),
};
export const newAssociation = z.strictObject(association);
export const changedAssociation = z.strictObject({ ...association, version });
