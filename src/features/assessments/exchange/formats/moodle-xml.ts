import type {
  ForeignAnswer,
  ForeignBody,
  ForeignFile,
  ForeignNumber,
  ForeignQuestion,
  Note,
  Unreadable,
} from '../foreign.js';
import { escapedHtml, hasStructure, htmlFromHtml, isMarkup, plainFrom } from '../html.js';
import { collectEmbedded, type Embedded } from '../media.js';
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
import { matchingOf } from './matching.js';
import { calculatedOf, dragImageOf, dragMarkersOf, dragWordsOf } from './moodle-more.js';
import { readCloze } from './moodle-cloze.js';
import { filesBeside, type BodyContext, type Read } from './moodle-files.js';

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

/** Types whose texts are pieces of plain text. */
const PLAIN_TYPES = /^(?:cloze|multianswer|ddwtos|gapselect|shortanswer|numerical|calculated\w*)$/u;

function questionOf(
  element: XmlElement,
  type: string,
  { category, place, embedded }: Context,
): ForeignQuestion {
  const notes: Note[] = [];
  const format = formatOf(element, type);
  const { read, plain } = readersOf(format, embedded, notes);
  const title = textOf(firstOf(firstOf(element, 'name'), 'text')).trim();
  const stem = read(firstOf(element, 'questiontext'));
  const cloze = type === 'cloze' || type === 'multianswer' ? readCloze(stem) : null;
  if (cloze) notes.push(...cloze.unknown.map((what) => ({ key: 'unknownGap', what })));
  const made: { body: ForeignBody; text?: string } = cloze
    ? { body: { kind: 'cloze', gaps: cloze.gaps }, text: cloze.text }
    : bodyOf(element, type, { read, plain, stem, embedded, notes });
  for (const name of ['correctfeedback', 'partiallycorrectfeedback', 'incorrectfeedback'])
    if (!isUsual(textOf(firstOf(firstOf(element, name), 'text')))) notes.push({ key: 'combinedFeedback' });
  const hints = elementsOf(element, 'hint')
    .map(read)
    .map((hint) => hint.replace(/\s*\n\s*/gu, ' '));
  const mark = Number(textOf(firstOf(element, 'defaultgrade')));
  return {
    title,
    text: made.text ?? stem,
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
  if (PLAIN_TYPES.test(type)) return 'plain';
  if (stem && attribute(stem, 'format') === 'markdown') return 'markdown';
  const texts = descendants(element, (name) => name === 'text').map(textOf);
  return texts.some(hasStructure) ? 'html' : 'plain';
}

function readersOf(
  format: 'plain' | 'html' | 'markdown',
  embedded: Embedded,
  notes: Note[],
): { read: Read; plain: Read } {
  const reader =
    (asHtml: boolean): Read =>
    (parent) => {
      if (parent === undefined) return '';
      const text = textOf(firstOf(parent, 'text'));
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

/** The body of a question, and its text where that changes. */
function bodyOf(
  element: XmlElement,
  type: string,
  context: BodyContext,
): { body: ForeignBody; text?: string } {
  const { read, plain } = context;
  switch (type) {
    case 'multichoice':
    case 'multichoiceset':
      return {
        body: {
          kind: 'choice',
          several: !/^(?:true|1)$/u.test(textOf(firstOf(element, 'single')).trim() || 'true'),
          answers: answersOf(element, read),
        },
      };
    case 'truefalse': {
      const answers = answersOf(element, plain);
      const isRight = answers.some(({ text, fraction }) => fraction > 0 && /^true$/iu.test(text));
      return { body: { kind: 'trueFalse', right: isRight, ...remarksOf(answers) } };
    }
    case 'shortanswer':
      return {
        body: {
          kind: 'short',
          answers: answersOf(element, plain),
          caseMatters: textOf(firstOf(element, 'usecase')).trim() === '1',
        },
      };
    case 'numerical':
      return { body: { kind: 'number', answers: numbersOf(element, plain), units: unitsOf(element) } };
    case 'match':
    case 'matching':
      return {
        body: matchingOf(
          elementsOf(element, 'subquestion').map((pair) => [
            read(pair),
            textOf(firstOf(firstOf(pair, 'answer'), 'text')).trim(),
          ]),
        ),
      };
    case 'ordering':
      return { body: { kind: 'ordering', items: elementsOf(element, 'answer').map(read) } };
    case 'essay':
      return {
        body: /^(?:noinline)$/u.test(textOf(firstOf(element, 'responseformat')).trim())
          ? { kind: 'file' }
          : { kind: 'essay' },
      };
    case 'ddwtos':
    case 'gapselect':
      return dragWordsOf(element, type, context);
    case 'ddimageortext':
      return { body: dragImageOf(element, context) };
    case 'ddmarker':
      return { body: dragMarkersOf(element, context) };
    case 'calculated':
    case 'calculatedsimple':
      return { body: calculatedOf(element) };
    default:
      return { body: { kind: 'unknown', name: type } };
  }
}

/** Feedback of the two answers of a true/false question. */
function remarksOf(answers: readonly ForeignAnswer[]): { ifTrue?: string; ifFalse?: string } {
  const of = (word: RegExp): string => answers.find(({ text }) => word.test(text))?.feedback ?? '';
  const [ifTrue, ifFalse] = [of(/^true$/iu), of(/^false$/iu)];
  return { ...(ifTrue !== '' && { ifTrue }), ...(ifFalse !== '' && { ifFalse }) };
}

const answersOf = (element: XmlElement, read: Read): ForeignAnswer[] =>
  elementsOf(element, 'answer').map((answer) => ({
    text: read(answer),
    fraction: Number(attribute(answer, 'fraction') || '0') / 100,
    feedback: read(firstOf(answer, 'feedback')),
  }));

const numbersOf = (element: XmlElement, read: Read): ForeignNumber[] =>
  elementsOf(element, 'answer').flatMap((answer) => {
    const value = Number(textOf(firstOf(answer, 'text')).trim().replace(',', '.'));
    const tolerance = Number(textOf(firstOf(answer, 'tolerance')).trim().replace(',', '.') || '0');
    // `*` is Moodle's "any other answer": it earns nothing here.
    if (!Number.isFinite(value) || !Number.isFinite(tolerance)) return [];
    return [
      {
        value,
        tolerance,
        fraction: Number(attribute(answer, 'fraction') || '0') / 100,
        feedback: read(firstOf(answer, 'feedback')),
      },
    ];
  });

const unitsOf = (element: XmlElement): string[] =>
  elementsOf(firstOf(element, 'units') ?? element, 'unit')
    .map((unit) => textOf(firstOf(unit, 'unit_name')).trim())
    .filter((name) => name !== '');
