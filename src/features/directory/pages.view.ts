import type { Translate } from '../../i18n/index.js';
import { fullNameIn, GENDERS, type NameCase } from '../../shared/name-cases.js';
import { viewModel } from '../../web/views.js';
import { EDUCATION_LEVELS, NAME_CASES, PURPOSES, VISIBILITIES, type PostTerm } from './cards/card.js';
import type { CardView } from './directory.view.js';
import { nameInCase } from './cards/name-in-case.js';
import { dotted, educationLine, termLine, trainingLine } from './credentials.words.js';
import './sveden/pages.view.js';

/* What the templates of the directory print beyond their data. */

interface ConsentLine {
  readonly field: string;
  /** Id of the contact that it is for. */
  readonly contact?: string;
  readonly name: string;
  readonly at: Date;
}

interface Kept {
  readonly slug: string;
  readonly consents: readonly ConsentLine[];
}

const consentTo = (kept: Kept | null | undefined, field: string): ConsentLine | undefined =>
  kept?.consents.find((consent) => consent.field === field && consent.contact === undefined);

interface TabsGiven {
  readonly open: boolean;
}

viewModel<TabsGiven>('directory/tabs', () => ({
  tabSections: ['teachers', 'associations', 'programmes', 'materials', 'responsible'].map((name) => ({
    name,
    path: name,
  })),
}));

