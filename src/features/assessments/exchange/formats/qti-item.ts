import type { ForeignAnswer, ForeignBody, ForeignGap, ForeignQuestion, Note } from '../foreign.js';
import { hasStructure, htmlFromHtml, plainFromHtml, type FindFile } from '../html.js';
import { attr, qtiName, type Response } from './qti-names.js';
import { graphicGapMatchOf, hotspotOf, mediaTag } from './qti-picture.js';
import { attribute, descendants, elementsOf, localName, markupOf, textOf, type XmlElement } from '../xml.js';

const all = (parent: XmlElement, name: string): XmlElement[] =>
  descendants(parent, (found) => qtiName(found) === name);
const child = (parent: XmlElement, name: string): XmlElement | undefined =>
  elementsOf(parent).find((element) => qtiName(localName(element)) === name);

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
  const read = bodyOf(interactions, responses, { gaps, find });
  const passages = all(root, 'assessmentStimulusRef').map((reference) => {
    const found = passage(attribute(reference, 'href'));
    if (found === null) notes.push({ key: 'lostElement', what: attribute(reference, 'href') });
    return found === null ? '' : markupOf(found, withoutRubric);
  });
  const stem = `${passages.join('')}${stemOf(body, interactions, gaps)}`;
  const isHtml = hasStructure(stem) && ASKED_BELOW.has(read.kind);
  const { text, notes: lost } = isHtml ? htmlFromHtml(stem, find) : plainFromHtml(stem, find);
  notes.push(...lost);
  for (const name of LEFT_BEHIND)
    if (all(body, name).length > 0) notes.push({ key: 'lostElement', what: name });
  if (hasOwnRules(root)) notes.push({ key: 'responseProcessing' });
  if (all(root, 'modalFeedback').length > 0) notes.push({ key: 'combinedFeedback' });
  return {
    title: attr(root, 'title'),
    // A place for the answer at the end of the text says nothing.
    text: text.replace(/\n_____$/u, '') || attr(root, 'title'),
    ...(isHtml && { format: 'html' }),
    mark: 1,
    feedback: '',
    category: '',
    tags: [],
    place,
    body: read,
    notes,
  };
}

/** Inside the text of an item: for those who mark, or for an answer that was given. */
const LEFT_BEHIND = ['rubricBlock', 'feedbackBlock', 'feedbackInline'];

/** Kinds whose answers stand below the text, and are plain or nothing: their text may be HTML. */
const ASKED_BELOW = new Set<ForeignBody['kind']>([
  'short',
  'number',
  'essay',
  'file',
  'hotspot',
  'dragImage',
]);

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

/** A choice of one answer beside other interactions is a gap as well. */
function isGap(element: XmlElement, among: boolean, { cardinality }: Response): boolean {
  const name = qtiName(localName(element));
  if (name === 'choiceInteraction') return among && cardinality === 'single';
  return name === 'textEntryInteraction' || name === 'inlineChoiceInteraction';
}

function bodyOf(
  interactions: readonly XmlElement[],
  responses: ReadonlyMap<string, Response>,
  { gaps, find }: { readonly gaps: Map<XmlElement, number>; readonly find: FindFile },
): ForeignBody {
  const [first, second] = interactions;
  const response = (element: XmlElement): Response =>
    responses.get(attr(element, 'responseIdentifier')) ?? NONE;
  if (first === undefined) return { kind: 'unknown', name: 'description' };
  const name = qtiName(localName(first));
  if (interactions.every((element) => isGap(element, second !== undefined, response(element)))) {
    if (second === undefined && name === 'textEntryInteraction') return typedIn(response(first));
    interactions.forEach((element, index) => gaps.set(element, index + 1));
    return { kind: 'cloze', gaps: interactions.map((element) => gapOf(element, response(element))) };
  }
  if (second === undefined && name === 'gapMatchInteraction') return gapMatchOf(first, response(first), gaps);
  if (second !== undefined)
    return { kind: 'unknown', name: interactions.map((item) => qtiName(localName(item))).join(' + ') };
  return single(first, name, response(first), find);
}

function single(element: XmlElement, name: string, response: Response, find: FindFile): ForeignBody {
  switch (name) {
    case 'choiceInteraction':
      return {
        kind: 'choice',
        several: response.cardinality === 'multiple' || Number(attr(element, 'maxChoices') || '1') !== 1,
        answers: choicesOf(element, 'simpleChoice', response, find),
      };
    case 'hottextInteraction':
      return {
        kind: 'choice',
        several: response.cardinality === 'multiple',
        answers: choicesOf(element, 'hottext', response),
      };
    case 'orderInteraction': {
      const texts = new Map(
        all(element, 'simpleChoice').map((item) => [attribute(item, 'identifier'), plain(item, find)]),
      );
      return { kind: 'ordering', items: response.correct.map((id) => texts.get(id) ?? id) };
    }
    case 'matchInteraction':
      return matchOf(element, response, find);
    case 'hotspotInteraction':
      return hotspotOf(element, response, find);
    case 'graphicGapMatchInteraction':
      return graphicGapMatchOf(element, response, find);
    case 'extendedTextInteraction':
      return { kind: 'essay' };
    case 'uploadInteraction':
      return { kind: 'file' };
    default:
      return { kind: 'unknown', name };
  }
}

