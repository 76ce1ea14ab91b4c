import type { PersonName } from '../../../shared/names.js';
import { oneLine } from '../../../shared/lines.js';
import type { ContactKind, PostTerm } from '../cards/card.js';
import { normaliseContact } from '../cards/contacts.js';
import { folded } from '../cards/search-words.js';
import type { Head, ImportField, Mapping, Rows } from './fields.js';
import type { RowContext } from './row-context.js';

/** What is wrong in a line. */
export interface LineFault {
  /** Number of the line in the file, from 1. */
  readonly line: number;
  readonly field: ImportField;
  readonly fault:
    | 'noName'
    | 'tooLong'
    | 'contact'
    | 'date'
    | 'twice'
    | 'ambiguous'
    | 'post'
    | 'noPost'
    | 'ended'
    | 'noGroup'
    | 'noAssociation';
  readonly value: string;
}

/** A group that a line names; '' for a programme that it does not say. */
export interface ImportedGroup {
  readonly association: string;
  readonly title: string;
  readonly programme: string;
}

/** A person as a line says; what it does not say is absent. A line without a name is of the structure alone. */
export interface ImportedPerson {
  readonly line: number;
  readonly name: PersonName;
  readonly texts: Readonly<
    Partial<Record<'position' | 'hours' | 'degree' | 'academicTitle' | 'experienceSince', string>>
  >;
  readonly lists: Readonly<
    Partial<
      Record<
        'subjects' | 'associations' | 'department' | 'heads' | 'departmentsLed' | 'programmes',
        readonly string[]
      >
    >
  >;
  /** With the titles under which the line names them; days that it does not say are ''. */
  readonly posts: readonly (PostTerm & { readonly title: string })[];
  readonly groups: readonly ImportedGroup[];
  readonly contacts: readonly { readonly kind: ContactKind; readonly value: string }[];
  readonly education: { readonly speciality: string; readonly qualification: string } | null;
}

const TEXTS = ['position', 'hours', 'degree', 'academicTitle'] as const;
const LISTS = ['subjects', 'associations', 'department', 'heads', 'departmentsLed', 'programmes'] as const;
const CONTACTS = ['telephone', 'email', 'max', 'vk', 'telegram', 'site'] as const;
const LONGEST = 300;
/** The apostrophe that our exports put before what a spreadsheet would take for a formula: `'+7 900 …`. */
const DEFUSED = /^'(?=[=+\-@])/;

