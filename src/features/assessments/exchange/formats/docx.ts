import type Mammoth from 'mammoth';
import { lazyPackage } from '../../../../shared/lazy-package.js';
import type { ForeignFile } from '../foreign.js';
import { plainFromHtml, type FindFile } from '../html.js';
import { collectEmbedded } from '../embedded.js';
import { readPlain } from './plain.js';
import { readRows } from './table.js';

const mammoth = lazyPackage<typeof Mammoth>('mammoth');

/**
 * A Word file: questions typed as in `plain.ts`, where a right answer may also be bold; or a table with a head, as in
 * `table.ts`. Numbers and letters that Word itself counts count as typed.
 */
export async function readDocx(bytes: Buffer): Promise<ForeignFile> {
  const embedded = collectEmbedded();
  const { value: html } = await mammoth().convertToHtml(
    { buffer: bytes },
    {
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
  return {
    questions: [...withHead.flatMap(({ questions }) => questions), ...typed.questions],
    unreadable: [
      ...withHead.flatMap(({ unreadable }) => unreadable),
      ...typed.unreadable,
      ...(tables.length > withHead.length ? [{ place: '1', key: 'tableWithoutHead' }] : []),
    ],
    ...(embedded.files.length > 0 && { files: embedded.files }),
  };
}

/** Pictures are collected while Word's text is read: their addresses are references already. */
const found: FindFile = (address) => (address.startsWith('embedded/') ? address : null);

const rowsOf = (table: string): string[][] =>
  [...table.matchAll(/<tr>([\s\S]*?)<\/tr>/gu)].map(([, row = '']) =>
    [...row.matchAll(/<t[dh][^>]*>([\s\S]*?)<\/t[dh]>/gu)].map(([, cell = '']) => {
      const { text } = plainFromHtml(cell, found);
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
    const { text } = plainFromHtml(buffer, found);
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
