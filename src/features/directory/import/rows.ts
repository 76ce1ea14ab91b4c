import type { PersonName } from '../../../shared/names.js';
import { oneLine } from '../../../shared/lines.js';
import type { ContactKind } from '../cards/card.js';
import { normaliseContact } from '../cards/contacts.js';
import { folded } from '../cards/search-words.js';
import type { Head, ImportField, Mapping, Rows } from './fields.js';

/** What is wrong in a line. */
export interface LineFault {
  /** Number of the line in the file, from 1. */
  readonly line: number;
  readonly field: ImportField;
  readonly fault: 'noName' | 'tooLong' | 'contact' | 'date' | 'twice' | 'ambiguous';
  readonly value: string;
}

/** A person as a line says; what it does not say is absent. */
export interface ImportedPerson {
  readonly line: number;
  readonly name: PersonName;
  readonly texts: Readonly<
    Partial<Record<'position' | 'hours' | 'degree' | 'academicTitle' | 'experienceSince', string>>
  >;
  readonly lists: Readonly<
    Partial<Record<'subjects' | 'associations' | 'department' | 'heads' | 'programmes', readonly string[]>>
  >;
  readonly contacts: readonly { readonly kind: ContactKind; readonly value: string }[];
  readonly education: { readonly speciality: string; readonly qualification: string } | null;
}

const TEXTS = ['position', 'hours', 'degree', 'academicTitle'] as const;
const LISTS = ['subjects', 'associations', 'department', 'heads', 'programmes'] as const;
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
export function readRows(table: Rows, head: Head, mapping: Mapping): ReadRows {
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
    const { person, faults: found } = readLine(line, cell);
    const key = folded(
      [person.name.surname, person.name.givenName, person.name.patronymic, cell('email')].join(' '),
    );
    if (found.length === 0 && seen.has(key)) {
      found.push({ line, field: 'fullName', fault: 'twice', value: key });
    }
    seen.add(key);
    if (found.length === 0) people.push(person);
    faults.push(...found);
  }
  return { people, faults };
}

function readLine(line: number, cell: (field: ImportField) => string) {
  const faults: LineFault[] = [];
  const refuse = (field: ImportField, fault: LineFault['fault']): void => {
    faults.push({ line, field, fault, value: cell(field).slice(0, 60) });
  };
  const name = nameOf(cell);
  if (name.surname === '' && name.givenName === '') refuse('fullName', 'noName');
  const texts: Record<string, string> = {};
  for (const field of TEXTS) {
    if (cell(field).length > LONGEST) refuse(field, 'tooLong');
    else if (cell(field) !== '') texts[field] = cell(field);
  }
  if (cell('experienceSince') !== '') {
    const day = dayOf(cell('experienceSince'));
    if (day === null) refuse('experienceSince', 'date');
    else texts.experienceSince = day;
  }
  const lists: Record<string, readonly string[]> = {};
  for (const field of LISTS) {
    const items = cell(field)
      .split(field === 'subjects' ? /[,;]/ : /;/)
      .map((item) => item.trim())
      .filter((item) => item !== '');
    if (items.some((item) => item.length > 200)) refuse(field, 'tooLong');
    else if (items.length > 0) lists[field] = items;
  }
  const contacts = CONTACTS.flatMap((kind) => {
    if (cell(kind) === '') return [];
    const value = normaliseContact(kind, cell(kind));
    if (value === null || value === '') {
      refuse(kind, 'contact');
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
    contacts,
    education: speciality === '' && qualification === '' ? null : { speciality, qualification },
  };
  return { person, faults };
}
