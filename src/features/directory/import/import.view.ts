import { fullName } from '../../../shared/names.js';
import type { Translate } from '../../../i18n/index.js';
import { termLine } from '../credentials.words.js';
import type { ImportedPerson } from './rows.js';
import type { ImportPreview } from './import.service.js';
import type { ImportRecord } from './imports.store.js';

export const importRow = (record: ImportRecord) => ({
  key: record.key,
  fileName: record.fileName,
  state: record.state,
  written: record.written,
  total: record.total,
  made: record.made,
  changed: record.changed,
  keptByUndo: record.keptByUndo,
  keptTitles: record.keptTitles,
  byName: record.byName,
  at: record.at,
});

/** Lines and faults that a page shows of them. */
const SHOWN = 20;

/** What a table may say of the structure: a column of the preview where it does. */
const OF_STRUCTURE = ['department', 'groups', 'heads', 'posts', 'departmentsLed'] as const;

/** A post with its days, as the line says. */
const postLine = (t: Translate, { title, ...term }: ImportedPerson['posts'][number]): string =>
  [title, termLine(t, term)].filter((part) => part !== '').join(' ');

/** What becomes of the card; a line of the structure has none. */
const whatOf = ({ name, known }: ImportPreview['people'][number]) => {
  if (fullName(name) === '') return 'structureOnly';
  return known ? 'changes' : 'makes';
};

export const previewView = (
  { record, mayUndo, toTakeBack, headings, people, faults }: ImportPreview,
  t: Translate,
) => ({
  record: importRow(record),
  mayUndo,
  toTakeBack,
  address: `/admin/directory/import/${record.key}`,
  columns: headings.map((heading, index) => ({
    heading,
    number: index + 1,
    field: record.mapping[index] ?? '',
  })),
  counts: {
    made: people.filter((person) => whatOf(person) === 'makes').length,
    changed: people.filter((person) => whatOf(person) === 'changes').length,
    faults: faults.length,
    faultyLines: new Set(faults.map(({ line }) => line)).size,
  },
  structure: OF_STRUCTURE.filter((name) => record.mapping.includes(name)),
  people: people.slice(0, SHOWN).map((person) => ({
    line: person.line,
    fullName: fullName(person.name),
    position: person.texts.position ?? '',
    subjects: person.lists.subjects ?? [],
    associations: person.lists.associations ?? [],
    department: person.lists.department ?? [],
    heads: person.lists.heads ?? [],
    posts: person.posts.map((term) => postLine(t, term)),
    departmentsLed: person.lists.departmentsLed ?? [],
    groups: person.groups.map(({ title, programme }) =>
      programme === '' ? title : `${title} (${programme})`,
    ),
    what: whatOf(person),
  })),
  morePeople: Math.max(0, people.length - SHOWN),
  faults: faults.slice(0, SHOWN),
  moreFaults: Math.max(0, faults.length - SHOWN),
});
