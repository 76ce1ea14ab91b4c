import type {
  ForeignAnswer,
  ForeignBody,
  ForeignFile,
  ForeignNumber,
  ForeignQuestion,
  Note,
  Unreadable,
} from '../foreign.js';
import { plainFrom } from '../html.js';
import {
  attribute,
  elementsOf,
  firstOf,
  piecesOf,
  readXml,
  refuseDtd,
  textOf,
  XmlProblem,
  type XmlElement,
} from '../xml.js';
import { matchingOf } from './gift.js';
import { readCloze } from './moodle-cloze.js';

/**
 * Moodle XML, question by question. https://docs.moodle.org/en/Moodle_XML_format
 * @throws XmlProblem
 */
export function readMoodleXml(text: string): ForeignFile {
  refuseDtd(text);
  const questions: ForeignQuestion[] = [];
  const unreadable: Unreadable[] = [];
  let category = '';
  for (const piece of piecesOf(text, 'question')) {
    const place = String(piece.line);
    try {
      if (!piece.whole) throw new XmlProblem('notXml');
      const element = readXml(piece.text);
      const type = attribute(element, 'type');
      if (type === 'category') category = textOf(firstOf(firstOf(element, 'category'), 'text')).trim();
      else questions.push(questionOf(element, type, category, place));
    } catch (error) {
      if (!(error instanceof XmlProblem)) throw error;
      unreadable.push({ place, key: error.key, what: error.what });
    }
  }
  return { questions, unreadable };
}

function questionOf(element: XmlElement, type: string, category: string, place: string): ForeignQuestion {
  const notes: Note[] = [];
  const read: Read = (parent) => {
    if (parent === undefined) return '';
    const plain = plainFrom(textOf(firstOf(parent, 'text')), attribute(parent, 'format') || 'html');
    notes.push(...plain.notes);
    if (elementsOf(parent, 'file').length > 0) notes.push({ key: 'files' });
    return plain.text;
  };
  const title = textOf(firstOf(firstOf(element, 'name'), 'text')).trim();
  const stem = read(firstOf(element, 'questiontext'));
  const cloze = type === 'cloze' || type === 'multianswer' ? readCloze(stem) : null;
  if (cloze) notes.push(...cloze.unknown.map((what) => ({ key: 'unknownGap', what })));
  const body: ForeignBody = cloze ? { kind: 'cloze', gaps: cloze.gaps } : bodyOf(element, type, read);
  for (const name of ['correctfeedback', 'partiallycorrectfeedback', 'incorrectfeedback'])
    if (textOf(firstOf(firstOf(element, name), 'text')).trim() !== '')
      notes.push({ key: 'combinedFeedback' });
  if (elementsOf(element, 'hint').length > 0) notes.push({ key: 'hints' });
  const mark = Number(textOf(firstOf(element, 'defaultgrade')));
  return {
    title,
    text: cloze?.text ?? stem,
    mark: Number.isFinite(mark) && mark > 0 ? mark : 1,
    feedback: read(firstOf(element, 'generalfeedback')),
    category,
    tags: elementsOf(firstOf(element, 'tags') ?? element, 'tag').map((tag) =>
      textOf(firstOf(tag, 'text')).trim(),
    ),
    place,
    body,
    notes: distinct(notes),
  };
}

type Read = (parent: XmlElement | undefined) => string;

const distinct = (notes: readonly Note[]): Note[] => [
  ...new Map(notes.map((note) => [`${note.key} ${note.what ?? ''}`, note])).values(),
];

function bodyOf(element: XmlElement, type: string, read: Read): ForeignBody {
  switch (type) {
    case 'multichoice':
    case 'multichoiceset':
      return {
        kind: 'choice',
        several: !/^(?:true|1)$/u.test(textOf(firstOf(element, 'single')).trim() || 'true'),
        answers: answersOf(element, read),
      };
    case 'truefalse':
      return {
        kind: 'trueFalse',
        right: answersOf(element, read).some(({ text, fraction }) => fraction > 0 && /^true$/iu.test(text)),
      };
    case 'shortanswer':
      return {
        kind: 'short',
        answers: answersOf(element, read),
        caseMatters: textOf(firstOf(element, 'usecase')).trim() === '1',
      };
    case 'numerical':
      return { kind: 'number', answers: numbersOf(element, read), units: unitsOf(element) };
    case 'match':
    case 'matching':
      return matchingOf(
        elementsOf(element, 'subquestion').map((pair) => [
          read(pair),
          textOf(firstOf(firstOf(pair, 'answer'), 'text')).trim(),
        ]),
      );
    case 'ordering':
      return { kind: 'ordering', items: elementsOf(element, 'answer').map(read) };
    case 'essay':
      return /^(?:noinline)$/u.test(textOf(firstOf(element, 'responseformat')).trim())
        ? { kind: 'file' }
        : { kind: 'essay' };
    default:
      return { kind: 'unknown', name: type };
  }
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
