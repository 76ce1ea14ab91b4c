import type { ForeignQuestion } from '../exchange/foreign.js';

/* Texts with gaps in files: there the text of the question holds them, `{{1}}`, `{{2}}` … */

/** What a question asks where its file says nothing but the text with the gaps. */
const FILL_IN = 'Заполните пропуски.';

/** The fields of the form for the text. */
export const takeText = ({ instruction = FILL_IN, text }: ForeignQuestion) => ({
  text: instruction,
  body: text.replace(/\{\{(\d{1,3})\}\}/gu, '[[$1]]'),
});

/** The way back. */
export const stemOf = ({ body }: { readonly body: string }): string =>
  body.replace(/\[\[(\d{1,3})\]\]/gu, '{{$1}}');

/** A text with something else in place of its gaps. @param write what stands for the gap of this number, from 1 */
export const withGaps = (text: string, write: (number: number, mark: string) => string): string =>
  text.replace(/\{\{(\d+)\}\}/gu, (mark, number: string) => write(Number(number), mark));
