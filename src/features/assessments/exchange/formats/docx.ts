import type Mammoth from 'mammoth';
import { lazyPackage } from '../../../../shared/lazy-package.js';
import type { ForeignFile, ForeignQuestion } from '../foreign.js';
import { plainFromHtml, type FindFile } from '../html.js';
import { collectEmbedded } from '../embedded.js';
import { readPlain } from './plain.js';
import { readRows } from './table.js';
import { SIMPLIFIED, withFormulas } from './word-formulas.js';

const mammoth = lazyPackage<typeof Mammoth>('mammoth');

/**
 * A Word file: questions typed as in `plain.ts`, where a right answer may also be bold; or a table with a head, as in
 * `table.ts`. Numbers and letters that Word itself counts count as typed, and its formulas become LaTeX.
 */
export async function readDocx(bytes: Buffer): Promise<ForeignFile> {
  const embedded = collectEmbedded();
  const { value: html } = await mammoth().convertToHtml(
    { buffer: await withFormulas(bytes) },
    {
      styleMap: ['u => u'],
      convertImage: mammoth().images.imgElement(async (image) => {
        const content = await image.readAsBuffer();
        const number = embedded.files.length + 1;
        const name = `${number}.${image.contentType.split('/').at(-1) ?? 'png'}`;
        return { src: embedded.add(name, name, () => content) };
      }),
    },
  );
  const tables = [...html.matchAll(/<table>([\s\S]*?)<\/table>/gu)].map(([, body = '']) =>
    readRows(rowsOf(body)),
  );
  const withHead = tables.filter(({ questions }) => questions.length > 0);
  const typed = readPlain(typedLines(html.replace(/<table>[\s\S]*?<\/table>/gu, '')));
  const unreadable = [
    ...withHead.flatMap((table) => table.unreadable),
    ...typed.unreadable,
    ...(tables.length > withHead.length ? [{ place: '1', key: 'tableWithoutHead' }] : []),
  ];
  return {
    questions: [...withHead.flatMap(({ questions }) => questions), ...typed.questions].map(withNotes),
    unreadable: unreadable.map((each) => withoutMarks(each)),
    ...(embedded.files.length > 0 && { files: embedded.files }),
  };
}

/** Stands in a text in which some words stood out. */
const EMPHASISED = '\uE001';

/** Signs in texts that say what of these was lost, as lines and cells have no place for notes. */
const MARKS: readonly (readonly [mark: string, note: string])[] = [
  [SIMPLIFIED, 'simplifiedFormula'],
  [EMPHASISED, 'lostEmphasis'],
];

const withoutMarks = <T>(value: T): T =>
  JSON.parse(JSON.stringify(value).replace(/[\uE000\uE001]/gu, '')) as T;

function withNotes(question: ForeignQuestion): ForeignQuestion {
  const text = JSON.stringify(question);
  const notes = MARKS.flatMap(([mark, key]) => (text.includes(mark) ? [{ key }] : []));
  if (notes.length === 0) return question;
  const bare = withoutMarks(question);
  return { ...bare, notes: [...bare.notes, ...notes] };
}

/** A text without markup; a sign at its end says that some of its words stood out. */
function textIn(html: string): string {
  const { text, notes } = plainFromHtml(
    html.replace(/^(\s*(?:<[^<>]*>)*\s*)(?:\d{1,3}|\p{L})[.)]\s+/u, '$1'),
    found,
  );
  const isEmphasised = notes.some(({ key }) => key === 'lostEmphasis');
  return `${plainFromHtml(html, found).text}${text !== '' && isEmphasised ? EMPHASISED : ''}`;
}

/** Pictures are collected while Word's text is read: their addresses are references already. */
const found: FindFile = (address) => (address.startsWith('embedded/') ? address : null);

const rowsOf = (table: string): string[][] =>
  [...table.matchAll(/<tr>([\s\S]*?)<\/tr>/gu)].map(([, row = '']) =>
    [...row.matchAll(/<t[dh][^>]*>([\s\S]*?)<\/t[dh]>/gu)].map(([, cell = '']) => {
      const text = textIn(cell);
      // A whole bold cell in the body is a right answer.
      return /^<p><strong>[\s\S]*<\/strong><\/p>$/u.test(cell) ? `*${text}` : text;
    }),
  );

/** Paragraphs as lines. A list inside or after a question holds its answers; a bold one is right. */
function typedLines(html: string): string {
  const blocks = html.matchAll(
    /<(\/?)(p|li|h[1-6]|ol|ul)(?:\s[^>]*)?>|([^<]+|<(?!\/?(?:p|li|h[1-6]|ol|ul)[\s>])[^>]*>)/gu,
  );
  const lines: string[] = [];
  let [buffer, depth, item] = ['', 0, false];
  const end = (): void => {
    const text = textIn(buffer);
    const bold = /^\s*<strong>[\s\S]*<\/strong>\s*$/u.test(buffer);
    buffer = '';
    if (text === '') return;
    if (item) lines.push(depth > 1 || !ordered ? `${bold ? '+ ' : '- '}${text}` : `${(count += 1)}. ${text}`);
    else lines.push(bold && /^\p{L}[.)]\s/u.test(text) ? `+ ${text.replace(/^\p{L}[.)]\s+/u, '')}` : text);
  };
  let [ordered, count] = [false, 0];
  for (const [, closing, name, text] of blocks) {
    if (text !== undefined) buffer += text;
    else {
      end();
      if (name === 'ol' || name === 'ul') {
        depth += closing ? -1 : 1;
        ordered = !closing && name === 'ol' && depth === 1 ? true : depth === 0 ? false : ordered;
      }
      if (name === 'li') item = closing === '';
      else if (name === 'p' && depth === 0) item = false;
    }
  }
  end();
  return lines.join('\n');
}
