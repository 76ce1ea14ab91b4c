import { createHash } from 'node:crypto';
import type { Note } from '../foreign.js';
import type { FindFile } from '../html.js';
import type { Embedded } from '../embedded.js';
import { attribute, elementsOf, textOf, type XmlElement } from '../xml.js';

/** Reads a text of a question with the files that stand beside it. */
export type Read = (parent: XmlElement | undefined) => string;

/** What the readers of single types need of a question. */
export interface BodyContext {
  readonly read: Read;
  /** For parts that are plain text in every question. */
  readonly plain: Read;
  readonly stem: string;
  readonly embedded: Embedded;
  readonly notes: Note[];
}

/** Files of a text: `@@PLUGINFILE@@/name` means the element `file` of that name; others are written in the address. */
export function filesBeside(parent: XmlElement, embedded: Embedded): FindFile {
  const files = elementsOf(parent, 'file');
  return (address) => {
    const data = /^data:[\w/+.-]+;base64,([\s\S]+)$/u.exec(address)?.[1];
    if (data !== undefined) return addContent(embedded, data, 'picture.png');
    const name = /^@@PLUGINFILE@@\/(.+?)(?:\?.*)?$/u.exec(address)?.[1];
    const file = files.find(
      (found) => `${attribute(found, 'path') || '/'}${attribute(found, 'name')}` === `/${name}`,
    );
    return file === undefined || name === undefined ? null : addFile(file, embedded);
  };
}

export const addFile = (file: XmlElement, embedded: Embedded): string =>
  addContent(embedded, textOf(file), attribute(file, 'name'));

/** Names are their own only within a text: the same content is the same file. */
const addContent = (embedded: Embedded, base64: string, name: string): string =>
  embedded.add(createHash('sha1').update(base64).digest('hex'), name, () => Buffer.from(base64, 'base64'));
