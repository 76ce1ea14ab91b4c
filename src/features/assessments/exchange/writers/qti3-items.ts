import { writerOf } from '../by-type.js';
import type { ForeignQuestion } from '../foreign.js';
import { htmlIn, instructionHtml, xmlText } from './escape.js';
import type { MediaById } from './media-out.js';
import { textAsked, type Asked } from './qti3-parts.js';

/** A text as markup: plain text line by line. */
const markup = ({ text, format }: Pick<ForeignQuestion, 'text' | 'format'>): string =>
  format === undefined ? paragraphs(text) : htmlIn(text, format);

const paragraphs = (text: string): string =>
  text
    .split('\n')
    .map((line) => `<p>${xmlText(line)}</p>`)
    .join('');

/** What an item asks; a type without an interaction of its own is asked for a text. */
export function asked(question: ForeignQuestion, media: MediaById): Asked {
  const { body } = question;
  const text = markup(question);
  const made = writerOf(body)?.qti?.write(body, text, media) ?? textAsked(text);
  return { ...made, body: `${instructionHtml(question)}${made.body}` };
}
