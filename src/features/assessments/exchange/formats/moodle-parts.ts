import type { ForeignAnswer } from '../foreign.js';
import { attribute, elementsOf, firstOf, textOf, type XmlElement } from '../xml.js';
import type { Read } from './moodle-files.js';

/** The elements `answer` of a question: their texts, shares and feedback. */
export const answersOf = (element: XmlElement, read: Read): ForeignAnswer[] =>
  elementsOf(element, 'answer').map((answer) => ({
    text: read(answer),
    fraction: Number(attribute(answer, 'fraction') || '0') / 100,
    feedback: read(firstOf(answer, 'feedback')),
  }));

/** The content of an element: what stands in it as text. */
export const contentIn = (element: XmlElement | undefined, name: string): string =>
  textOf(element && firstOf(element, name)).trim();

/** The same for an element that holds its words in `text`. */
export const wordsIn = (element: XmlElement | undefined, name: string): string =>
  textOf(firstOf(element && firstOf(element, name), 'text')).trim();

export const numberIn = (element: XmlElement | undefined, name: string): number =>
  Number(contentIn(element, name));
