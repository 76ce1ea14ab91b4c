import katex from 'katex';
import { marked } from 'marked';
import sanitizeHtml from 'sanitize-html';
import type { TextFormat } from './questions.store.js';

/** Texts of questions as HTML: plain, Markdown or HTML, with formulas as MathML. What is printed is always sanitised. */

const MATHML = [
  ...[
    'math',
    'semantics',
    'annotation',
    'mrow',
    'mi',
    'mn',
    'mo',
    'ms',
    'mtext',
    'mspace',
    'mfrac',
    'msqrt',
    'mroot',
  ],
  ...[
    'msub',
    'msup',
    'msubsup',
    'munder',
    'mover',
    'munderover',
    'mtable',
    'mtr',
    'mtd',
    'mpadded',
    'mphantom',
  ],
  ...['mstyle', 'menclose', 'mmultiscripts', 'mprescripts', 'none'],
];

/** `/c/<course>/files/<id>` */
const OWN_FILE = /^\/(?:c\/[a-z0-9]{1,20}\/)?files\/[a-z2-9]{20}$/;

const ALLOWED: sanitizeHtml.IOptions = {
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
    audio: ['src', 'controls'],
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

const MATH: sanitizeHtml.IOptions = {
  allowedTags: MATHML,
  allowedAttributes: {
    math: ['xmlns', 'display'],
    mi: ['mathvariant'],
    mo: ['stretchy', 'fence', 'separator', 'form', 'lspace', 'rspace', 'minsize', 'maxsize', 'movablelimits'],
    mspace: ['width', 'linebreak'],
    mover: ['accent'],
    munder: ['accentunder'],
    mtable: ['columnalign', 'rowspacing', 'columnspacing', 'columnlines', 'rowlines'],
    mtd: ['columnalign'],
    mstyle: ['displaystyle', 'scriptlevel', 'mathcolor'],
    mfrac: ['linethickness'],
    mpadded: ['width', 'height', 'depth', 'voffset', 'lspace'],
    menclose: ['notation'],
    annotation: ['encoding'],
  },
};

/** `$$…$$` and `\[…\]` stand alone, `\(…\)` in the line. A single dollar is money. */
const FORMULA = /\$\$([\s\S]{1,2000}?)\$\$|\\\[([\s\S]{1,2000}?)\\\]|\\\(([\s\S]{1,2000}?)\\\)/gu;
/** A private sign that neither Markdown nor HTML changes. */
const HOLDER = /\uE000(\d{1,4})\uE001/gu;

function formula(source: string, alone: boolean): string {
  const html = katex.renderToString(source, {
    output: 'mathml',
    throwOnError: false,
    trust: false,
    displayMode: alone,
    maxExpand: 100,
    maxSize: 20,
  });
  return sanitizeHtml(html, MATH);
}

const escaped = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');

function bodyOf(text: string, format: TextFormat): string {
  if (format === 'plain') return escaped(text).replace(/\n/g, '<br>');
  const html = format === 'markdown' ? marked.parse(text, { async: false, breaks: true }) : text;
  return sanitizeHtml(html, ALLOWED);
}

const cache = new Map<string, string>();
const MOST_CACHED = 2_000;

/** Returns HTML that is safe to print. */
export function richText(text: string, format: TextFormat = 'plain'): string {
  const key = `${format} ${text}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  const formulas: string[] = [];
  const held = text
    .replace(/[\uE000\uE001]/gu, '')
    .replace(FORMULA, (_whole, alone?: string, bracketed?: string, inLine?: string) => {
      formulas.push(formula(inLine ?? alone ?? bracketed ?? '', inLine === undefined));
      return `\uE000${formulas.length - 1}\uE001`;
    });
  const html = bodyOf(held, format).replace(HOLDER, (_whole, index: string) => formulas[Number(index)] ?? '');
  if (cache.size >= MOST_CACHED) cache.clear();
  cache.set(key, html);
  return html;
}

/** The same for a text in one line, such as an offered answer: without a paragraph around it. */
export const richLine = (text: string, format: TextFormat = 'plain'): string =>
  richText(text, format).replace(/^<p>((?:(?!<p>)[\s\S])*)<\/p>\s*$/u, '$1');

/** What may be stored of a text: of HTML only what may be shown. */
export const safeText = (text: string, format: TextFormat): string =>
  format === 'html' ? sanitizeHtml(text, ALLOWED) : text;

const GAP = /\uE002(\d{1,3})\uE003/u;

/** A text with gaps in pieces of HTML; the pieces together are well-formed, each alone need not be. */
export function richPieces(
  pieces: readonly ({ readonly text: string } | { readonly gap: number })[],
  format: TextFormat = 'plain',
): { html: string; gap: number | null }[] {
  const held = pieces.map((piece) => ('gap' in piece ? `\uE002${piece.gap}\uE003` : piece.text)).join('');
  return richText(held, format)
    .split(/(\uE002\d{1,3}\uE003)/u)
    .map((part) => {
      const gap = GAP.exec(part)?.[1];
      return gap === undefined ? { html: part, gap: null } : { html: '', gap: Number(gap) };
    });
}
