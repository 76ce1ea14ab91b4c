import type * as ParseXml from '@rgrove/parse-xml';
import type { XmlDocument, XmlElement, XmlNode } from '@rgrove/parse-xml';
import { lazyPackage } from '../../../shared/lazy-package.js';

const xml = lazyPackage<typeof ParseXml>('@rgrove/parse-xml');

/** The document is no XML, or more than this tool reads: a DTD of its own, nesting without end. */
export class XmlProblem extends Error {
  /** @param key below the problems of exchange */
  constructor(
    readonly key: string,
    readonly what = '',
  ) {
    super(key);
  }
}

const DEEPEST = 200;

/**
 * Reads XML without DTDs, so that no entity is ever expanded and no other file is asked for.
 * @throws XmlProblem
 */
export function readXml(text: string): XmlElement {
  refuseDtd(text);
  refuseDeepNesting(text);
  let document: XmlDocument;
  try {
    document = xml().parseXml(text.replace(/^\s+(?=<\?xml)/u, ''), { includeOffsets: true });
  } catch (error) {
    throw new XmlProblem('notXml', error instanceof Error ? firstLine(error.message) : '');
  }
  if (document.root === null) throw new XmlProblem('notXml');
  return document.root;
}

/** @throws XmlProblem `dtd`: a document with definitions of its own */
export function refuseDtd(text: string): void {
  if (/<!DOCTYPE[^>[]*\[/iu.test(text.slice(0, 10_000))) throw new XmlProblem('dtd');
}

const firstLine = (text: string): string => text.split('\n')[0] ?? '';

/** The parser is recursive: depth is counted before it begins. */
function refuseDeepNesting(text: string): void {
  let depth = 0;
  for (const { tag } of tagsOf(text)) {
    if (tag.endsWith('/>')) continue;
    depth += tag.startsWith('</') ? -1 : 1;
    if (depth > DEEPEST) throw new XmlProblem('tooDeep');
  }
}

/**
 * Tags of a document one after another, without comments, CDATA, declarations and instructions. Goes through the text
 * once, whatever is in it: a pattern would look for the end of each of a million comments that have none.
 */
export function* tagsOf(text: string): Generator<{ readonly tag: string; readonly index: number }> {
  let at = text.indexOf('<');
  while (at >= 0) {
    const [opening, closing] = text.startsWith('<!--', at)
      ? ['<!--', '-->']
      : text.startsWith('<![CDATA[', at)
        ? ['<![CDATA[', ']]>']
        : ['<', '>'];
    const end = text.indexOf(closing, at + opening.length);
    if (end < 0) return;
    if (opening === '<' && /[a-z_/]/iu.test(text.charAt(at + 1)))
      yield { tag: text.slice(at, end + 1), index: at };
    at = text.indexOf('<', end + closing.length);
  }
}

/** A name without its prefix. */
export const localName = (element: XmlElement): string => element.name.replace(/^.*:/u, '');

export const elementsOf = (parent: XmlElement, name?: string): XmlElement[] =>
  parent.children.filter(
    (child): child is XmlElement =>
      child instanceof xml().XmlElement && (name === undefined || localName(child) === name),
  );

export const firstOf = (parent: XmlElement | undefined, name: string): XmlElement | undefined =>
  parent && elementsOf(parent, name)[0];

/** All elements below, in the order of the document. */
export function descendants(parent: XmlElement, test: (name: string) => boolean): XmlElement[] {
  return elementsOf(parent).flatMap((child) => [
    ...(test(localName(child)) ? [child] : []),
    ...descendants(child, test),
  ]);
}

export const textOf = (node: XmlElement | undefined): string => node?.text ?? '';
export const attribute = (element: XmlElement, name: string): string => element.attributes[name] ?? '';

/** A piece of a document, and the line in which it begins. */
export interface XmlPiece {
  readonly text: string;
  readonly line: number;
  /** False where the document ends before the element does. */
  readonly whole: boolean;
}

/**
 * Cuts all elements of one name out of a large document, so that each is read by itself: a fault spoils one of them,
 * and no tree of the whole is built. Elements of the name do not stand in one another.
 */
export function* piecesOf(text: string, name: string): Generator<XmlPiece> {
  let [begin, line, counted] = [-1, 1, 0];
  for (const { tag, index } of tagsOf(text)) {
    const isClosing = tag.startsWith('</');
    const from = isClosing ? 2 : 1;
    if (!tag.startsWith(name, from) || !/[\s>/]/u.test(tag.charAt(from + name.length))) continue;
    if (!isClosing && begin < 0) {
      for (let at = text.indexOf('\n', counted); at >= 0 && at < index; at = text.indexOf('\n', at + 1))
        line += 1;
      [begin, counted] = [index, index];
    }
    if (begin >= 0 && (isClosing || tag.endsWith('/>'))) {
      yield { text: text.slice(begin, index + tag.length), line, whole: true };
      begin = -1;
    }
  }
  if (begin >= 0) yield { text: text.slice(begin), line, whole: false };
}

const escaped = (text: string): string =>
  text.replace(/&/gu, '&amp;').replace(/</gu, '&lt;').replace(/>/gu, '&gt;').replace(/"/gu, '&quot;');

/** What stands inside an element as markup, for conversion to plain text. @param replace text for an element, or null */
export function markupOf(
  parent: XmlElement,
  replace: (element: XmlElement) => string | null = () => null,
): string {
  const { XmlCdata, XmlElement, XmlText } = xml();
  const markup = (node: XmlNode): string => {
    if (node instanceof XmlText || node instanceof XmlCdata) return escaped(node.text.replace(/\s+/gu, ' '));
    if (!(node instanceof XmlElement)) return '';
    const name = localName(node);
    return replace(node) ?? `<${name}>${node.children.map(markup).join('')}</${name}>`;
  };
  return parent.children.map((child) => markup(child as XmlNode)).join('');
}

export type { XmlElement };
