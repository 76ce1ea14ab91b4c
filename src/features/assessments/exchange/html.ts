import sanitize from 'sanitize-html';
import type { Note } from './foreign.js';

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
  nbsp: ' ',
};

/** Elements whose content a plain text cannot hold; each is told in a note. */
const LOST = ['img', 'table', 'audio', 'video', 'iframe', 'object', 'svg'];

export interface PlainText {
  readonly text: string;
  readonly notes: readonly Note[];
}

/** HTML of an LMS as plain text with line breaks. Pictures, tables and media are named in notes. */
export function plainFromHtml(html: string): PlainText {
  const lost = LOST.filter((name) => new RegExp(`<${name}[\\s>/]`, 'iu').test(html));
  const marked = html
    .replace(/\r\n?/gu, '\n')
    .replace(/<(?:br|hr)\s*\/?>/giu, '\n')
    .replace(/<\/(?:p|div|li|tr|h[1-6]|pre|ul|ol|table)>/giu, '\n')
    .replace(/<li[^>]*>/giu, '• ')
    .replace(/<\/t[dh]>/giu, '\t')
    .replace(/<sup>([^<]{1,40})<\/sup>/giu, '^$1')
    .replace(/<sub>([^<]{1,40})<\/sub>/giu, '_$1');
  const bare = sanitize(marked, { allowedTags: [], allowedAttributes: {} });
  const text = bare
    .replace(/&(amp|lt|gt|quot|#39|nbsp);/gu, (_match, name: string) => ENTITIES[name] ?? '')
    .replace(/\u00a0/gu, ' ')
    .replace(/[ \t]+\n/gu, '\n')
    .replace(/\n{3,}/gu, '\n\n')
    .trim();
  return { text, notes: lost.map((what) => ({ key: 'lostElement', what })) };
}

/** Text of a known format; only `html` and Moodle's own format are markup. */
export const plainFrom = (text: string, format: string): PlainText =>
  /^(?:html|moodle|moodle_auto_format)$/u.test(format) && /<[a-z!/][^>]*>|&[a-z#]\w*;/iu.test(text)
    ? plainFromHtml(text)
    : { text: text.replace(/\r\n?/gu, '\n').trim(), notes: [] };
