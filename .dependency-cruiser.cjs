/** Who may import whom. The prose is in docs/adr and the README; this file is what `npm run check` holds to. */
const FEATURE_FILE = '^src/features/([^/]+)/';
/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, path: '^src/', pathNot: '\\.d\\.ts$' },
      to: {},
    },
    {
      name: 'src-not-from-outside',
      comment: 'the product does not lean on scripts or tests',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(scripts|test)/' },
    },
    {
      name: 'no-dev-dependencies-in-src',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev'], pathNot: '^node_modules/@types/' },
    },
    { name: 'nothing-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'shared-imports-nothing-of-ours',
      severity: 'error',
      from: { path: '^src/shared/' },
      to: { path: '^src/(?!shared/)' },
    },
    {
      name: 'storage-and-i18n-import-shared',
      severity: 'error',
      from: { path: '^src/(storage|i18n)/' },
      to: { path: '^src/', pathNot: '^src/(shared/|$1/)' },
    },
    {
      name: 'infra-imports-what-is-below',
      severity: 'error',
      from: { path: '^src/infra/([^/]+)/' },
      to: {
        path: '^src/',
        pathNot: '^src/(shared/|i18n/|web/|storage/index\\.ts$|infra/$1/|infra/[^/]+/index\\.ts$)',
      },
    },
    {
      name: 'lti-imports-shared-storage-and-infra',
      severity: 'error',
      from: { path: '^src/lti/' },
      to: {
        path: '^src/',
        pathNot: '^src/(shared/|lti/|storage/index\\.ts$|infra/[^/]+/index\\.ts$)',
      },
    },
    {
      name: 'web-imports-shared-and-i18n',
      severity: 'error',
      from: { path: '^src/web/' },
      to: { path: '^src/', pathNot: '^src/(shared|i18n|web)/' },
    },
    {
      name: 'features-import-public-parts',
      severity: 'error',
      from: { path: FEATURE_FILE },
      to: {
        path: '^src/',
        pathNot: [
          '^src/(shared|web|i18n)/',
          '^src/(storage|lti)/index\\.ts$',
          '^src/infra/[^/]+/index\\.ts$',
          '^src/features/$1/',
          '^src/features/[^/]+/index\\.ts$',
        ],
      },
    },
    {
      name: 'routes-not-to-store',
      severity: 'error',
      from: { path: '\\.routes\\.ts$' },
      to: { path: '\\.store\\.ts$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'service-knows-no-web',
      severity: 'error',
      from: { path: '\\.(service|policy)\\.ts$' },
      // Figures and dates are written the same way in messages and on pages.
      to: {
        path: '^(src/web/|src/features/[^/]+/[^/]+\\.(routes|view)\\.ts|node_modules/(express|ejs)/)',
        pathNot: '^src/web/format\\.ts$',
      },
    },
    {
      name: 'store-is-the-floor',
      severity: 'error',
      from: { path: '\\.store\\.ts$' },
      // Nothing of the layers above: what records are and how they are reckoned are plain modules. What holds time
      // stands in the collection of features/schedule.
      to: {
        path: '^src/(web/|features/.*(\\.(service|policy|routes|view|schema|jobs)|/index)\\.ts$)',
        pathNot: '^src/features/schedule/index\\.ts$',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'views-are-pure',
      severity: 'error',
      from: { path: '\\.view\\.ts$' },
      to: { path: '\\.(service|store|routes)\\.ts$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'only-lti-imports-ltijs',
      severity: 'error',
      from: { pathNot: '^(src/lti/|scripts/bench/)' },
      to: { path: '^node_modules/ltijs/' },
    },
    {
      name: 'only-storage-imports-engines',
      severity: 'error',
      from: { path: '^(src|scripts)/', pathNot: '^(src/storage/|scripts/bench/)' },
      to: { path: '^node_modules/(mongodb|libsql)/' },
    },
    {
      name: 'one-file-names-sqlite',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/storage/embedded/library\\.ts$' },
      to: { path: '^node_modules/libsql/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
