import type Katex from 'katex';
import type SanitizeHtml from 'sanitize-html';
import { FORMULA, LONGEST_FORMULA } from '../shared/formula-marks.js';
import { lazyPackage } from '../shared/lazy-package.js';

const katex = lazyPackage<typeof Katex>('katex');
const sanitizeHtml = lazyPackage<typeof SanitizeHtml>('sanitize-html');

/*
 * Text that people type, with formulas, as HTML. Formulas become MathML on the server: it needs no styles, which the
 * CSP would block.
 */

const MATHML_TAGS = [
  ...['math', 'semantics', 'annotation', 'mrow', 'mi', 'mn', 'mo', 'ms', 'mtext', 'mspace', 'mfrac', 'msqrt'],
  ...['mroot', 'msub', 'msup', 'msubsup', 'munder', 'mover', 'munderover', 'mmultiscripts', 'mprescripts'],
  ...['mtable', 'mtr', 'mtd', 'mlabeledtr', 'mpadded', 'mphantom', 'menclose', 'mstyle'],
];
const MATHML_ATTRIBUTES = [
  ...[
    'xmlns',
    'display',
    'encoding',
    'mathvariant',
    'stretchy',
    'fence',
    'separator',
    'accent',
    'accentunder',
  ],
  ...[
    'lspace',
    'rspace',
    'linethickness',
    'columnalign',
    'columnspacing',
    'rowspacing',
    'scriptlevel',
    'notation',
  ],
  ...[
    'displaystyle',
    'minsize',
    'maxsize',
    'movablelimits',
    'symmetric',
    'width',
    'height',
    'depth',
    'voffset',
    'form',
  ],
];

const MOST_FORMULAS = 150;

const escaped = (text: string): string => text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);

/** Returns MathML; the source in `code` where it cannot be read as a formula. */
export function formulaHtml(source: string, display: boolean): string {
  if (source.length > LONGEST_FORMULA) return `<code>${escaped(source)}</code>`;
  try {
    const html = katex().renderToString(source, {
      output: 'mathml',
      displayMode: display,
      throwOnError: true,
      trust: false,
      strict: false,
      maxExpand: 100,
      maxSize: 20,
    });
    return sanitizeHtml()(html, {
      allowedTags: MATHML_TAGS,
      allowedAttributes: { '*': MATHML_ATTRIBUTES },
      parser: { lowerCaseTags: false, lowerCaseAttributeNames: false },
    });
  } catch {
    return `<code>${escaped(source)}</code>`;
  }
}

const PART = new RegExp(`${FORMULA}|(https?:\\/\\/[^\\s<>"']+[^\\s<>"'.,;:!?)\\]»])`, 'g');
const FORMULAS = new RegExp(FORMULA, 'gu');
/** Listings of code, in which a dollar is a dollar: they stay in the text as they are. */
const LISTINGS = {
  markdown:
    /(?<=^|\n) {0,3}(?<fence>`{3,}|~{3,})[^\n]*\n[\s\S]*?(?:\n {0,3}\k<fence>|$)|(?<tick>`+)(?!`)[^\n]*?(?<!`)\k<tick>(?!`)/u
      .source,
  html: /<(?<listing>pre|code)(?=[\s>])[\s\S]*?<\/\k<listing>>/u.source,
} as const;
const FORMULAS_BESIDE = {
  markdown: new RegExp(`${FORMULA}|${LISTINGS.markdown}`, 'gu'),
  html: new RegExp(`${FORMULA}|${LISTINGS.html}`, 'gu'),
} as const;

/** Private signs around a number: neither Markdown nor HTML changes them. */
const HELD = /\uE000(\d{1,4})\uE001/gu;

/** Pieces of a text that are HTML already, out of the way while the rest becomes HTML. */
export interface Held {
  readonly text: string;
  /** Returns HTML made of `text` with the pieces in their places. */
  restore(html: string): string;
}

/**
 * Takes the formulas out of a text before it is read as Markdown or HTML.
 * @param format how the text marks listings of code, in which nothing is a formula; null: it has none
 * @param more other pieces that are taken out as well, such as pictures
 */
export function holdFormulas(
  text: string,
  format: 'markdown' | 'html' | null,
  more?: { readonly pattern: RegExp; readonly html: (match: readonly string[]) => string },
): Held {
  const pieces: string[] = [];
  const held = (html: string): string => `\uE000${pieces.push(html) - 1}\uE001`;
  let left = MOST_FORMULAS;
  let rest = text.replace(/[\uE000\uE001]/gu, '');
  if (more) rest = rest.replace(more.pattern, (...match: string[]) => held(more.html(match)));
  rest = rest.replace(
    format === null ? FORMULAS : FORMULAS_BESIDE[format],
    (whole: string, dollars?: string, brackets?: string, parentheses?: string, dollar?: string) => {
      const source = dollars ?? brackets ?? parentheses ?? dollar;
      if (source === undefined || (left -= 1) < 0) return whole;
      return held(formulaHtml(source, (dollars ?? brackets) !== undefined));
    },
  );
  return {
    text: rest,
    restore: (html) => html.replace(HELD, (_whole, index: string) => pieces[Number(index)] ?? ''),
  };
}

const plainHtml = (text: string): string => escaped(text).replace(/\n/g, '<br>');

const linkHtml = (address: string): string =>
  `<a href="${escaped(address)}" target="_blank" rel="noopener noreferrer nofollow">${escaped(address)}</a>`;

function paragraphHtml(text: string, budget: { left: number }, links = true): string {
  let html = '';
  let end = 0;
  for (const match of text.matchAll(PART)) {
    const [whole, dollars, brackets, parentheses, dollar, address] = match;
    html += plainHtml(text.slice(end, match.index));
    end = match.index + whole.length;
    if (address !== undefined) html += links ? linkHtml(address) : escaped(address);
    else if (budget.left-- <= 0) html += plainHtml(whole);
    else {
      const display = dollars ?? brackets;
      html += formulaHtml(display ?? parentheses ?? dollar ?? '', display !== undefined);
    }
  }
  return html + plainHtml(text.slice(end));
}

/** Returns a typed text as safe HTML: paragraphs, line ends, links to web addresses, formulas as MathML. */
export function richText(text: string): string {
  const budget = { left: MOST_FORMULAS };
  return text
    .split(/\n{2,}/)
    .filter((paragraph) => paragraph.trim() !== '')
    .map((paragraph) => `<p>${paragraphHtml(paragraph, budget)}</p>`)
    .join('\n');
}

/** Returns one line with its formulas, without links: it may stand in a link itself. */
export const richLine = (text: string): string => paragraphHtml(text, { left: MOST_FORMULAS }, false);
