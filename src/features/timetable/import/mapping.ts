/** What a column of an imported timetable may mean. */
export const COLUMNS = [
  'day',
  'time',
  'start',
  'end',
  'title',
  'teacher',
  'group',
  'place',
  'topic',
  'homework',
] as const;
export type ColumnName = (typeof COLUMNS)[number];

/** Column of a meaning, from 0; a meaning may have none. */
export type ColumnMap = Partial<Record<ColumnName, number>>;

const WORDS: Readonly<Record<ColumnName, RegExp>> = {
  day: /^(дата|день|день недели|число|date|day|weekday)/,
  time: /^(время|пара|урок|часы|time)/,
  start: /^(начало|с$|start|begin)/,
  end: /^(окончание|конец|до$|по$|end|finish)/,
  title: /^(занятие|предмет|дисциплина|название|курс|subject|class|title|course)/,
  teacher: /^(преподаватель|учитель|педагог|фио|teacher)/,
  group: /^(группа|класс$|group)/,
  place: /^(кабинет|аудитория|место|ауд|каб|place|room)/,
  topic: /^(тема|topic)/,
  homework: /^(домашнее|дз$|д\/з|homework)/,
};

const folded = (text: string): string =>
  text.toLocaleLowerCase('ru').replaceAll('ё', 'е').replace(/\s+/g, ' ').replace(/[.:№]/g, '').trim();

const meaningOf = (heading: string): ColumnName | null =>
  COLUMNS.find((name) => WORDS[name].test(folded(heading))) ?? null;

const LOOKED_AT = 15;

/**
 * Finds the row of headings: the one with the most known words among the first rows. Above it may stand titles over
 * merged cells, whose other cells are empty.
 */
export function headingRowOf(rows: readonly (readonly string[])[]): number {
  const scores = rows
    .slice(0, LOOKED_AT)
    .map((row) => new Set(row.map(meaningOf).filter((meaning) => meaning !== null)).size);
  const best = Math.max(0, ...scores);
  return best === 0 ? 0 : scores.indexOf(best);
}

/** Proposes what the columns mean, by the words of their headings. */
export function proposedMap(headings: readonly string[]): ColumnMap {
  const map: ColumnMap = {};
  for (const [index, heading] of headings.entries()) {
    const meaning = meaningOf(heading);
    if (meaning !== null && map[meaning] === undefined) map[meaning] = index;
  }
  return map;
}

/** A table's headings and what stands below them, with cells of merged days filled from above. */
export function belowHeadings(rows: readonly (readonly string[])[]): {
  readonly headings: readonly string[];
  readonly first: number;
} {
  const at = headingRowOf(rows);
  const width = Math.max(...rows.map((row) => row.length));
  const own = rows[at] ?? [];
  // Headings in two lines: «Время» over merged cells, «начало» and «конец» below it.
  const below = rows[at + 1] ?? [];
  const second = below.filter((cell) => cell !== '');
  const twoLines = second.length > 0 && second.every((cell) => meaningOf(cell) !== null);
  const headings = Array.from({ length: width }, (_, index) => {
    const lower = twoLines ? (below[index] ?? '') : '';
    return lower === '' ? (own[index] ?? '') : lower;
  });
  return { headings, first: at + (twoLines ? 2 : 1) };
}
