import type { Locale } from '../../../i18n/index.js';
import { CASES, givenNameIn, nameIn } from '../../../shared/name-cases.js';
import { plainFormulas } from '../../../shared/plain-formulas.js';
import { formatDate, formatNumber, formatZone } from '../../../web/format.js';
import type { ListedItem, Value } from '../kinds/kind.js';

/**
 * The language of templates: `{{title}}`, `{{teacher.dative}}`, `{{student.given}}`, `{{when.time}}`. A variable is put
 * in as text; nothing is evaluated. A line is left out if it has variables and all of them are empty.
 */
const HOLE = /\{\{\s*([a-zA-Z]+)(?:\.([a-zA-Z]+))?\s*\}\}/g;
const ANY_BRACES = /\{\{.*?\}\}|\{\{|\}\}/g;

const FORMS = ['given', 'date', 'day', 'time', 'zone', ...CASES];

const CASED = new RegExp(`\\.(?:${CASES.join('|')})\\s*\\}\\}`);

/** Whether a template names people in cases. */
export const hasCases = (template: string): boolean => CASED.test(template);

/** How values are written: language and zone of the recipient. */
export interface Writing {
  readonly locale: Locale;
  /** IANA name. */
  readonly zone: string;
}

/** Returns what stands in braces and is no variable of the kind; the template cannot be used then. */
export function unknownVariables(template: string, variables: readonly string[]): string[] {
  return (template.match(ANY_BRACES) ?? []).filter((hole) => {
    const [whole, name = '', form] = new RegExp(HOLE.source).exec(hole) ?? [];
    return whole !== hole || !variables.includes(name) || (form !== undefined && !FORMS.includes(form));
  });
}

/** Fills a template's variables in. What is unknown stays empty. */
export function fill(template: string, values: Readonly<Record<string, Value>>, writing: Writing): string {
  const lines = template.split('\n').map((line) => {
    let [holes, filled] = [0, 0];
    const text = line.replace(HOLE, (_hole, name: string, form?: string) => {
      const value = worded(values[name] ?? '', form, writing);
      holes += 1;
      if (value !== '') filled += 1;
      return value;
    });
    return holes > 0 && filled === 0 ? null : text;
  });
  return lines.filter((line) => line !== null).join('\n');
}

function worded(value: Value, form: string | undefined, { locale, zone }: Writing): string {
  if (value === null) return '';
  if (value instanceof Date) {
    if (form === 'date') return formatDate(value, locale, zone, 'date');
    if (form === 'day') return formatDate(value, locale, zone, 'day');
    if (form === 'time') return formatDate(value, locale, zone, 'time');
    const named = formatZone(zone, locale, value);
    if (form === 'zone') return named;
    return `${formatDate(value, locale, zone, 'full')}, ${locale === 'ru' ? `время ${named}` : named}`;
  }
  // Neither mail nor a messenger shows MathML.
  if (typeof value === 'function') return plainFormulas(value(locale));
  if (typeof value === 'number') return formatNumber(value, locale);
  if (typeof value !== 'object') return plainFormulas(value);
  if (form === 'given') return givenNameIn(value, null, locale);
  const nameCase = CASES.find((name) => name === form) ?? null;
  const own = nameCase !== null && locale === 'ru' ? value.cases?.[nameCase] : '';
  return own !== undefined && own !== '' ? own : nameIn(value, nameCase, locale, value.cases?.gender);
}

/** "15:00–15:20 Algebra · Room 214" */
export function lineOf({ startsAt, endsAt, title, detail }: ListedItem, { locale, zone }: Writing): string {
  const time = (at: Date): string => formatDate(at, locale, zone, 'time');
  const more = typeof detail === 'function' ? detail(locale) : detail;
  const what = more === '' ? title : `${title} · ${more}`;
  return `${time(startsAt)}–${time(endsAt)} ${plainFormulas(what)}`;
}
