import { z } from 'zod';
import { fold } from '../../../shared/folding.js';
import { oneLine } from '../../../shared/lines.js';

/** How texts are compared: what a typing hand or a keyboard decides makes no difference. */
export const normalised = (text: string, caseMatters: boolean): string =>
  fold(text, caseMatters ? 'exactAnswer' : 'answer');

/** The literal parts between the stars of a pattern; `\*` is a star itself. */
const literals = (pattern: string): string[] =>
  // A place holder that normalised text cannot hold stands for the escaped star while the others part the text.
  pattern
    .replaceAll('\\*', '\0')
    .split('*')
    .map((part) => part.replaceAll('\0', '*'));

/** A pattern as people read it: an ellipsis for any characters. */
export const patternWords = (pattern: string): string => literals(pattern).join('…');

/**
 * Whether a text is what a pattern means, both normalised. `*` stands for any characters, also none.
 * Goes through the text once: no pattern can make it slow.
 */
export function matches(pattern: string, text: string): boolean {
  const [first = '', ...rest] = literals(pattern);
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last))
    return false;
  const end = text.length - last.length;
  let from = first.length;
  for (const part of rest) {
    const at = text.indexOf(part, from);
    if (at < 0 || at + part.length > end) return false;
    from = at + part.length;
  }
  return true;
}

/** One to a line in a form; a list in JSON. Empty lines are dropped. */
export const linesOf = (longest: number, most: number) =>
  z
    .union([z.string(), z.array(z.string())])
    .default('')
    .transform((sent) => (typeof sent === 'string' ? sent.split(/\r\n?|\n/) : sent))
    .transform((lines) => lines.map(oneLine).filter((line) => line !== ''))
    .pipe(z.array(z.string().max(longest)).max(most, { error: 'errors.field.tooBig' }));
