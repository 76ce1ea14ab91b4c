import { firstAnswer, unknownBody, type Exchange } from '../by-type.js';
import type { ForeignFile, ForeignQuestion, Note, Unreadable } from '../foreign.js';
import { escapedHtml, hasStructure, htmlFromHtml, isMarkup, plainFrom } from '../html.js';
import { collectEmbedded, type Embedded } from '../embedded.js';
import { instructionIn, splitInstruction } from '../instruction.js';
import {
  attribute,
  descendants,
  elementsOf,
  firstOf,
  piecesOf,
  readXml,
  refuseDtd,
  textOf,
  XmlProblem,
  type XmlElement,
} from '../xml.js';
import { filesBeside, type Read } from './moodle-files.js';

/**
 * Moodle XML, question by question. https://docs.moodle.org/en/Moodle_XML_format
 * @throws XmlProblem
 */
export function readMoodleXml(text: string): ForeignFile {
  refuseDtd(text);
  const questions: ForeignQuestion[] = [];
  const unreadable: Unreadable[] = [];
  const embedded = collectEmbedded();
  let category = '';
  for (const piece of piecesOf(text, 'question')) {
    const place = String(piece.line);
    try {
      if (!piece.whole) throw new XmlProblem('notXml');
      const element = readXml(piece.text);
      const type = attribute(element, 'type');
      if (type === 'category') category = textOf(firstOf(firstOf(element, 'category'), 'text')).trim();
      else questions.push(questionOf(element, type, { category, place, embedded }));
    } catch (error) {
      if (!(error instanceof XmlProblem)) throw error;
      unreadable.push({ place, key: error.key, what: error.what });
    }
  }
  return { questions, unreadable, ...(embedded.files.length > 0 && { files: embedded.files }) };
}

interface Context {
  readonly category: string;
  readonly place: string;
  readonly embedded: Embedded;
}

/** What reads this type of Moodle. */
const exchangeOf = (type: string): Exchange | null =>
  firstAnswer((exchange) => (exchange.moodle?.names?.includes(type) ? exchange : null));

/** Whether the text of this type of Moodle is a part of the definition: what is asked may stand before it. */
const hasInstruction = (type: string): boolean => exchangeOf(type)?.stem !== undefined;

function questionOf(
  element: XmlElement,
  type: string,
  { category, place, embedded }: Context,
): ForeignQuestion {
  const notes: Note[] = [];
  const format = formatOf(element, type);
  const rest = hasInstruction(type) ? (text: string) => splitInstruction(text).rest : (text: string) => text;
  const { read, plain } = readersOf(format, { embedded, notes, rest });
  const name = textOf(firstOf(firstOf(element, 'name'), 'text')).trim();
  const asked = firstOf(element, 'questiontext');
  const stem = read(asked);
  const context = { read, plain, stem, embedded, notes };
  const made = firstAnswer(({ moodle }) =>
    moodle?.names?.includes(type) ? moodle.read?.(element, context) : null,
  ) ?? { body: unknownBody(type) };
  for (const part of ['correctfeedback', 'partiallycorrectfeedback', 'incorrectfeedback'])
    if (!isUsual(textOf(firstOf(firstOf(element, part), 'text')))) notes.push({ key: 'combinedFeedback' });
  const hints = elementsOf(element, 'hint')
    .map(read)
    .map((hint) => hint.replace(/\s*\n\s*/gu, ' '));
  const mark = Number(textOf(firstOf(element, 'defaultgrade')));
  const penalty = Number(textOf(firstOf(element, 'penalty')));
  return {
    name,
    text: ('text' in made ? made.text : undefined) ?? stem,
    ...(hasInstruction(type) && instructionIn(textOf(firstOf(asked, 'text')))),
    ...(format !== 'plain' && { format }),
    mark: Number.isFinite(mark) && mark > 0 ? mark : 1,
    feedback: read(firstOf(element, 'generalfeedback')),
    category,
    tags: elementsOf(firstOf(element, 'tags') ?? element, 'tag').map((tag) =>
      textOf(firstOf(tag, 'text')).trim(),
    ),
    place,
    body: made.body,
    notes: distinct(notes),
    ...(penalty > 0 && penalty <= 1 && { tryPenalty: penalty }),
    hints: hints.filter((hint) => hint !== ''),
  };
}

/** Moodle's own words for an answer that is right, partly right or wrong are no loss. */
const isUsual = (feedback: string): boolean =>
  /^(?:|Your answer is (?:partially )?(?:correct|incorrect)\.?|Ваш ответ (?:частично )?(?:верный|правильный|неправильный)\.?)$/iu.test(
    plainFrom(feedback, 'html').text,
  );

/** Texts with tables and listings stay HTML. Markdown is Markdown here as well. */
function formatOf(element: XmlElement, type: string): 'plain' | 'html' | 'markdown' {
  const stem = firstOf(element, 'questiontext');
  if (stem && attribute(stem, 'format') === 'markdown') return 'markdown';
  // Gaps are found in plain text.
  if (hasInstruction(type)) return 'plain';
  const texts = descendants(element, (name) => name === 'text').map(textOf);
  return texts.some(hasStructure) ? 'html' : 'plain';
}

interface Reading {
  readonly embedded: Embedded;
  readonly notes: Note[];
  /** A text without the instruction before it. */
  readonly rest: (text: string) => string;
}

function readersOf(
  format: 'plain' | 'html' | 'markdown',
  { embedded, notes, rest }: Reading,
): { read: Read; plain: Read } {
  const reader =
    (asHtml: boolean): Read =>
    (parent) => {
      if (parent === undefined) return '';
      const text = rest(textOf(firstOf(parent, 'text')));
      const written = attribute(parent, 'format') || 'html';
      const find = filesBeside(parent, embedded);
      const read =
        asHtml && isMarkup(text, written) ? htmlFromHtml(text, find) : plainFrom(text, written, find);
      notes.push(...read.notes);
      return asHtml && !isMarkup(text, written) ? escapedHtml(read.text) : read.text;
    };
  return { read: reader(format === 'html'), plain: reader(false) };
}

const distinct = (notes: readonly Note[]): Note[] => [
  ...new Map(notes.map((note) => [`${note.key} ${note.what ?? ''}`, note])).values(),
];
