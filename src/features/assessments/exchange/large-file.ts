import { isZip, listZip, ZipProblem } from '../../../shared/zip.js';

/** Larger files are read by a job in a thread, and more questions written by one. */
export const LARGE = { bytes: 1024 * 1024, questions: 200 } as const;

/** The least bytes that two hundred questions take in the XML of a sheet or a Word text, without pictures. */
const MUCH_TEXT = 100 * 1024;

/**
 * Whether a file is read in a thread by a job: over 1 MB, packed or not, or by a quick estimate over 200 questions.
 * Returns false for a damaged archive: the reader refuses it at once.
 */
export async function isLargeFile(bytes: Buffer): Promise<boolean> {
  if (bytes.length > LARGE.bytes) return true;
  return isZip(bytes) ? isLargeArchive(bytes) : questionsSeen(bytes) > LARGE.questions;
}

async function isLargeArchive(bytes: Buffer): Promise<boolean> {
  try {
    const files = await listZip(bytes);
    const size = files.reduce((sum, file) => sum + file.size, 0);
    const isLong = files.some(
      (file) => file.size > MUCH_TEXT && /^(?:word\/document|xl\/worksheets\/[^/]+)\.xml$/u.test(file.name),
    );
    return size > LARGE.bytes || isLong || files.length > LARGE.questions;
  } catch (error) {
    if (error instanceof ZipProblem) return false;
    throw error;
  }
}

/** What begins a question, or belongs to each: elements of XML; numbers, answers of Aiken and braces of GIFT. */
const ELEMENTS = /<(?:question|item|(?:qti-)?assessment-?item)[\s>]/giu;
const TYPED = [/^\s{0,20}\d{1,5}[.)]/gmu, /^\s{0,20}ANSWER\s{0,20}:/gimu, /\{[^{}]*\}/gu];

/** Beginnings of questions in a text, in whatever encoding; rows where it has none of them, as a table. */
function questionsSeen(bytes: Buffer): number {
  // The characters of these patterns are single bytes in every encoding of such files but UTF-16, which has zeros between.
  const text = bytes.toString('latin1').replaceAll('\0', '');
  const seen = (pattern: RegExp): number => text.match(pattern)?.length ?? 0;
  return seen(ELEMENTS) || Math.max(...TYPED.map(seen)) || text.split('\n').length;
}
