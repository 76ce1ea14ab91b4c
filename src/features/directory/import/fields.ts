import { keyOf } from '../../../shared/ids.js';
import { folded } from '../cards/search-words.js';

/** What a column of an imported table may hold, with the headings that say so; folded. */
const HEADINGS = {
  fullName: [
    'фио',
    'ф.и.о.',
    'ф. и. о.',
    'фамилия имя отчество',
    'фамилия, имя, отчество',
    'преподаватель',
    'педагог',
    'name',
    'full name',
    'teacher',
  ],
  surname: ['фамилия', 'surname', 'last name'],
  givenName: ['имя', 'given name', 'first name'],
  patronymic: ['отчество', 'patronymic'],
  position: ['должность', 'position'],
  subjects: ['предмет', 'предметы', 'преподаваемые предметы', 'subjects', 'subject'],
  associations: ['объединение', 'объединения', 'association', 'associations'],
  department: ['отдел', 'подразделение', 'структурное подразделение', 'department'],
  groups: ['группа', 'группы', 'учебные группы', 'groups', 'group'],
  groupProgrammes: ['программы групп', 'программа группы', 'programmes of groups'],
  heads: ['руководит объединением', 'руководитель объединения', 'head of'],
  posts: ['руководящая должность', 'руководящие должности', 'leading post', 'post', 'posts'],
  departmentsLed: ['руководит отделом', 'заведует отделом', 'head of department'],
  postsSince: ['в должности с', 'in post since'],
  postsUntil: ['в должности по', 'in post until'],
  programmes: ['программа', 'программы', 'programmes', 'programme'],
  telephone: ['телефон', 'telephone', 'phone'],
  email: ['почта', 'электронная почта', 'e-mail', 'email', 'эл. почта'],
  max: ['max', 'макс'],
  vk: ['vk', 'вконтакте', 'вк'],
  telegram: ['telegram', 'телеграм'],
  site: ['сайт', 'site'],
  hours: ['часы', 'часы занятий', 'weekly hours', 'hours'],
  speciality: ['специальность', 'направление', 'направление подготовки', 'speciality'],
  qualification: ['квалификация', 'qualification'],
  degree: ['ученая степень', 'degree'],
  academicTitle: ['ученое звание', 'academic title'],
  experienceSince: ['работает с', 'стаж с', 'experience since'],
} as const satisfies Record<string, readonly string[]>;

export type ImportField = keyof typeof HEADINGS;
export const IMPORT_FIELDS = Object.keys(HEADINGS) as ImportField[];
export const isImportField = (value: unknown): value is ImportField =>
  IMPORT_FIELDS.some((field) => field === value);

/** Column by column: what it holds, or '' for what is left out. */
export type Mapping = readonly (ImportField | '')[];

/** More lines than these are written, and taken back, in the background. */
export const AT_ONCE = 200;

/** Rows of a table, as they stand in the file; the first row is line 1. */
export type Rows = readonly (readonly string[])[];

export interface Head {
  /** Index of the row of headings. */
  readonly row: number;
  readonly headings: readonly string[];
  /** The same for every file with these headings. */
  readonly key: string;
}

const fieldOf = (heading: string): ImportField | '' => {
  const plain = folded(heading).replace(/\s*\(.*\)$/, '');
  return IMPORT_FIELDS.find((field) => HEADINGS[field].some((known) => known === plain)) ?? '';
};

const HEAD_WITHIN = 15;

/**
 * Finds the row of headings: the one of the first rows with the most headings that are known. Titles over merged
 * cells stand above it; a heading that stands in the row above, over several columns, completes an empty cell.
 */
export function headOf(table: Rows): Head {
  const known = table.slice(0, HEAD_WITHIN).map((row) => row.filter((cell) => fieldOf(cell) !== '').length);
  const most = Math.max(...known);
  const row =
    most === 0 ? table.findIndex((cells) => cells.some((cell) => cell !== '')) : known.indexOf(most);
  const above = table[row - 1] ?? [];
  const width = Math.max(...table.slice(row, row + 50).map((cells) => cells.length), 0);
  const headings = Array.from({ length: width }, (_, index) => {
    const own = table[row]?.[index] ?? '';
    return own === '' ? (above[index] ?? '') : own;
  });
  return { row, headings, key: keyOf(headings.map(folded).join('\u0001'), 20) };
}

/** What the headings say by themselves; a field is taken once. */
export function guessMapping({ headings }: Head): Mapping {
  const taken = new Set<ImportField>();
  return headings.map((heading) => {
    const field = fieldOf(heading);
    if (field === '' || taken.has(field)) return '';
    taken.add(field);
    return field;
  });
}
