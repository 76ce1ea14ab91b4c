import type { Translate } from '../../i18n/index.js';
import { viewModel } from '../../web/views.js';
import type { CardView } from './directory.view.js';

/* What the templates of the directory print beyond their data. */

interface Consent {
  readonly field: string;
}

interface Kept {
  readonly slug: string;
  readonly consents: readonly Consent[];
}

/** The keyboard of a telephone for each kind of contact, in the order of the form. */
const CONTACT_KINDS = [
  ['telephone', 'tel'],
  ['email', 'email'],
  ['whatsapp', 'tel'],
  ['telegram', 'text'],
  ['max', 'url'],
  ['vk', 'url'],
  ['instagram', 'text'],
  ['site', 'url'],
] as const;

const consentTo = (kept: Kept | null | undefined, field: string): Consent | undefined =>
  kept?.consents.find((consent) => consent.field === field);

interface CardFormGiven {
  readonly c: (rest?: string) => string;
  readonly kept: Kept | null;
  readonly can: { readonly own: boolean };
  readonly associations: readonly { readonly slug: string; readonly title: string }[];
}

viewModel<CardFormGiven>('directory/card-form', ({ c, kept, can, associations }) => ({
  sendTo: kept ? c(`directory/teachers/${kept.slug}`) : c(can.own ? 'directory/mine' : 'directory/teachers'),
  contactKinds: CONTACT_KINDS,
  associationOptions: associations.map(({ slug, title }) => [slug, title]),
  cardConsent: consentTo(kept, 'card'),
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

viewModel<{ teacher: CardView }>('directory/teacher', ({ teacher: { texts } }) => ({
  hours: texts.filter(({ kind }) => kind === 'hours'),
  about: texts.filter(({ kind }) => kind === 'about'),
}));

interface DutiesGiven {
  readonly t: Translate;
  readonly teacher: { readonly posts: readonly string[] };
  /** The centre's own words for posts. */
  readonly postTitles?: Readonly<Record<string, string>>;
}

viewModel<DutiesGiven>('directory/duties', ({ t, teacher, postTitles = {} }) => ({
  duties: teacher.posts.map((post) => postTitles[post] ?? t(`directory.post.${post}`)),
}));
