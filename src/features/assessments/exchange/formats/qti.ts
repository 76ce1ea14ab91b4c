import type { ForeignFile, ForeignQuestion, Unreadable } from '../foreign.js';
import { decodeText } from '../encoding.js';
import { attribute, descendants, localName, readXml, XmlProblem, type XmlElement } from '../xml.js';
import { unzip } from '../../../../shared/zip.js';
import { collectEmbedded } from '../embedded.js';
import type { FindFile } from '../html.js';
import { readItem, type FindPassage } from './qti-item.js';
import { qtiName } from './qti-names.js';
import path from 'node:path/posix';
import { readItems12 } from './qti12.js';

/** Whether a document is an item, a test or a manifest of QTI. */
export const isQti = (root: XmlElement): boolean =>
  /^(?:assessmentItem|assessmentTest|questestinterop|manifest)$/u.test(qtiName(localName(root)));

/** One QTI file: an item of 2.x or 3, or items of 1.2. @throws XmlProblem */
export function readQti(text: string, place: string): ForeignFile {
  return readDocument(readXml(text), place);
}

interface Surroundings {
  readonly find?: FindFile;
  readonly passage?: FindPassage;
}

function readDocument(root: XmlElement, place: string, { find, passage }: Surroundings = {}): ForeignFile {
  const name = qtiName(localName(root));
  if (name === 'questestinterop') return readItems12(root, place, find);
  if (name === 'assessmentItem') return { questions: [readItem(root, place, find, passage)], unreadable: [] };
  // Its items are read, and their weights; their order and sections are not.
  if (name === 'assessmentTest')
    return { questions: [], unreadable: isFlat(root) ? [] : [{ place, key: 'testStructure' }] };
  return { questions: [], unreadable: [{ place, key: 'notItem', what: root.name }] };
}

/** A content package: all its items, in the order of their names. @throws ZipProblem */
export async function readQtiPackage(bytes: Buffer): Promise<ForeignFile> {
  const files = await unzip(bytes, (name) => /\.xml$/iu.test(name) || MEDIA_NAME.test(name));
  const embedded = collectEmbedded();
  const questions: ForeignQuestion[] = [];
  const unreadable: Unreadable[] = [];
  const missing: Unreadable[] = [];
  const documents = [...files].filter(([name]) => /\.xml$/iu.test(name));
  const weights = new Map<string, number>();
  for (const [name, content] of documents.sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))) {
    try {
      const root = readXml(decodeText(content));
      for (const [item, weight] of weightsIn(root, name)) weights.set(item, weight);
      if (qtiName(localName(root)) === 'manifest') missing.push(...missingItems(root, name, files));
      else if (isQti(root)) {
        const read = readDocument(root, name, {
          find: finderFor(name, files, embedded.add),
          passage: (address) => passageAt(path.normalize(path.join(path.dirname(name), address)), files),
        });
        questions.push(...read.questions);
        unreadable.push(...read.unreadable);
      }
    } catch (error) {
      if (!(error instanceof XmlProblem)) throw error;
      unreadable.push({ place: name, key: error.key, what: error.what });
    }
  }
  return {
    questions: questions.map((question) => ({
      ...question,
      mark: weights.get(question.place) ?? question.mark,
    })),
    unreadable: [...unreadable, ...missing],
    ...(embedded.files.length > 0 && { files: embedded.files }),
  };
}

/** References of a test to its items. */
const referencesIn = (root: XmlElement): XmlElement[] =>
  descendants(root, (name) => qtiName(name) === 'assessmentItemRef');

/** Whether a test is no more than its items in the order in which they are read. */
function isFlat(test: XmlElement): boolean {
  const sections = descendants(test, (name) => qtiName(name) === 'assessmentSection');
  const addresses = referencesIn(test).map((reference) => attribute(reference, 'href'));
  const sorted = [...addresses].sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  return (
    addresses.length > 0 &&
    sections.length <= 1 &&
    addresses.every((address, index) => address === sorted[index])
  );
}

/** What items are worth in a test: their names in the package, and the points. An item of several weights has none. */
function weightsIn(root: XmlElement, document: string): [string, number][] {
  if (qtiName(localName(root)) !== 'assessmentTest') return [];
  return referencesIn(root).flatMap((reference) => {
    const [weight, ...more] = descendants(reference, (name) => qtiName(name) === 'weight');
    const points = Number(weight && attribute(weight, 'value'));
    const item = path.normalize(path.join(path.dirname(document), attribute(reference, 'href')));
    return points > 0 && more.length === 0 ? [[item, points]] : [];
  });
}

/** Items that a manifest lists and that the package does not hold. */
function missingItems(
  manifest: XmlElement,
  document: string,
  files: ReadonlyMap<string, Buffer>,
): Unreadable[] {
  return descendants(manifest, (name) => name === 'resource')
    .filter((resource) => /^imsqti_(?:item|apipitem)/u.test(attribute(resource, 'type')))
    .map((resource) => path.normalize(path.join(path.dirname(document), attribute(resource, 'href'))))
    .filter((href) => /\.xml$/iu.test(href) && !files.has(href))
    .map((place) => ({ place, key: 'missingItem' }));
}

/** A passage that items share (assessmentStimulus). Null where there is none. */
function passageAt(name: string, files: ReadonlyMap<string, Buffer>): XmlElement | null {
  const bytes = files.get(name);
  if (bytes === undefined) return null;
  const [body] = descendants(readXml(decodeText(bytes)), (found) => qtiName(found) === 'stimulusBody');
  return body ?? null;
}

const MEDIA_NAME = /\.(?:png|jpe?g|gif|webp|svg|mp3|m4a|ogg|oga|wav|aac|flac|weba)$/iu;

/** Files by their addresses in a document of the package: relative to it, or Canvas's address of the package's files. */
function finderFor(
  document: string,
  files: ReadonlyMap<string, Buffer>,
  add: (key: string, name: string, bytes: () => Buffer) => string,
): FindFile {
  return (address) => {
    const bare = address.replace(/[?#].*$/su, '').replace(/^\$IMS-CC-FILEBASE\$\/(?:\.\.\/)?/u, '');
    if (bare === '' || /^[a-z]+:/iu.test(bare)) return null;
    const names = [path.normalize(path.join(path.dirname(document), bare)), path.normalize(bare)];
    const found = names
      .flatMap((name) => [name, `web_resources/${name}`])
      .find((name) => MEDIA_NAME.test(name) && files.has(name));
    const bytes = found === undefined ? undefined : files.get(found);
    return found === undefined || bytes === undefined ? null : add(found, found, () => bytes);
  };
}
