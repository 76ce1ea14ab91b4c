import katex from 'katex';
import sanitizeHtml from 'sanitize-html';

/*
 * Text that people type, with formulas, as HTML. Formulas stand between dollar signs ($x^2$, $$…$$) or \( \) and \[ \],
 * and become MathML on the server: it needs no styles, which the CSP would block.
 */

const MATHML_TAGS = [
  ...['math', 'semantics', 'annotation', 'mrow', 'mi', 'mn', 'mo', 'ms', 'mtext', 'mspace', 'mfrac', 'msqrt'],
  ...['mroot', 'msub', 'msup', 'msubsup', 'munder', 'mover', 'munderover', 'mmultiscripts', 'mprescripts'],
  ...['mtable', 'mtr', 'mtd', 'mlabeledtr', 'mpadded', 'mphantom', 'menclose', 'mstyle', 'span'],
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

/** Longer ones are shown as they were typed. */
const LONGEST_FORMULA = 1_000;
const MOST_FORMULAS = 150;

const escaped = (text: string): string => text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);

/** Returns MathML; the source in `code` where it cannot be read as a formula. */
export function formulaHtml(source: string, display: boolean): string {
  if (source.length > LONGEST_FORMULA) return `<code>${escaped(source)}</code>`;
  try {
    const html = katex.renderToString(source, {
      output: 'mathml',
      displayMode: display,
      throwOnError: true,
      trust: false,
      strict: false,
      maxExpand: 100,
      maxSize: 20,
    });
    return sanitizeHtml(html, {
      allowedTags: MATHML_TAGS,
      allowedAttributes: { '*': MATHML_ATTRIBUTES, span: ['class'] },
      allowedClasses: { span: ['katex', 'katex-display'] },
      parser: { lowerCaseTags: false, lowerCaseAttributeNames: false },
    });
  } catch {
    return `<code>${escaped(source)}</code>`;
  }
}

// $…$: no space inside the signs and no digit after, so that prices are no formulas.
const PART =
  /\$\$([^$]+?)\$\$|\\\[([\s\S]+?)\\\]|\\\(([\s\S]+?)\\\)|\$(?![\s$])([^$\n]+?)(?<!\s)\$(?!\d)|(https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)\]»])/g;

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
