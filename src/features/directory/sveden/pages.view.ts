import type { Translate } from '../../../i18n/index.js';
import { viewModel } from '../../../web/views.js';
import type { Post } from '../cards/card.js';
import { educationLine, trainingLine } from '../credentials.words.js';
import type { branchesView, employeesView, managersView, structView } from './sveden.view.js';

/* Rows of the law's tables. A property without a value is marked by the word "отсутствует". */

interface Cell {
  readonly property: string;
  readonly text: string;
  /** Address, where the text is a link. */
  readonly href: string;
}

const cell = (t: Translate, property: string, text: string, href = ''): Cell => ({
  property,
  text: text === '' ? t('directory.sveden.absent') : text,
  href: text === '' ? '' : href,
});

const lines = (values: readonly string[]): string => values.join('; ');

type BranchRow = ReturnType<typeof branchesView>[number];

/**
 * A table of branches, or the word that there are none.
 * @param cells properties of a row with the columns that head them
 */
const branchTable = (
  t: Translate,
  property: string,
  cells: readonly (readonly [
    property: string,
    column: string,
    value: (row: BranchRow) => Cell['text' | 'href'] | readonly [string, string],
  ])[],
  rows: readonly BranchRow[],
) => ({
  property,
  title: t(`directory.sveden.column.${property}`),
  text: rows.length === 0 ? t('directory.sveden.absent') : '',
  columns: cells.map(([, column]) => column),
  rows: rows.map((row) => ({
    cells: cells.map(([name, , value]) => {
      const given = value(row);
      return typeof given === 'string' ? cell(t, name, given) : cell(t, name, ...given);
    }),
  })),
});

const EMPLOYEE = [
  ...['fio', 'post', 'teachingDiscipline', 'teachingLevel', 'degree', 'academStat'],
  ...['qualification', 'profDevelopment', 'specExperience', 'teachingOp'],
];
const MANAGER = ['fio', 'post', 'telephone', 'email'];
const LEADERS = ['rucovodstvo', 'rucovodstvoZam'] as const;
const DIVISION = ['name', 'fio', 'post', 'addressStr', 'site', 'email', 'divisionClauseDocLink'];

/** Rows of a table; where there are none, one row in which each property is absent. */
const rowsOf = (t: Translate, columns: readonly string[], rows: readonly (readonly Cell[])[]) =>
  (rows.length > 0 ? rows : [columns.map((property) => cell(t, property, ''))]).map((cells) => ({ cells }));

interface EmployeesGiven {
  readonly t: Translate;
  readonly employees: ReturnType<typeof employeesView>;
}

viewModel<EmployeesGiven>('directory/sveden-employees-table', ({ t, employees }) => ({
  columns: EMPLOYEE,
  staff: rowsOf(
    t,
    EMPLOYEE,
    employees.map((person) => [
      cell(t, 'fio', person.fio),
      cell(t, 'post', person.position || lines(person.posts.map((post) => t(`directory.post.${post}`)))),
      cell(t, 'teachingDiscipline', lines(person.subjects)),
      cell(t, 'teachingLevel', lines(person.education.map((education) => educationLine(t, education)))),
      cell(t, 'degree', person.degree),
      cell(t, 'academStat', person.academicTitle),
      cell(t, 'qualification', lines(person.training.map(trainingLine))),
      cell(t, 'profDevelopment', lines(person.retraining.map(trainingLine))),
      cell(
        t,
        'specExperience',
        person.experienceYears === null ? '' : t('directory.years', { count: person.experienceYears }),
      ),
      cell(t, 'teachingOp', lines(person.programmes)),
    ]),
  ),
}));

interface ManagersGiven {
  readonly t: Translate;
  readonly managers: ReturnType<typeof managersView>;
  /** The centre's own words for posts. */
  readonly titles: Readonly<Partial<Record<Post, string>>>;
  readonly branches: readonly BranchRow[];
}

viewModel<ManagersGiven>('directory/sveden-managers-table', ({ t, managers, titles, branches }) => ({
  columns: MANAGER,
  leaders: LEADERS.flatMap((property) =>
    rowsOf(
      t,
      MANAGER,
      managers
        .filter((person) => person.property === property)
        .map((person) => [
          cell(t, 'fio', person.fio),
          cell(t, 'post', titles[person.post] ?? t(`directory.post.${person.post}`)),
          cell(t, 'telephone', person.telephone),
          cell(t, 'email', person.email),
        ]),
    ).map(({ cells }) => ({ property, cells })),
  ),
  branchTables: [
    branchTable(
      t,
      'rucovodstvoFil',
      [
        ['nameFil', 'name', (row) => row.title],
        ['fio', 'fio', (row) => row.fio],
        ['post', 'post', (row) => row.post],
        ['telephone', 'telephone', (row) => row.telephone],
        ['email', 'email', (row) => row.emailAddress],
      ],
      branches,
    ),
  ],
}));

interface StructGiven {
  readonly t: Translate;
  readonly divisions: ReturnType<typeof structView>;
  readonly branches: readonly BranchRow[];
}

/** Properties of a branch; their names end by what it is. */
const structBranches = (t: Translate, property: string, ending: 'Fil' | 'Rep', rows: readonly BranchRow[]) =>
  branchTable(
    t,
    property,
    [
      [`name${ending}`, 'name', (row) => row.title],
      [`fio${ending}`, 'fio', (row) => row.fio],
      [`post${ending}`, 'post', (row) => row.post],
      [`address${ending}`, 'addressStr', (row) => row.addressLine],
      [`email${ending}`, 'email', (row) => row.emailAddress],
      [`website${ending}`, 'site', (row) => [row.site, row.site]],
      [
        'divisionClauseDocLink',
        'regulation',
        (row) => [row.document === '' ? '' : t('directory.sveden.document'), row.document],
      ],
    ],
    rows,
  );

viewModel<StructGiven>('directory/sveden-struct-table', ({ t, divisions, branches }) => ({
  columns: DIVISION,
  parts: rowsOf(
    t,
    DIVISION,
    divisions.map((division) => [
      cell(t, 'name', division.name, division.slug === '' ? '' : `/associations/${division.slug}`),
      cell(t, 'fio', division.fio),
      cell(t, 'post', division.fio === '' ? '' : t(division.post)),
      cell(t, 'addressStr', division.address),
      cell(t, 'site', division.site, division.site),
      cell(t, 'email', division.email),
      cell(
        t,
        'divisionClauseDocLink',
        division.document === '' ? '' : t('directory.sveden.document'),
        division.document,
      ),
    ]),
  ),
  branchTables: [
    structBranches(
      t,
      'filInfo',
      'Fil',
      branches.filter(({ kind }) => kind === 'branch'),
    ),
    structBranches(
      t,
      'repInfo',
      'Rep',
      branches.filter(({ kind }) => kind === 'office'),
    ),
  ],
}));
