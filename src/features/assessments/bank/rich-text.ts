import type * as Marked from 'marked';
import type SanitizeHtml from 'sanitize-html';
import { lazyPackage } from '../../../shared/lazy-package.js';
import { holdFormulas } from '../../../web/rich-text.js';
import type { TextFormat } from './questions.store.js';

const markdown = lazyPackage<typeof Marked>('marked');
const sanitizeHtml = lazyPackage<typeof SanitizeHtml>('sanitize-html');

/*
 * Texts of questions as HTML: plain, Markdown or HTML, with pictures and recordings of the bank, and formulas by the
 * rule of web/rich-text. What is printed is always sanitised.
 */

/** `files/<id>`; older texts have it below a course: `/c/<course>/files/<id>`. `embedded/<n>` while it is imported. */
const OWN_FILE = /^(?:(?:\/(?:c\/[a-z0-9]{1,20}\/)?)?files\/[a-z2-9]{20}|embedded\/\d{1,5})$/;

const ALLOWED: SanitizeHtml.IOptions = {
  allowedTags: [
    ...[
      'p',
      'br',
      'hr',
      'b',
      'strong',
      'i',
      'em',
      'u',
      's',
      'sub',
      'sup',
      'code',
      'pre',
      'blockquote',
      'small',
    ],
    ...['ul', 'ol', 'li', 'dl', 'dt', 'dd', 'h3', 'h4', 'h5', 'h6', 'span', 'div', 'a', 'img', 'audio'],
    ...['table', 'caption', 'thead', 'tbody', 'tfoot', 'tr', 'th', 'td'],
  ],
  allowedAttributes: {
    a: ['href', 'title'],
    // Images come from this tool's files alone: others would tell a stranger who reads the question.
    img: ['src', 'alt', 'width', 'height'],
    audio: ['src', 'controls', 'aria-label'],
    td: ['colspan', 'rowspan'],
    th: ['colspan', 'rowspan', 'scope'],
    ol: ['start', 'type'],
  },
  allowedSchemes: ['http', 'https', 'mailto'],
  allowedSchemesByTag: { img: [], audio: [] },
  allowProtocolRelative: false,
  exclusiveFilter: ({ tag, attribs }) =>
    (tag === 'img' || tag === 'audio') && !OWN_FILE.test(attribs.src ?? ''),
  nestingLimit: 60,
};

const escaped = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');

function bodyOf(text: string, format: TextFormat): string {
  if (format === 'plain') return escaped(text).replace(/\n/g, '<br>');
  const html = format === 'markdown' ? markdown().marked.parse(text, { async: false, breaks: true }) : text;
  return sanitizeHtml()(html, ALLOWED);
}

/** A picture or a recording in a text of any format: `![what it shows](files/<id>)`, `![what is heard](files/<id>#audio)`. */
export const MEDIA = /!\[([^\]\n]{0,300})\]\(files\/([a-z2-9]{20})(#audio)?\)/gu;

const mediaHtml = ([, alt = '', id = '', audio]: readonly (string | undefined)[]): string =>
  audio
    ? `<audio controls src="files/${id}" aria-label="${escaped(alt)}"></audio>`
    : `<img src="files/${id}" alt="${escaped(alt)}">`;

/** How a text refers to a file of the bank. */
export const mediaText = (id: string, alt: string, isAudio: boolean): string =>
  `![${alt.replace(/[[\]\n]/gu, ' ').slice(0, 300)}](files/${id}${isAudio ? '#audio' : ''})`;

const cache = new Map<string, string>();
const MOST_CACHED = 2_000;

/** The address of a file below the reader's course. */
export type FileAddress = (path: string) => string;
const asWritten: FileAddress = (path) => path;

function rendered(text: string, format: TextFormat): string {
  const key = `${format} ${text}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  const held = holdFormulas(text, format === 'plain' ? null : format, { pattern: MEDIA, html: mediaHtml });
  const html = held.restore(bodyOf(held.text, format));
  if (cache.size >= MOST_CACHED) cache.clear();
  cache.set(key, html);
  return html;
}

/**
 * Returns HTML that is safe to print.
 * @param address of the reader's course: the same question may stand in several
 */
export const richText = (text: string, format: TextFormat = 'plain', address = asWritten): string =>
  rendered(text, format).replace(
    / src="(?:\/(?:c\/[a-z0-9]{1,20}\/)?)?(files\/[a-z2-9]{20})"/gu,
    (_whole, path: string) => ` src="${address(path)}"`,
  );

/** The same for a text in one line, such as an offered answer: without a paragraph around it. */
export const richLine = (text: string, format: TextFormat = 'plain', address = asWritten): string =>
  richText(text, format, address).replace(/^<p>((?:(?!<p>)[\s\S])*)<\/p>\s*$/u, '$1');

/** Both for the templates of a page. @param c an address below the course of the page; none on an open page */
export const richFor = (c: FileAddress = asWritten) => ({
  rich: (text: string, format?: TextFormat) => richText(text, format, c),
  richLine: (text: string, format?: TextFormat) => richLine(text, format, c),
});

/** What may be stored of a text: of HTML only what may be shown. */
export const safeText = (text: string, format: TextFormat): string =>
  format === 'html' ? sanitizeHtml()(text, ALLOWED) : text;

/** Markdown as safe HTML, for files of questions. */
export const markdownHtml = (text: string): string => bodyOf(text, 'markdown');

const GAP = /\uE002(\d{1,3})\uE003/u;

/** A text with gaps in pieces of HTML; the pieces together are well-formed, each alone need not be. */
export function richPieces(
  pieces: readonly ({ readonly text: string } | { readonly gap: number })[],
  format: TextFormat = 'plain',
  address = asWritten,
): { html: string; gap: number | null }[] {
  const held = pieces.map((piece) => ('gap' in piece ? `\uE002${piece.gap}\uE003` : piece.text)).join('');
  return richText(held, format, address)
    .split(/(\uE002\d{1,3}\uE003)/u)
    .map((part) => {
      const gap = GAP.exec(part)?.[1];
      return gap === undefined ? { html: part, gap: null } : { html: '', gap: Number(gap) };
    });
}
