import { plainFrom, type FindFile } from '../html.js';
import { attribute, descendants, elementsOf, localName, textOf, type XmlElement } from '../xml.js';

/** What an item of QTI 1.2 asks. */
export interface Asked12 {
  /** As the LMS that wrote it calls the type; '' where it does not. */
  readonly type: string;
  /** Lists to choose from. */
  readonly choices: readonly XmlElement[];
  readonly hasTyped: boolean;
  readonly keys: readonly Key12[];
  readonly ranges: readonly Range12[];
  /** A type notes here which of the lists is which gap, from 1: the text names it in brackets. */
  readonly gaps: Map<XmlElement, number>;
  readonly find: FindFile | undefined;
}

/** A value that earns points. */
export interface Key12 {
  readonly response: string;
  readonly value: string;
}

/** Numbers that earn points. */
export interface Range12 {
  readonly least: number;
  readonly most: number;
}

export const named = (parent: XmlElement, name: string): XmlElement[] =>
  descendants(parent, (found) => found === name);

export const materialOf = (parent: XmlElement | undefined, find?: FindFile): string =>
  parent === undefined
    ? ''
    : elementsOf(parent)
        .filter((element) => localName(element) === 'material' || localName(element) === 'flow')
        .flatMap((element) => descendants(element, (name) => /^mat(?:text|image|audio)$/u.test(name)))
        .map((element) => plainFrom(markupOf(element), 'html', find).text)
        .join('\n')
        .trim();

/** A text, or a picture or recording as HTML. */
const markupOf = (element: XmlElement): string => {
  const name = localName(element);
  if (name === 'mattext') return textOf(element);
  const address = attribute(element, 'uri').replace(/&/gu, '&amp;').replace(/"/gu, '&quot;');
  return name === 'mataudio' ? `<audio src="${address}"></audio>` : `<img src="${address}">`;
};

export const labelsOf = (
  response: XmlElement,
  find?: FindFile,
): { readonly id: string; readonly text: string }[] =>
  named(response, 'response_label').map((label) => ({
    id: attribute(label, 'ident'),
    text: materialOf(label, find),
  }));
