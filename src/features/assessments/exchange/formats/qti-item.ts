import { firstAnswer, unknownBody } from '../by-type.js';
import type { ForeignBody, ForeignQuestion, Note } from '../foreign.js';
import { hasStructure, htmlFromHtml, plainFromHtml, type FindFile } from '../html.js';
import { attr, qtiName, type QtiAsked, type Response } from './qti-names.js';
import { all, child, mediaTag } from './qti-parts.js';
import { INSTRUCTION, splitInstruction } from '../instruction.js';
import { attribute, descendants, elementsOf, localName, markupOf, textOf, type XmlElement } from '../xml.js';

/** Finds the body of a passage that an item refers to by its address. */
export type FindPassage = (address: string) => XmlElement | null;

/** Reads an item of QTI 2.1, 2.2 or 3.0. https://www.imsglobal.org/spec/qti/v3p0/impl */
export function readItem(
  root: XmlElement,
  place: string,
  find: FindFile = () => null,
  passage: FindPassage = () => null,
): ForeignQuestion {
  const body = child(root, 'itemBody') ?? root;
  const interactions = descendants(body, (name) => qtiName(name).endsWith('Interaction')).filter(
    (element) => qtiName(localName(element)) !== 'endAttemptInteraction',
  );
  const responses = new Map(
    elementsOf(root)
      .filter((element) => qtiName(localName(element)) === 'responseDeclaration')
      .map((element) => [attribute(element, 'identifier'), responseOf(element)]),
  );
  const notes: Note[] = [];
  const gaps = new Map<XmlElement, number>();
  const { body: asked, isAskedBelow } = bodyOf(interactions, responses, { gaps, find });
  const passages = all(root, 'assessmentStimulusRef').map((reference) => {
    const found = passage(attribute(reference, 'href'));
    if (found === null) notes.push({ key: 'lostElement', what: attribute(reference, 'href') });
    return found === null ? '' : markupOf(found, withoutRubric);
  });
  const stemAlone = stemOf(body, interactions, gaps);
  const { rest, ...instruction } = gaps.size > 0 ? splitInstruction(stemAlone) : { rest: stemAlone };
  const stem = `${passages.join('')}${rest}`;
  const isHtml = isAskedBelow && hasStructure(stem);
  const { text, notes: lost } = isHtml ? htmlFromHtml(stem, find) : plainFromHtml(stem, find);
  notes.push(...lost);
  for (const name of LEFT_BEHIND)
    if (all(body, name).length > 0) notes.push({ key: 'lostElement', what: name });
  if (hasOwnRules(root)) notes.push({ key: 'responseProcessing' });
  const feedback = feedbackOf(root);
  if (all(root, 'modalFeedback').some((each) => !feedback.includes(each)))
    notes.push({ key: 'combinedFeedback' });
  const shown = feedback.map((each) => markupOf(each, withoutRubric)).join('');
  return {
    name: attr(root, 'title'),
    // A place for the answer at the end of the text says nothing.
    text: withoutPlace(text) || attr(root, 'title'),
    ...instruction,
    ...(isHtml && { format: 'html' }),
    mark: pointsOf(root),
    feedback: (isHtml ? htmlFromHtml(shown, find) : plainFromHtml(shown, find)).text,
    category: '',
    tags: [],
    place,
    body: asked,
    notes,
  };
}

const withoutPlace = (text: string): string =>
  text.replace(/<p>_____<\/p>\s*$/u, '').replace(/\s*\n\s*_____$/u, '');

/** The default value of an outcome; '' for none. */
function outcomeOf(root: XmlElement, id: string): string {
  const outcome = elementsOf(root).find(
    (element) =>
      qtiName(localName(element)) === 'outcomeDeclaration' && attribute(element, 'identifier') === id,
  );
  return textOf(outcome && child(outcome, 'defaultValue')).trim();
}

/** The most points, where the item says them. https://www.imsglobal.org/spec/qti/v3p0/impl */
function pointsOf(root: XmlElement): number {
  const score = elementsOf(root).find((element) => attribute(element, 'identifier') === 'SCORE');
  const [points = 1] = [outcomeOf(root, 'MAXSCORE'), score === undefined ? '' : attr(score, 'normalMaximum')]
    .map(Number)
    .filter((most) => most > 0);
  return points;
}

