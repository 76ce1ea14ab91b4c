import type { ForeignFile, ForeignQuestion, Unreadable } from '../foreign.js';
import { decodeText } from '../encoding.js';
import { localName, readXml, XmlProblem, type XmlElement } from '../xml.js';
import { unzip } from '../zip.js';
import { readItem, qtiName } from './qti-item.js';
import { readItems12 } from './qti12.js';

/** Whether a document is an item, a test or a manifest of QTI. */
export const isQti = (root: XmlElement): boolean =>
  /^(?:assessmentItem|assessmentTest|questestinterop|manifest)$/u.test(qtiName(localName(root)));

/** One QTI file: an item of 2.x or 3, or items of 1.2. @throws XmlProblem */
export function readQti(text: string, place: string): ForeignFile {
  const root = readXml(text);
  const name = qtiName(localName(root));
  if (name === 'questestinterop') return readItems12(root, place);
  if (name === 'assessmentItem') return { questions: [readItem(root, place)], unreadable: [] };
  return { questions: [], unreadable: [{ place, key: 'notItem', what: root.name }] };
}

const SKIPPED =
  /^(?:assessmentTest|assessmentSection|manifest|assessmentStimulus|outcomeDeclaration|usageData|responseProcessing)$/u;

/** A content package: all its items, in the order of their names. @throws ZipProblem */
export async function readQtiPackage(bytes: Buffer): Promise<ForeignFile> {
  const files = await unzip(bytes, (name) => /\.xml$/iu.test(name));
  const questions: ForeignQuestion[] = [];
  const unreadable: Unreadable[] = [];
  for (const [name, content] of [...files].sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))) {
    try {
      const text = decodeText(content);
      const root = readXml(text);
      const kind = qtiName(localName(root));
      if (SKIPPED.test(kind) || !isQti(root)) continue;
      const read = readQti(text, name);
      questions.push(...read.questions);
      unreadable.push(...read.unreadable);
    } catch (error) {
      if (!(error instanceof XmlProblem)) throw error;
      unreadable.push({ place: name, key: error.key, what: error.what });
    }
  }
  return { questions, unreadable };
}