/** "14.03.2026" or "2026-03-14" or "2026" as `YYYY-MM-DD`; null for what is no date. */
function dayOf(text: string): string | null {
  const [, day = '', month = '', year = ''] = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/.exec(text) ?? [];
  const iso =
    year === ''
      ? /^\d{4}$/.test(text)
        ? `${text}-09-01`
        : text
      : `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const date = new Date(`${iso}T00:00:00Z`);
  return /^\d{4}-\d\d-\d\d$/.test(iso) && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(iso)
    ? iso
    : null;
}

function nameOf(cell: (field: ImportField) => string): PersonName {
  const [surname = '', givenName = '', ...rest] = cell('fullName').split(' ');
  const whole = { surname, givenName, patronymic: rest.join(' ') };
  return {
    surname: cell('surname') || whole.surname,
    givenName: cell('givenName') || whole.givenName,
    patronymic: cell('patronymic') || whole.patronymic,
  };
}

export interface ReadRows {
  readonly people: readonly ImportedPerson[];
  readonly faults: readonly LineFault[];
}

/** Reads the lines under the head. A line with a fault is not among the people; empty lines are passed over. */
export function readRows(table: Rows, head: Head, mapping: Mapping, context: RowContext): ReadRows {
  const people: ImportedPerson[] = [];
  const faults: LineFault[] = [];
  const seen = new Set<string>();
  for (const [index, cells] of table.entries()) {
    if (index <= head.row || cells.every((cell) => cell === '')) continue;
    const line = index + 1;
    const cell = (field: ImportField): string => {
      const at = mapping.indexOf(field);
      return at === -1 ? '' : oneLine(cells[at] ?? '').replace(DEFUSED, '');
    };
    const { person: read, faults: found } = readLine(line, cell, context);
    const person = mapping.includes('departmentsLed') ? read : withDepartmentLed(read);
    const key = folded(
      [person.name.surname, person.name.givenName, person.name.patronymic, cell('email')].join(' '),
    ).trim();
    if (found.length === 0 && key !== '' && seen.has(key)) {
      found.push({ line, field: 'fullName', fault: 'twice', value: key });
    }
    seen.add(key);
    if (found.length === 0) people.push(person);
    faults.push(...found);
  }
  return { people, faults };
}

/** In a table that does not say who heads which department, a head of department heads the one of the line. */
function withDepartmentLed(person: ImportedPerson): ImportedPerson {
  const { department = [] } = person.lists;
  const isHead = person.posts.some(({ post }) => post === 'departmentHead');
  return isHead && department.length === 1
    ? { ...person, lists: { ...person.lists, departmentsLed: department } }
    : person;
}

type Cell = (field: ImportField) => string;
type AddFault = (field: ImportField, fault: LineFault['fault'], value?: string) => void;

const parts = (text: string): string[] => (text === '' ? [] : text.split(';').map((part) => part.trim()));

/** Posts with their days: the first day belongs to the first post, and so on. */
function readPosts(cell: Cell, addFault: AddFault, { posts, today }: RowContext): ImportedPerson['posts'] {
  const titles = parts(cell('posts')).filter((title) => title !== '');
  const days = (field: 'postsSince' | 'postsUntil'): string[] => {
    const given = parts(cell(field));
    if (given.slice(titles.length).some((day) => day !== '')) addFault(field, 'noPost');
    return titles.map((_, index) => {
      const text = given[index] ?? '';
      const day = text === '' ? '' : dayOf(text);
      if (day === null) addFault(field, 'date', text);
      return day ?? '';
    });
  };
  const [since, until] = [days('postsSince'), days('postsUntil')];
  return titles.flatMap((title, index) => {
    const post = posts.get(folded(title));
    if (post === undefined) {
      addFault('posts', 'post', title);
      return [];
    }
    const term = { post, title, since: since[index] ?? '', until: until[index] ?? '' };
    if (term.until !== '' && term.until < (term.since > today ? term.since : today))
      addFault('postsUntil', 'ended', term.until);
    return [term];
  });
}

/** Stands between an association and its group: a group without one is of the line's first association. */
export const GROUP_OF = ' / ';

function readGroups(
  cell: Cell,
  addFault: AddFault,
  { associations = [], heads = [] }: ImportedPerson['lists'],
): ImportedGroup[] {
  const names = parts(cell('groups')).filter((name) => name !== '');
  const programmes = parts(cell('groupProgrammes'));
  if (programmes.slice(names.length).some((programme) => programme !== ''))
    addFault('groupProgrammes', 'noGroup');
  return names.map((name, index) => {
    const at = name.indexOf(GROUP_OF);
    const association = at === -1 ? (associations[0] ?? heads[0] ?? '') : name.slice(0, at).trim();
    const title = at === -1 ? name : name.slice(at + GROUP_OF.length).trim();
    if (association === '' || title === '') addFault('groups', 'noAssociation', name);
    if (name.length > 200) addFault('groups', 'tooLong', name);
    return { association, title, programme: (programmes[index] ?? '').slice(0, LONGEST) };
  });
}

/** Whether a line says nothing of a person, but something of associations, departments and groups. */
const isOfStructure = ({ texts, lists, posts, groups, contacts, education }: ImportedPerson): boolean =>
  Object.keys(texts).length + posts.length + contacts.length === 0 &&
  education === null &&
  Object.keys(lists).every((list) => list === 'associations' || list === 'department') &&
  Object.keys(lists).length + groups.length > 0;

function readLine(line: number, cell: Cell, context: RowContext) {
  const faults: LineFault[] = [];
  const addFault: AddFault = (field, fault, value = cell(field)) => {
    faults.push({ line, field, fault, value: value.slice(0, 60) });
  };
  const name = nameOf(cell);
  const texts: Record<string, string> = {};
  for (const field of TEXTS) {
    if (cell(field).length > LONGEST) addFault(field, 'tooLong');
    else if (cell(field) !== '') texts[field] = cell(field);
  }
  if (cell('experienceSince') !== '') {
    const day = dayOf(cell('experienceSince'));
    if (day === null) addFault('experienceSince', 'date');
    else texts.experienceSince = day;
  }
  const lists: Record<string, readonly string[]> = {};
  for (const field of LISTS) {
    const items = cell(field)
      .split(field === 'subjects' ? /[,;]/ : /;/)
      .map((item) => item.trim())
      .filter((item) => item !== '');
    if (items.some((item) => item.length > 200)) addFault(field, 'tooLong');
    else if (items.length > 0) lists[field] = items;
  }
  const contacts = CONTACTS.flatMap((kind) => {
    if (cell(kind) === '') return [];
    const value = normaliseContact(kind, cell(kind));
    if (value === null || value === '') {
      addFault(kind, 'contact');
      return [];
    }
    return [{ kind, value }];
  });
  const speciality = cell('speciality').slice(0, LONGEST);
  const qualification = cell('qualification').slice(0, LONGEST);
  const person: ImportedPerson = {
    line,
    name,
    texts,
    lists,
    posts: readPosts(cell, addFault, context),
    groups: readGroups(cell, addFault, lists),
    contacts,
    education: speciality === '' && qualification === '' ? null : { speciality, qualification },
  };
  const isNameless = name.surname === '' && name.givenName === '';
  if (isNameless && !isOfStructure(person))
    faults.unshift({ line, field: 'fullName', fault: 'noName', value: '' });
  return { person, faults };
}
