import type { ForeignAnswer } from '../foreign.js';
import { plainFromHtml, type FindFile } from '../html.js';
import { attribute, descendants, elementsOf, localName, markupOf, type XmlElement } from '../xml.js';
import { attr, qtiName, type Response } from './qti-names.js';

/* What readers of interactions share. */

export const all = (parent: XmlElement, name: string): XmlElement[] =>
  descendants(parent, (found) => qtiName(found) === name);
export const child = (parent: XmlElement, name: string): XmlElement | undefined =>
  elementsOf(parent).find((element) => qtiName(localName(element)) === name);

const escaped = (text: string): string => text.replace(/&/gu, '&amp;').replace(/"/gu, '&quot;');

/** A picture or recording as HTML; null for any other element. */
export function mediaTag(element: XmlElement): string | null {
  const name = localName(element);
  if (name === 'img')
    return `<img src="${escaped(attr(element, 'src'))}" alt="${escaped(attr(element, 'alt'))}">`;
  if (name === 'object') {
    const tag = attr(element, 'type').startsWith('audio/') ? 'audio' : 'img';
    const alt = escaped(element.text.replace(/\s+/gu, ' ').trim().slice(0, 200));
    return `<${tag} src="${escaped(attr(element, 'data'))}" alt="${alt}">${tag === 'audio' ? '</audio>' : ''}`;
  }
  if (name !== 'audio') return null;
  const source = attr(element, 'src') || attr(all(element, 'source')[0] ?? element, 'src');
  return `<audio src="${escaped(source)}" title="${escaped(attr(element, 'title'))}"></audio>`;
}

const withoutFeedback = (element: XmlElement): string | null =>
  qtiName(localName(element)).startsWith('feedback') ? '' : mediaTag(element);

export const plain = (element: XmlElement, find?: FindFile): string =>
  plainFromHtml(markupOf(element, withoutFeedback), find).text;

/** Offered answers with the share of the points that each earns. @param name of their elements */
export function choicesOf(
  element: XmlElement,
  name: string,
  response: Response,
  find?: FindFile,
): ForeignAnswer[] {
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

/** What is right of a typed answer. */
export function keysOf(response: Response): ForeignAnswer[] {
  const best = Math.max(0, ...response.mapping.values());
  if (best > 0) return [...response.mapping].map(([text, value]) => ({ text, fraction: value / best }));
  return response.correct.map((text) => ({ text, fraction: 1 }));
}

/** Whether a number is to be typed. */
export const isNumber = ({ baseType }: Response): boolean => /^(?:float|integer)$/u.test(baseType);
