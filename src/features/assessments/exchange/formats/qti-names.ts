import type { FindFile } from '../html.js';
import { attribute, type XmlElement } from '../xml.js';

/** `qti-simple-choice` of QTI 3 and `simpleChoice` of QTI 2 are one name. */
export const qtiName = (name: string): string =>
  name.replace(/^qti-/u, '').replace(/-([a-z])/gu, (_match, letter: string) => letter.toUpperCase());

/** An attribute by its QTI 2 name; QTI 3 writes it with hyphens. */
export const attr = (element: XmlElement, name: string): string =>
  attribute(element, name) ||
  attribute(
    element,
    name.replace(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`),
  );

/** What an item says of the right answer to one of its interactions. */
export interface Response {
  readonly correct: readonly string[];
  /** Points by the value that earns them. */
  readonly mapping: ReadonlyMap<string, number>;
  readonly baseType: string;
  readonly cardinality: string;
}

/** What an item asks. */
export interface QtiAsked {
  readonly interactions: readonly XmlElement[];
  /** The interaction of an item that has one. */
  readonly only: { readonly name: string; readonly element: XmlElement; readonly response: Response } | null;
  readonly response: (element: XmlElement) => Response;
  /** Numbers of the gaps that stand in the text: set by the type that has them. */
  readonly gaps: Map<XmlElement, number>;
  readonly find: FindFile;
}
