import { parseTable } from '../../../../infra/tables/index.js';
import { MOST_BYTES } from '../../../../shared/zip.js';
import type { TableMapping, TableRow, TypedAnswer } from '../../types/type-exchange.js';
import { firstAnswer } from '../by-type.js';
import type { ForeignBody, ForeignFile, ForeignQuestion, Unreadable } from '../foreign.js';

/**
 * A table: one question a row. Columns by their headings, in any order, Russian or English:
 *
 * | heading              | what it holds                                                                    |
 * | -------------------- | -------------------------------------------------------------------------------- |
 * | вопрос / question    | the text; a row without it is left out                                           |
 * | тип / type           | один, несколько, да-нет, текст, число, соответствие, порядок, эссе, файл         |
 * | ответ / answer       | answers; may stand several times. `*` or `+` before an answer marks it as right   |
 * | верно / right        | numbers or letters of the right answers, where they are not marked               |
 * | название / name      | by which teachers know it                                                        |
 * | баллы / points       | 1 where it is empty                                                              |
 * | категория, метки, комментарий / category, tags, feedback | as they say                                  |
 */
const HEADINGS: Readonly<Record<string, string>> = {
  вопрос: 'text',
  question: 'text',
  text: 'text',
  'текст вопроса': 'text',
  название: 'name',
  имя: 'name',
  name: 'name',
  title: 'name',
  тип: 'type',
  type: 'type',
  верно: 'right',
  right: 'right',
  'правильный ответ': 'right',
  'верный ответ': 'right',
  correct: 'right',
  баллы: 'mark',
  points: 'mark',
  балл: 'mark',
  категория: 'category',
  category: 'category',
  тема: 'category',
  метки: 'tags',
  tags: 'tags',
  комментарий: 'feedback',
  feedback: 'feedback',
  пояснение: 'feedback',
  погрешность: 'tolerance',
  tolerance: 'tolerance',
};

const isAnswer = (heading: string): boolean => /^(?:ответ|вариант|answer|option)\s*\d*$/u.test(heading);

/** A text of a question is longer than a cell of other tables; a workbook unpacks to no more than other archives. */
const TABLE = { longestCell: 50_000, mostUnpacked: MOST_BYTES } as const;

/** A CSV text or the first sheet of an XLSX file. @throws TableProblem */
export const readQuestionTable = async (bytes: Buffer): Promise<ForeignFile> =>
  readRows((await parseTable(bytes, TABLE)).rows);

/** @param rows cells as text; the first row that names a question's column is the head */
export function readRows(rows: readonly (readonly string[])[]): ForeignFile {
  const headAt = rows.findIndex((row) => row.some((cell) => HEADINGS[cell.trim().toLowerCase()] === 'text'));
  if (headAt < 0) return { questions: [], unreadable: [{ place: '1', key: 'noHead' }] };
  const head = (rows[headAt] ?? []).map((cell) => cell.trim().toLowerCase());
  const questions: ForeignQuestion[] = [];
  const unreadable: Unreadable[] = [];
  rows.slice(headAt + 1).forEach((row, index) => {
    const place = String(headAt + index + 2);
    const cell = (name: string): string => {
      const at = head.findIndex((heading) => HEADINGS[heading] === name);
      return (at < 0 ? '' : (row[at] ?? '')).trim();
    };
    const answers = head.flatMap((heading, at) =>
      isAnswer(heading) && (row[at] ?? '').trim() !== '' ? [(row[at] ?? '').trim()] : [],
    );
    if (cell('text') === '') {
      if (row.some((value) => value.trim() !== '')) unreadable.push({ place, key: 'noText' });
      return;
    }
    const body = bodyOf(cell, answers);
    if (body === null) unreadable.push({ place, key: 'rowType', what: cell('type') });
    else questions.push(question(place, cell, body));
  });
  return { questions, unreadable };
}

type Cell = (name: string) => string;

function question(place: string, cell: Cell, body: ForeignBody): ForeignQuestion {
  const mark = Number(cell('mark').replace(',', '.'));
  return {
    name: cell('name'),
    text: cell('text'),
    mark: Number.isFinite(mark) && mark > 0 ? mark : 1,
    feedback: cell('feedback'),
    category: cell('category'),
    tags: cell('tags')
      .split(/[,;]/u)
      .map((tag) => tag.trim())
      .filter((tag) => tag !== ''),
    place,
    body,
    notes: [],
  };
}

const LETTERS = /^[a-zа-я]$/u;

/** Whether the answer of this number (from 0) is named right: `2`, `1,3`, `Б`, or its own text. */
function isNamed(right: string, index: number, text: string): boolean {
  if (right.toLowerCase() === text.toLowerCase()) return true;
  return right
    .toLowerCase()
    .split(/[\s,;]+/u)
    .some((name) => {
      if (/^\d{1,2}$/u.test(name)) return Number(name) === index + 1;
      return LETTERS.test(name) && ['abcdefghijklmnop', 'абвгдежзиклмноп'].some((row) => row[index] === name);
    });
}

/** The answers, each marked as right or not. */
const answersOf = (cell: Cell, answers: readonly string[]): TypedAnswer[] =>
  answers.map((answer, index) => {
    const marked = /^[*+]\s*/u.test(answer);
    const text = answer.replace(/^[*+]\s*/u, '');
    return { text, right: marked || (cell('right') !== '' && isNamed(cell('right'), index, text)) };
  });

function bodyOf(cell: Cell, answers: readonly string[]): ForeignBody | null {
  const name = cell('type').toLowerCase();
  const keys = [cell('right'), ...answers]
    .filter((text) => text !== '')
    .map((text) => text.replace(/^[*+]\s*/u, ''));
  const row: TableRow = { answers: answersOf(cell, answers), keys, tolerance: cell('tolerance') };
  const isOf = (table: TableMapping<ForeignBody>): boolean =>
    name === '' ? table.fits?.(row) === true : table.names.includes(name);
  return firstAnswer(({ table }) => (table && isOf(table) ? table.read(row) : null));
}