/** Feedback that is shown whatever was answered: its outcome has that value from the beginning. */
const feedbackOf = (root: XmlElement): XmlElement[] =>
  all(root, 'modalFeedback').filter(
    (each) => outcomeOf(root, attr(each, 'outcomeIdentifier')) === attribute(each, 'identifier'),
  );

/** Inside the text of an item: for those who mark, or for an answer that was given. */
const LEFT_BEHIND = ['rubricBlock', 'feedbackBlock', 'feedbackInline'];

function responseOf(declaration: XmlElement): Response {
  const correct = child(declaration, 'correctResponse');
  return {
    correct: correct ? elementsOf(correct).map((value) => textOf(value).trim()) : [],
    mapping: new Map(
      all(declaration, 'mapEntry').map((entry) => [
        attr(entry, 'mapKey'),
        Number(attr(entry, 'mappedValue')),
      ]),
    ),
    baseType: attr(declaration, 'baseType'),
    cardinality: attribute(declaration, 'cardinality'),
  };
}

/** Rules written out in the item instead of a template of the standard are not carried out here. */
function hasOwnRules(root: XmlElement): boolean {
  const processing = child(root, 'responseProcessing');
  return (
    processing !== undefined && attribute(processing, 'template') === '' && elementsOf(processing).length > 0
  );
}

const NONE: Response = { correct: [], mapping: new Map(), baseType: '', cardinality: '' };

function bodyOf(
  interactions: readonly XmlElement[],
  responses: ReadonlyMap<string, Response>,
  { gaps, find }: Pick<QtiAsked, 'gaps' | 'find'>,
): { readonly body: ForeignBody; readonly isAskedBelow: boolean } {
  const response = (element: XmlElement): Response =>
    responses.get(attr(element, 'responseIdentifier')) ?? NONE;
  const names = interactions.map((element) => qtiName(localName(element)));
  const [element, ...more] = interactions;
  const only =
    element === undefined || more.length > 0
      ? null
      : { name: names[0] ?? '', element, response: response(element) };
  const unknown = { body: unknownBody(names.join(' + ') || 'description'), isAskedBelow: false };
  if (element === undefined) return unknown;
  const found = firstAnswer(({ qti }) => {
    const body = qti?.read?.({ interactions, only, response, gaps, find });
    return body && { body, isAskedBelow: qti?.isAskedBelow === true };
  });
  return found ?? unknown;
}

/** The item's text without its interactions; a prompt inside one belongs to the text, a gap leaves its number. */
function stemOf(
  body: XmlElement,
  interactions: readonly XmlElement[],
  gaps: ReadonlyMap<XmlElement, number>,
): string {
  return markupOf(body, (element) => {
    const gap = gaps.get(element);
    if (gap === undefined && !interactions.includes(element)) return withoutRubric(element);
    const name = qtiName(localName(element));
    if (gap !== undefined)
      return name === 'choiceInteraction' ? `${promptOf(element)} {{${gap}}}<br>` : `{{${gap}}}`;
    if (name === 'textEntryInteraction') return '_____';
    const text = promptOf(element);
    const holdsText = name === 'hottextInteraction' || name === 'gapMatchInteraction';
    return holdsText ? `${text}${stemOf(element, interactions, gaps)}` : text;
  });
}

function promptOf(element: XmlElement): string {
  const prompt = child(element, 'prompt');
  return prompt ? `<p>${markupOf(prompt)}</p>` : '';
}

const withoutRubric = (element: XmlElement): string | null => {
  const name = qtiName(localName(element));
  const media = mediaTag(element);
  if (media !== null) return media;
  if (name === 'p' && attribute(element, 'class') === INSTRUCTION)
    return `<p class="${INSTRUCTION}">${markupOf(element)}</p>`;
  if (name === 'gapText' || name === 'prompt') return '';
  return name === 'rubricBlock' || name.startsWith('feedback') || name === 'endAttemptInteraction'
    ? ''
    : null;
};
