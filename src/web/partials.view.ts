import type { Actor } from '../shared/actor.js';
import { LOCALES, type Locale } from '../i18n/index.js';
import { atLeast } from '../shared/roles.js';
import { DISPLAY_CHOICES, type Display } from './display.js';
import { viewModel } from './views.js';

/* What the partials of every page print. */

interface NavGiven {
  readonly actor: Actor;
  readonly extraSections: readonly string[];
  readonly path: string;
  readonly c: (rest?: string) => string;
}

viewModel<NavGiven>('partials/nav', ({ actor, extraSections, path, c }) => ({
  sections: [
    { name: 'home', href: c(), here: path === c() },
    ...[
      'timetable',
      'consultations',
      'questions',
      'tests',
      'grades',
      ...(atLeast(actor.role, 'assistant') ? ['people'] : []),
      'directory',
      ...extraSections,
    ].map((name) => ({
      name,
      href: c(name),
      here: path.startsWith(c(name)),
    })),
  ],
}));

interface PagerGiven {
  readonly pager: { readonly page: number; readonly pages: number };
  readonly query?: Readonly<Record<string, unknown>>;
  readonly queryOf: (fields: Readonly<Record<string, unknown>>) => string;
}

viewModel<PagerGiven>('partials/pager', ({ pager, query, queryOf }) => ({
  previous: queryOf({ ...query, page: pager.page - 1 }),
  next: queryOf({ ...query, page: pager.page + 1 }),
}));

viewModel<{ locale: Locale }>('partials/footer', ({ locale }) => ({
  otherLocale: LOCALES.find((other) => other !== locale),
}));

/** Texts of the choices, by the values. */
const DISPLAY_WORDS = {
  size: 'common.display.sized.',
  spacing: 'common.display.spaced.',
  scheme: 'common.display.schemed.',
  pictures: 'common.display.pictured.',
} as const;

viewModel<{ display: Display }>('partials/display', ({ display }) => ({
  displayFields: (['size', 'spacing', 'scheme', 'pictures'] as const).map((name) => ({
    name,
    values: DISPLAY_CHOICES[name].map((value) => [value, DISPLAY_WORDS[name] + value] as const),
    chosen: display[name],
  })),
}));

viewModel<{ path: string }>('partials/site-nav', ({ path }) => ({
  siteSections: [
    { name: 'centre', href: '/', here: path === '/' },
    ...['teachers', 'associations', 'programmes', 'materials', 'faq', 'sveden'].map((name) => ({
      name,
      href: `/${name}`,
      here: path === `/${name}` || path.startsWith(`/${name}/`),
    })),
  ],
}));
