import { plainFromHtml } from './html.js';

/*
 * What is asked of a text with gaps ("Fill in the dates"). The bank keeps it apart from the text, other systems do not:
 * a file has it as a paragraph of this class before the text.
 */

export const INSTRUCTION = 'instruction';

const PARAGRAPH = new RegExp(`^\\s*<p class="${INSTRUCTION}">([^]*?)</p>`, 'u');

/** Parts the instruction from the text that it stands before. @param html as this program writes it, or any other */
export function splitInstruction(html: string): { readonly instruction?: string; readonly rest: string } {
  const [whole, inside] = PARAGRAPH.exec(html) ?? [];
  if (whole === undefined || inside === undefined) return { rest: html };
  return { instruction: plainFromHtml(inside).text, rest: html.slice(whole.length) };
}

/** The instruction before a text; without the field if there is none. */
export function instructionIn(html: string): { readonly instruction?: string } {
  const { rest: _rest, ...found } = splitInstruction(html);
  return found;
}
