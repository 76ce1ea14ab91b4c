import { beginningOf } from '../../bank/question-name.js';
import { markdownHtml } from '../../bank/rich-text.js';
import type { ForeignQuestion } from '../foreign.js';
import { INSTRUCTION } from '../instruction.js';

/** Text inside an XML element or attribute. Signs that XML 1.0 cannot hold are left out. */
export const xmlText = (text: string): string =>
  text
    // eslint-disable-next-line no-control-regex -- exactly what XML 1.0 forbids
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/gu, '')
    .replace(/&/gu, '&amp;')
    .replace(/</gu, '&lt;')
    .replace(/>/gu, '&gt;')
    .replace(/"/gu, '&quot;')
    .replace(/\r/gu, '&#13;');

/** Plain text as HTML: line breaks stay. */
export const htmlOf = (text: string): string =>
  text
    .replace(/&/gu, '&amp;')
    .replace(/</gu, '&lt;')
    .replace(/>/gu, '&gt;')
    .split('\n')
    .map((line) => `<p>${line}</p>`)
    .join('');

/** Per cent with up to five digits after the point, as Moodle writes them. */
export const percent = (fraction: number): string => String(Math.round(fraction * 1e7) / 1e5);

/** A text of the bank as HTML that is also XML: elements without content are closed. */
export const htmlIn = (text: string, format: 'markdown' | 'html' | undefined): string =>
  format === 'html' ? text : format === 'markdown' ? markdownHtml(text) : htmlOf(text);

/** For formats in which every question has a name. */
export const nameInFile = ({ name, text, instruction, format }: ForeignQuestion): string =>
  name || (instruction === undefined ? beginningOf(text, format) : beginningOf(instruction));

/** What is asked of a text with gaps, before that text; '' for other questions. See `instruction.ts`. */
export const instructionHtml = ({ instruction = '' }: ForeignQuestion): string =>
  instruction === ''
    ? ''
    : `<p class="${INSTRUCTION}">${htmlOf(instruction).slice('<p>'.length, -'</p>'.length).replaceAll('</p><p>', '<br/>')}</p>`;
