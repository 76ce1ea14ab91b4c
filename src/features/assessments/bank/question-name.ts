import { excerptOf } from './excerpt.js';
import type { TextFormat } from './text-formats.js';

/** As long as Moodle's. */
export const LONGEST_NAME = 255;

/** Pictures and recordings are only said: in another file they have other addresses. */
const lineOf = (text: string, format: TextFormat | undefined, most: number): string =>
  excerptOf(text.replace(/!\[([^\]]*)\]\([^()\s]*\)/gu, '$1'), format, most);

/** What a file calls a question that has no name: the beginning of its text. */
export const beginningOf = (text: string, format?: TextFormat): string => lineOf(text, format, 100);

/** Systems that want a name for every question make it of the beginning of the text, of 80 signs and more. */
const CUT = 80;

/** The end of a text that was shortened. */
const CUT_OFF = /(?:\.\.\.|…)$/u;

/** The name without what only repeats the text: '' then, so that a name which a file had to make up is none again. */
export function ownName(name: string, text: string, format?: TextFormat): string {
  const bare = excerptOf(name.replace(CUT_OFF, ''), 'plain', Infinity);
  const whole = lineOf(text, format, Infinity);
  const isBeginning = CUT_OFF.test(name) || bare.length >= CUT || bare === whole;
  return isBeginning && whole.startsWith(bare) ? '' : name;
}
