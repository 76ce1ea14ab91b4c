import type * as GiftPegjs from 'gift-pegjs';
import type { GIFTQuestion } from 'gift-pegjs';
import { lazyPackage } from '../../../../shared/lazy-package.js';
import type { GiftQuestion, GiftRead } from '../../types/type-exchange.js';
import { firstAnswer, unknownBody } from '../by-type.js';
import type { ForeignFile, ForeignQuestion, Note, Unreadable } from '../foreign.js';
import { escapedHtml, hasStructure, htmlFromHtml, isMarkup, plainFrom } from '../html.js';

/** Its memory is not needed by other files. */
const giftPegjs = lazyPackage<typeof GiftPegjs>('gift-pegjs');

/**
 * GIFT, question by question, so that one which cannot be read does not spoil the others.
 * https://docs.moodle.org/en/GIFT_format
 */
export function readGift(text: string): ForeignFile {
  const questions: ForeignQuestion[] = [];
  const unreadable: Unreadable[] = [];
  let category = '';
  for (const piece of pieces(text)) {
    let parsed: GIFTQuestion[];
    try {
      parsed = parsePiece(piece.text);
    } catch (error) {
      unreadable.push({ place: placeOf(piece.line, error), key: 'gift', what: shortened(piece.text) });
      continue;
    }
    for (const question of parsed) {
      if (question.type === 'Category') category = question.title;
      else questions.push(foreign(question, category, String(piece.line)));
    }
  }
  return { questions, unreadable };
}

/** @throws the parser's error, with the line in the piece */
function parsePiece(text: string): GIFTQuestion[] {
  try {
    return giftPegjs().parse(`${text}\n`);
  } catch (error) {
    const escaped = withColons(text);
    if (escaped === text) throw error;
    return giftPegjs().parse(`${escaped}\n`);
  }
}

/** People write a colon in a question as it is, and Moodle reads it; the grammar wants `\:` outside the answers. */
const withColons = (text: string): string => {
  let isAnswer = false;
  return text.replace(/\\.|::|[{}:]/gsu, (sign) => {
    if (sign === '{' || sign === '}') isAnswer = sign === '{';
    return sign === ':' && !isAnswer ? '\\:' : sign;
  });
};

const shortened = (text: string): string => text.replace(/\s+/gu, ' ').trim().slice(0, 100);

/** A parser's error has the line within the piece. */
function placeOf(line: number, error: unknown): string {
  const within = (error as { location?: { start?: { line?: number } } }).location?.start?.line;
  return String(line + (within ?? 1) - 1);
}

/** Parts between blank lines that hold more than comments, with the number of their first line. */
function pieces(text: string): { line: number; text: string }[] {
  const found: { line: number; text: string }[] = [];
  let lines: string[] = [];
  let begin = 1;
  const end = (): void => {
    if (lines.some((line) => line.trim() !== '' && !line.trim().startsWith('//')))
      found.push({ line: begin, text: lines.join('\n') });
    lines = [];
  };
  text.split(/\r\n?|\n/u).forEach((line, index) => {
    // A category is a piece of its own, also without a blank line after it.
    const alone = line.trim().startsWith('$CATEGORY:');
    if (alone || (line.trim() === '' && !openBrace(lines))) end();
    if (lines.length === 0) begin = index + 1;
    if (line.trim() !== '' || lines.length > 0) lines.push(line);
    if (alone) end();
  });
  end();
  return found;
}

/** True inside `{ … }`: a blank line there belongs to the question, unless the next piece begins. */
function openBrace(lines: readonly string[]): boolean {
  const text = lines
    .filter((line) => !line.trim().startsWith('//'))
    .join('\n')
    .replace(/\\./gu, '');
  return text.split('{').length > text.split('}').length;
}

function foreign(question: GiftQuestion, category: string, place: string): ForeignQuestion {
  const notes: Note[] = [];
  const { stem } = question;
  const isHtml = isMarkup(stem.text, stem.format) && hasStructure(stem.text);
  const format = isHtml ? 'html' : stem.format === 'markdown' ? 'markdown' : 'plain';
  const read: GiftRead = (text) => {
    if (!text) return '';
    const isRead = isHtml && isMarkup(text.text, text.format);
    const made = isRead ? htmlFromHtml(text.text) : plainFrom(text.text, text.format);
    notes.push(...made.notes);
    return isHtml && !isRead ? escapedHtml(made.text) : made.text;
  };
  const text = read(question.stem);
  const feedback = 'globalFeedback' in question ? read(question.globalFeedback) : '';
  const body = firstAnswer(({ gift }) => gift?.read?.(question, read)) ?? unknownBody(nameOf(question));
  return {
    name: question.title ?? '',
    text,
    ...(format !== 'plain' && { format }),
    mark: 1,
    feedback,
    category,
    tags: ('tags' in question ? question.tags : null) ?? [],
    place,
    body,
    notes,
  };
}

const nameOf = ({ type }: GiftQuestion): string => type.toLowerCase();
