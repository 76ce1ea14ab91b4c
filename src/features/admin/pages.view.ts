import type { Translate } from '../../i18n/index.js';
import { settingsFields } from '../../infra/settings/index.js';
import type { PageContext } from '../../web/context.js';
import { viewModel } from '../../web/views.js';

/* What the templates of /admin print beyond their data. */

interface NavGiven {
  readonly admin: NonNullable<PageContext['admin']>;
  readonly path: string;
}

const SECTIONS = [
  ...[
    'directory',
    'platforms',
    'launches',
    'grades',
    'jobs',
    'notifications',
    'people',
    'organisation',
    'audit',
  ],
  ...['consultation-types', 'closed-days', 'places', 'video', 'retention', 'settings'],
] as const;

viewModel<NavGiven>('admin/nav', ({ admin, path }) => {
  const section = (name: string, href: string) => ({ name, href, here: path.startsWith(href) });
  return {
    sections: [
      { name: 'overview', href: '/admin', here: path === '/admin' || path === '/admin/' },
      ...SECTIONS.map((name) => section(name, `/admin/${name}`)),
      ...(admin.guest
        ? []
        : [section('staff', '/admin/administrators'), section('account', '/admin/account')]),
    ],
  };
});

interface SettingsGiven {
  readonly t: Translate;
  readonly values: Readonly<Record<string, string>>;
  /** What others have saved while the form was open, or null. */
  readonly saved: Readonly<Record<string, string>> | null;
  readonly zone: string;
  readonly zoneOptions: (own: string) => [string, string][];
  readonly environment: { readonly rosterHours: number };
}

viewModel<SettingsGiven>('admin/settings', ({ t, values, saved, zone, zoneOptions, environment }) => {
  // What is saved now, under the fields where it differs from what was typed.
  const changed = Object.entries(saved ?? {})
    .filter(([name, value]) => value !== values[name])
    .map(([name, value]) => {
      const worded = value === '' ? t('admin.settings.nothing') : settingsFields.words(name, value, t);
      return [name, t('admin.settings.now', { value: worded })] as const;
    });
  return {
    controls: settingsFields.controls({
      t,
      values,
      params: { hours: environment.rosterHours },
      hints: Object.fromEntries(changed),
      choices: { zone: zoneOptions(zone) },
    }),
  };
});

interface OverviewGiven {
  readonly t: Translate;
  readonly number: (value: number) => string;
  readonly disk: { readonly database: number; readonly free: number; readonly all: number } | null;
}

viewModel<OverviewGiven>('admin/overview', ({ t, number, disk }) => {
  const megabytes = (bytes: number) =>
    t('admin.overview.megabytes', { size: number(Math.ceil(bytes / 1e6)) });
  return {
    sizes: disk && {
      database: megabytes(disk.database),
      free: megabytes(disk.free),
      all: megabytes(disk.all),
    },
  };
});

interface ProgressGiven {
  readonly progress?: { readonly done: number; readonly left: number } | null;
}

viewModel<ProgressGiven>('admin/grades-again', ({ progress }) => ({
  total: progress ? progress.done + progress.left : 0,
}));

viewModel<{ errors: Record<string, string> }>('admin/platform-roles', ({ errors }) => ({
  problem: [errors.version, errors.uri, errors.role].filter(Boolean).join('. '),
}));

viewModel<{ draft: { key: string } | null }>('admin/totp', ({ draft }) => ({
  // In fours, as people copy it.
  groupedKey: draft?.key.replace(/(.{4})(?=.)/g, '$1 ') ?? '',
}));

viewModel<{ report: { skew: number | null } }>('admin/report', ({ report }) => ({
  seconds: Math.abs(report.skew ?? 0),
}));
