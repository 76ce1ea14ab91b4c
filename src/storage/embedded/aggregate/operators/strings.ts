import { badValue } from '../../errors.js';
import { isNumeric, toDouble } from '../../numbers.js';
import { compileRegex } from '../../query/regex.js';
import { isNullish, onFields, onPresentValues, onValues, wrongType, type Operator } from '../evaluator.js';
import { convertToString } from './types.js';

function stringOf(name: string, value: unknown): string {
  if (typeof value !== 'string') throw wrongType(name, 'strings');
  return value;
}

function countOf(name: string, value: unknown): number {
  const number = isNumeric(value) ? toDouble(value) : NaN;
  if (!Number.isInteger(number) || number < 0) throw wrongType(name, 'a whole number, not negative');
  return number;
}

/** The language counts in code points. */
const codePoints = (text: string): string[] => Array.from(text);

/** As MongoDB, which changes the case of ASCII letters only. */
const toLower = (text: string): string => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
const toUpper = (text: string): string => text.replace(/[a-z]+/g, (letters) => letters.toUpperCase());

const changingCase = (name: string, change: (text: string) => string): Operator =>
  onValues(name, 1, 1, ([value]) => (isNullish(value) ? '' : change(convertToString(value))));

const WHITESPACE = /[\0\s]/u;

/** Cuts code points off the ends; the default is white space. */
const trimming = (name: string, left: boolean, right: boolean): Operator =>
  onFields(name, ['input'], ['chars'], (fields) => {
    const { input, chars } = fields;
    if (isNullish(input) || ('chars' in fields && isNullish(chars))) return null;
    const points = codePoints(stringOf(name, input));
    const cut = chars === undefined ? undefined : new Set(stringOf(name, chars));
    const goes = (point: string | undefined): boolean =>
      point !== undefined && (cut ? cut.has(point) : WHITESPACE.test(point));
    let [start, end] = [0, points.length];
    while (left && start < end && goes(points[start])) start++;
    while (right && end > start && goes(points[end - 1])) end--;
    return points.slice(start, end).join('');
  });

const $substrCP = onValues('$substrCP', 3, 3, ([value, start, count]) => {
  const text = isNullish(value) ? '' : convertToString(value);
  const from = countOf('$substrCP', start);
  return codePoints(text)
    .slice(from, from + countOf('$substrCP', count))
    .join('');
});

const $indexOfCP = onPresentValues('$indexOfCP', 2, 4, ([value, wanted, start = 0, end]) => {
  const points = codePoints(stringOf('$indexOfCP', value));
  const needle = codePoints(stringOf('$indexOfCP', wanted));
  const last = Math.min(end === undefined ? points.length : countOf('$indexOfCP', end), points.length);
  for (let at = countOf('$indexOfCP', start); at + needle.length <= last; at++) {
    if (needle.every((point, i) => points[at + i] === point)) return at;
  }
  return -1;
});

const $split = onPresentValues('$split', 2, 2, ([value, separator]) => {
  if (separator === '') throw badValue('$split requires a non-empty separator');
  return stringOf('$split', value).split(stringOf('$split', separator));
});

const $regexMatch = onFields('$regexMatch', ['input', 'regex'], ['options'], ({ input, regex, options }) => {
  if (isNullish(input) || isNullish(regex)) return false;
  return compileRegex(regex, options ?? undefined).test(stringOf('$regexMatch', input));
});

const replacing = (name: string, replace: (text: string, find: string, by: string) => string): Operator =>
  onFields(name, ['input', 'find', 'replacement'], [], ({ input, find, replacement }) =>
    isNullish(input) || isNullish(find) || isNullish(replacement)
      ? null
      : replace(stringOf(name, input), stringOf(name, find), stringOf(name, replacement)),
  );

export const STRINGS: Readonly<Record<string, Operator>> = {
  $concat: onPresentValues('$concat', 0, Infinity, (values) =>
    values.map((value) => stringOf('$concat', value)).join(''),
  ),
  $toLower: changingCase('$toLower', toLower),
  $toUpper: changingCase('$toUpper', toUpper),
  $trim: trimming('$trim', true, true),
  $ltrim: trimming('$ltrim', true, false),
  $rtrim: trimming('$rtrim', false, true),
  $substrCP,
  $indexOfCP,
  $split,
  $regexMatch,
  $strLenCP: onValues('$strLenCP', 1, 1, ([value]) => codePoints(stringOf('$strLenCP', value)).length),
  $strcasecmp: onValues('$strcasecmp', 2, 2, ([a, b]) => {
    const [x, y] = [a, b].map((value) => (isNullish(value) ? '' : toUpper(convertToString(value))));
    return Math.sign(Buffer.compare(Buffer.from(x ?? ''), Buffer.from(y ?? '')));
  }),
  $replaceOne: replacing('$replaceOne', (text, find, by) => text.replace(find, () => by)),
  $replaceAll: replacing('$replaceAll', (text, find, by) => text.replaceAll(find, () => by)),
};