interface FormGiven {
  readonly t: Translate;
  readonly errors: Readonly<Record<string, string | undefined>>;
  readonly rows: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The first error of a row of a list: its names begin with the row's. */
const problemOf = (errors: FormGiven['errors'], list: string, index: number): string =>
  Object.entries(errors).find(
    ([name]) => name.startsWith(`${list}.${index}.`) || name === `${list}.${index}`,
  )?.[1] ?? '';

const NO_ROW: Readonly<Record<string, unknown>> = {};

/** Rows of a form's list as texts, and blank ones behind them. */
function formRows(
  { t, errors, rows }: FormGiven,
  list: string,
  fields: readonly string[],
  blank: number,
  [known, fresh]: readonly [known: string, fresh: string],
) {
  const filled = rows[list] ?? [];
  return [...filled, ...Array.from({ length: blank }, () => NO_ROW)].map((row, index) => ({
    ...Object.fromEntries(fields.map((field) => [field, textOf(row[field])])),
    number: index + 1,
    legend: t(index < filled.length ? known : fresh, { number: index + 1 }),
    problem: problemOf(errors, list, index),
  }));
}

/** What the rules make of the name in the form. */
const nameByRule = (values: CardFormGiven['values'], name: NameCase, locale: string): string =>
  fullNameIn(
    {
      surname: textOf(values.surname),
      givenName: textOf(values.givenName),
      patronymic: textOf(values.patronymic),
    },
    name,
    locale,
    GENDERS.find((gender) => gender === values.gender) ?? '',
  );

interface CardFormGiven extends FormGiven {
  readonly locale: string;
  readonly values: Readonly<Record<string, unknown>>;
  readonly site: (rest?: string) => string;
  readonly kept: Kept | null;
  readonly can: { readonly own: boolean };
  readonly associations: readonly { readonly slug: string; readonly title: string }[];
}

const TRAINING_FIELDS = ['title', 'place', 'finishedOn'] as const;

viewModel<CardFormGiven>('directory/card-form', (given) => {
  const { t, locale, site, kept, can, values, associations } = given;
  return {
    sendTo: kept ? site(`teachers/${kept.slug}`) : site(can.own ? 'mine' : 'teachers'),
    nameCases: NAME_CASES.map((name) => ({ name, byRule: nameByRule(values, name, locale) })),
    genderOptions: ['', ...GENDERS].map((gender) => [gender, t(`directory.gender.${gender || 'none'}`)]),
    associationOptions: associations.map(({ slug, title }) => [slug, title]),
    cardConsent: consentTo(kept, 'card'),
    levels: EDUCATION_LEVELS,
    educationRows: formRows(given, 'education', ['level', 'speciality', 'qualification'], 1, [
      'directory.form.educationOne',
      'directory.form.educationNew',
    ]),
    trainings: formRows(given, 'training', TRAINING_FIELDS, 1, [
      'directory.form.trainingOne',
      'directory.form.trainingNew',
    ]),
    retrainings: formRows(given, 'retraining', TRAINING_FIELDS, 1, [
      'directory.form.trainingOne',
      'directory.form.trainingNew',
    ]),
    withdrawable: [
      ...(kept?.consents ?? []).flatMap(({ field, contact }) =>
        contact === undefined
          ? []
          : [
              {
                contact,
                wording: t('directory.withdraw.contact', { kind: t(`directory.contact.${field}`) }),
              },
            ],
      ),
      ...(kept && kept.consents.length > 0 ? [{ contact: '', wording: t('directory.withdraw.all') }] : []),
    ],
  };
});

interface ContactRowsGiven extends FormGiven {
  readonly kept?: Kept | null;
  readonly kinds: readonly string[];
}

const CONTACT_FIELDS = ['id', 'kind', 'value', 'purpose', 'hours', 'visibility'] as const;
/** Blank rows behind those that are filled. */
const BLANK_CONTACTS = 2;

viewModel<ContactRowsGiven>('directory/contact-rows', (given) => ({
  purposes: PURPOSES,
  visibilities: VISIBILITIES,
  contactRows: formRows(given, 'contacts', CONTACT_FIELDS, BLANK_CONTACTS, [
    'directory.form.contactOne',
    'directory.form.contactNew',
  ]).map((row) => {
    const said: Readonly<Record<string, unknown>> = row;
    const kind = textOf(said.kind);
    return {
      ...row,
      // A kind that the centre has turned off since stays with its contact.
      kinds: kind === '' || given.kinds.includes(kind) ? given.kinds : [...given.kinds, kind],
      purpose: textOf(said.purpose) || 'any',
      visibility: textOf(said.visibility) || 'staff',
      consent: given.kept?.consents.find(({ contact }) => contact !== undefined && contact === said.id),
    };
  }),
}));

interface DetailGiven {
  readonly kind: string;
  readonly hint?: string;
  readonly kept: Kept | null;
  readonly errors: Readonly<Record<string, string | undefined>>;
}

viewModel<DetailGiven>('directory/detail', ({ kind, hint, kept, errors }) => ({
  problem: errors[kind],
  given: consentTo(kept, kind),
  described: [errors[kind] && `f-${kind}-error`, hint && `f-${kind}-hint`].filter(Boolean).join(' '),
}));

interface AssociationFormGiven {
  readonly t: Translate;
  readonly heads: readonly { readonly slug: string; readonly headName: string }[];
}

viewModel<AssociationFormGiven>('directory/association-form', ({ t, heads }) => ({
  headOptions: heads.map(({ slug, headName }) => [slug, headName || t('common.nameless')]),
}));

interface SendGiven {
  readonly t: Translate;
  readonly groups: readonly { readonly id: string; readonly name: string }[];
}

viewModel<SendGiven>('directory/send', ({ t, groups }) => ({
  groupOptions: [['', t('directory.mailing.course')], ...groups.map(({ id, name }) => [id, name])],
}));

interface MergeGiven {
  readonly conflicts: readonly { readonly field: string; readonly kept: string; readonly merged: string }[];
}

viewModel<MergeGiven>('directory/merge-sure', ({ conflicts }) => ({
  choices: conflicts.map((conflict) =>
    conflict.field === 'experienceSince'
      ? { ...conflict, kept: dotted(conflict.kept), merged: dotted(conflict.merged) }
      : conflict,
  ),
}));

interface JournalGiven {
  readonly t: Translate;
  readonly commaList: (values: readonly string[], prefix?: string) => string;
  readonly changes: readonly {
    readonly what: string;
    readonly fields: readonly string[];
    readonly opened: readonly string[];
    readonly closed: readonly string[];
  }[];
}

viewModel<JournalGiven>('directory/journal', ({ t, commaList, changes }) => ({
  journalLines: changes.map((change) => {
    const fields = (names: readonly string[]): string => commaList(names, 'directory.field.');
    const what = t(`directory.journal.${change.what}`);
    const parts = [
      change.fields.length > 0 ? `${what}: ${fields(change.fields)}` : what,
      ...(change.opened.length > 0 ? [t('directory.journal.opened', { fields: fields(change.opened) })] : []),
      ...(change.closed.length > 0 ? [t('directory.journal.closed', { fields: fields(change.closed) })] : []),
    ];
    return { ...change, line: parts.join('; ') };
  }),
}));

interface TeacherGiven {
  readonly t: Translate;
  readonly locale: string;
  readonly teacher: CardView;
}

viewModel<TeacherGiven>('directory/teacher', ({ t, locale, teacher: { texts, name, nameCases } }) => {
  const whose = nameInCase(name, nameCases, 'genitive', locale);
  return {
    headings:
      whose === null
        ? { free: t('directory.free.title'), materials: t('directory.materials') }
        : {
            free: t('directory.free.of', { name: whose }),
            materials: t('directory.materialsOf', { name: whose }),
          },
    hours: texts.filter(({ kind }) => kind === 'hours'),
    about: texts.filter(({ kind }) => kind === 'about'),
  };
});

interface CredentialsGiven {
  readonly t: Translate;
  readonly credentials: CardView['credentials'];
}

viewModel<CredentialsGiven>('directory/credentials', ({ t, credentials }) => ({
  hasCredentials:
    credentials.experienceYears !== null ||
    credentials.degree !== '' ||
    credentials.academicTitle !== '' ||
    [credentials.education, credentials.training, credentials.retraining, credentials.programmes].some(
      (list) => list.length > 0,
    ),
  educationLines: credentials.education.map((education) => educationLine(t, education)),
  trainingLines: credentials.training.map(trainingLine),
  retrainingLines: credentials.retraining.map(trainingLine),
}));

interface DutiesGiven {
  readonly t: Translate;
  readonly teacher: {
    readonly posts: readonly string[];
    readonly terms: readonly PostTerm[];
    readonly departments: readonly string[];
  };
  /** The centre's own words for posts. */
  readonly postTitles?: Readonly<Record<string, string>>;
}

viewModel<DutiesGiven>('directory/duties', ({ t, teacher, postTitles = {} }) => {
  const { posts, terms, departments } = teacher;
  const titleOf = (post: string): string => postTitles[post] ?? t(`directory.post.${post}`);
  const held = posts.map((post) => {
    const title = titleOf(post);
    // A head of departments is named with them.
    const whole =
      post === 'departmentHead' && departments.length > 0 ? `${title}: ${departments.join(', ')}` : title;
    const term = termLine(
      t,
      terms.find((known) => known.post === post),
    );
    return term === '' ? whole : `${whole}, ${term}`;
  });
  const headed = posts.includes('departmentHead')
    ? []
    : departments.map((title) => `${titleOf('departmentHead')}: ${title}`);
  return { duties: [...held, ...headed] };
});
