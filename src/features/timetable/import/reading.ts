import { cutText } from '../../../shared/lines.js';
import { nameWords } from '../../../shared/names.js';
import { clockTimesIn, dateOf } from '../../../shared/written-times.js';
import { daysOf, timesOn, type Times } from '../days.js';
import type { ClassTeacher, Named } from '../timetable-class.js';
import { belowHeadings, type ColumnMap, type ColumnName } from './mapping.js';

/** A class that a row of a timetable names. */
export interface ReadClass extends Times {
  /** Of the file, from 1. */
  readonly row: number;
  readonly day: string;
  readonly title: string;
  readonly teacher: ClassTeacher;
  readonly groupId: string;
  readonly place: string;
  readonly topic: string;
  readonly homework: string;
}

export interface ReadFault {
  readonly row: number;
  /** What is wrong; worded by the page. */
  readonly what: 'day' | 'time' | 'skipped' | 'title' | 'group' | 'period' | 'noDay' | 'tooMany';
}

export interface ReadTimetable {
  readonly classes: readonly ReadClass[];
  readonly faults: readonly ReadFault[];
}

export interface ReadingContext {
  readonly rows: readonly (readonly string[])[];
  readonly map: ColumnMap;
  /** Period for rows that name a weekday; '' where none is given. */
  readonly from: string;
  readonly to: string;
  readonly zone: string;
  /** Days on which the centre is closed: a row that names a weekday means none of them. */
  readonly closed: ReadonlySet<string>;
  readonly teachers: readonly (Named & { readonly fullName: string })[];
  readonly groups: readonly { readonly id: string; readonly name: string }[];
}

const WEEKDAYS = [
  /^(пн|понед|mon)/,
  /^(вт|tue)/,
  /^(ср|wed)/,
  /^(чт|четв|thu)/,
  /^(пт|пятн|fri)/,
  /^(сб|субб|sat)/,
  /^(вс|воск|sun)/,
];
const MOST_CLASSES = 5_000;

export function weekdayIn(text: string): number | null {
  const index = WEEKDAYS.findIndex((pattern) => pattern.test(text.toLocaleLowerCase('ru').trim()));
  return index === -1 ? null : index + 1;
}

/** The person whose name begins with these words, when there is only one: «Соколова Е. В.». */
function teacherNamed(text: string, { teachers }: ReadingContext): ClassTeacher {
  const words = nameWords(text);
  const fits = teachers.filter(({ fullName }) => {
    const own = nameWords(fullName);
    return (
      words.length > 0 && words[0] === own[0] && words.every((word, index) => own[index]?.startsWith(word))
    );
  });
  const [found] = fits;
  return fits.length === 1 && found ? { id: found.id, name: '' } : { id: '', name: text };
}

const sameName = (a: string, b: string): boolean =>
  a.toLocaleLowerCase('ru').trim() === b.toLocaleLowerCase('ru').trim();

/** Reads the rows below the headings. An empty cell of the day's column means the day above: such cells are merged. */
export function readTimetable(context: ReadingContext): ReadTimetable {
  const { rows, map, zone } = context;
  const { first } = belowHeadings(rows);
  const classes: ReadClass[] = [];
  const faults: ReadFault[] = [];
  // The same few days stand in all rows.
  const known = new Map<string, ReturnType<typeof daysIn>>();
  let lastDay = '';
  for (const [offset, cells] of rows.slice(first).entries()) {
    const row = first + offset + 1;
    const cell = (name: ColumnName): string => (map[name] === undefined ? '' : (cells[map[name]] ?? ''));
    const fault = (what: ReadFault['what']): void => void faults.push({ row, what });
    lastDay = cell('day') || lastDay;
    const title = cell('title');
    // A line with a day alone is a heading of the days below it.
    if (title === '' && cells.filter((text) => text !== '').length <= 1) continue;
    if (title === '') {
      fault('title');
      continue;
    }
    const days = known.get(lastDay) ?? daysIn(lastDay, context);
    known.set(lastDay, days);
    if (days === 'period' || days === 'day' || days === 'noDay') {
      fault(days);
      continue;
    }
    const [start, end] = clockTimesIn(`${cell('time')} ${cell('start')} ${cell('end')}`);
    if (start === undefined || end === undefined || end <= start) {
      fault('time');
      continue;
    }
    const groupText = cell('group');
    const group = context.groups.find(({ name }) => sameName(name, groupText));
    if (groupText !== '' && group === undefined && context.groups.length > 0) {
      fault('group');
      continue;
    }
    for (const day of days) {
      const times = timesOn(day, start, end, zone);
      if (times === null) {
        fault('skipped');
        continue;
      }
      if (classes.length >= MOST_CLASSES) {
        fault('tooMany');
        return { classes, faults };
      }
      classes.push({
        ...{ row, day, title: cutText(title, 200), ...times },
        teacher: teacherNamed(cell('teacher').slice(0, 150), context),
        groupId: group?.id ?? '',
        place: cutText(cell('place'), 150),
        topic: cutText(cell('topic'), 300),
        homework: cell('homework'),
      });
    }
  }
  return { classes, faults };
}

/** A date, or a weekday in each week of the period. */
function daysIn(text: string, { from, to, closed }: ReadingContext): string[] | 'day' | 'period' | 'noDay' {
  const date = dateOf(text);
  if (date !== null) return [date];
  const weekday = weekdayIn(text);
  if (weekday === null) return 'day';
  if (from === '' || to === '') return 'period';
  const days = daysOf(from, to, [weekday], 1).filter((day) => !closed.has(day));
  return days.length > 0 ? days : 'noDay';
}