const plain = (element: XmlElement, find?: FindFile): string =>
  plainFromHtml(markupOf(element, withoutFeedback), find).text;
const withoutFeedback = (element: XmlElement): string | null =>
  qtiName(localName(element)).startsWith('feedback') ? '' : mediaTag(element);

function choicesOf(element: XmlElement, name: string, response: Response, find?: FindFile): ForeignAnswer[] {
  const best = Math.max(0, ...[...response.mapping.values()]);
  const choices = all(element, name);
  const rights = Math.max(1, response.correct.length);
  const positive = [...response.mapping.values()]
    .filter((value) => value > 0)
    .reduce((sum, value) => sum + value, 0);
  return choices.map((choice) => {
    const id = attribute(choice, 'identifier');
    const mapped = response.mapping.get(id);
    const isSeveral = response.cardinality === 'multiple';
    const fraction =
      mapped !== undefined && best > 0
        ? mapped / (isSeveral ? positive : best)
        : response.correct.includes(id)
          ? 1 / (isSeveral ? rights : 1)
          : 0;
    return { text: plain(choice, find), fraction };
  });
}

function typedIn(response: Response): ForeignBody {
  const keys = keysOf(response);
  if (/^(?:float|integer)$/u.test(response.baseType))
    return {
      kind: 'number',
      units: [],
      answers: keys.map(({ text, fraction }) => ({ value: Number(text), tolerance: 0, fraction })),
    };
  return { kind: 'short', answers: keys, caseMatters: false };
}

function keysOf(response: Response): ForeignAnswer[] {
  const best = Math.max(0, ...response.mapping.values());
  if (best > 0) return [...response.mapping].map(([text, value]) => ({ text, fraction: value / best }));
  return response.correct.map((text) => ({ text, fraction: 1 }));
}

function gapOf(element: XmlElement, response: Response): ForeignGap {
  const name = qtiName(localName(element));
  if (name !== 'textEntryInteraction') {
    const option = name === 'choiceInteraction' ? 'simpleChoice' : 'inlineChoice';
    return { kind: 'choice', caseMatters: false, answers: choicesOf(element, option, response) };
  }
  const typed = typedIn(response);
  return typed.kind === 'number'
    ? { kind: 'number', answers: typed.answers }
    : { kind: 'short', answers: keysOf(response), caseMatters: false };
}

/** Words dragged into gaps. */
function gapMatchOf(element: XmlElement, response: Response, gaps: Map<XmlElement, number>): ForeignBody {
  const words = all(element, 'gapText').map((word) => ({
    id: attribute(word, 'identifier'),
    text: plain(word),
  }));
  const places = all(element, 'gap');
  places.forEach((gap, index) => gaps.set(gap, index + 1));
  const pairs = new Map(
    response.correct.map((pair) => {
      const [word = '', gap = ''] = pair.trim().split(/\s+/u);
      return [gap, word];
    }),
  );
  const answers = places.map(
    (gap) => words.find(({ id }) => id === pairs.get(attribute(gap, 'identifier')))?.text ?? '',
  );
  const used = new Set(answers);
  return {
    kind: 'dragWords',
    answers,
    extra: words.map(({ text }) => text).filter((text) => !used.has(text)),
  };
}

function matchOf(element: XmlElement, response: Response, find: FindFile): ForeignBody {
  const [lefts, rights] = all(element, 'simpleMatchSet').map(
    (set) =>
      new Map(
        all(set, 'simpleAssociableChoice').map((item) => [attribute(item, 'identifier'), plain(item, find)]),
      ),
  );
  const pairs = response.correct.flatMap((pair) => {
    const [left = '', right = ''] = pair.split(/\s+/u);
    const [from, to] = [lefts?.get(left), rights?.get(right)];
    return from !== undefined && to !== undefined ? [{ left: from, right: to }] : [];
  });
  const used = new Set(pairs.map(({ right }) => right));
  return { kind: 'matching', pairs, extra: [...(rights?.values() ?? [])].filter((text) => !used.has(text)) };
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
  if (name === 'gapText' || name === 'prompt') return '';
  return name === 'rubricBlock' || name.startsWith('feedback') || name === 'endAttemptInteraction'
    ? ''
    : null;
};
