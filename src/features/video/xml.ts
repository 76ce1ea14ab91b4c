import type * as ParseXml from '@rgrove/parse-xml';
import type { XmlElement } from '@rgrove/parse-xml';
import { lazyPackage } from '../../shared/lazy-package.js';

const xml = lazyPackage<typeof ParseXml>('@rgrove/parse-xml');

/** Returns the root of a document, null if it is none. */
export function rootOf(text: string): XmlElement | null {
  try {
    return xml().parseXml(text).root;
  } catch {
    return null;
  }
}

/** The children of this name. */
export const elementsIn = (parent: XmlElement | null, name: string): XmlElement[] =>
  (parent?.children ?? []).filter(
    (child): child is XmlElement => child instanceof xml().XmlElement && child.name === name,
  );

/** The text of the first child of this name, '' if there is none. */
export const textIn = (parent: XmlElement | null, name: string): string =>
  elementsIn(parent, name)[0]?.text ?? '';
