import { TableProblem } from '../../../infra/tables/index.js';
import { decodeText } from './encoding.js';
import type { ForeignFile } from './foreign.js';
import { readAiken } from './formats/aiken.js';
import { readDocx } from './formats/docx.js';
import { readGift } from './formats/gift.js';
import { readMoodleXml } from './formats/moodle-xml.js';
import { readPlain } from './formats/plain.js';
import { isQti, readQti, readQtiPackage } from './formats/qti.js';
import { readQuestionTable } from './formats/table.js';
import { readXml, tagsOf, XmlProblem } from './xml.js';
import { isZip, refuseZipBomb, unzip, ZipProblem } from '../../../shared/zip.js';

export const FORMATS = ['gift', 'moodle-xml', 'aiken', 'qti', 'csv', 'xlsx', 'docx', 'text'] as const;
export type Format = (typeof FORMATS)[number];

/** The file cannot be read as what it says it is. */
export class FileProblem extends Error {
  /** @param key below the problems of exchange */
  constructor(
    readonly key: string,
    readonly what = '',
  ) {
    super(key);
  }
}

/** Files of this size and more are refused before anything is read. */
export const MOST_FILE_BYTES = 100 * 1024 * 1024;

/**
 * Reads a file of questions.
 * @param format null: told from the file's name and content
 * @throws FileProblem
 */
export async function readQuestions(
  bytes: Buffer,
  name: string,
  format: Format | null = null,
): Promise<ForeignFile & { readonly format: Format }> {
  if (bytes.length >= MOST_FILE_BYTES) throw new FileProblem('tooBig');
  const kind = format ?? (await formatOf(bytes, name));
  try {
    return { ...(await read(bytes, name, kind)), format: kind };
  } catch (error) {
    if (error instanceof XmlProblem) throw new FileProblem(error.key, error.what);
    const zip = error instanceof TableProblem ? error.cause : error;
    if (zip instanceof ZipProblem) throw new FileProblem(zip.key);
    if (error instanceof RangeError) throw new FileProblem('tooDeep');
    // The libraries for tables and Word files have no error class of their own.
    if (kind === 'csv' || kind === 'xlsx' || kind === 'docx') throw new FileProblem('damaged');
    throw error;
  }
}

async function read(bytes: Buffer, name: string, format: Format): Promise<ForeignFile> {
  switch (format) {
    case 'gift':
      return readGift(decodeText(bytes));
    case 'aiken':
      return readAiken(decodeText(bytes));
    case 'text':
      return readPlain(decodeText(bytes));
    case 'moodle-xml':
      return readMoodleXml(decodeText(bytes));
    case 'qti':
      return isZip(bytes) ? readQtiPackage(bytes) : readQti(decodeText(bytes), name);
    case 'csv':
    case 'xlsx':
      return readQuestionTable(bytes);
    case 'docx':
      await refuseZipBomb(bytes);
      return readDocx(bytes);
  }
}

/** @throws FileProblem */
async function formatOf(bytes: Buffer, name: string): Promise<Format> {
  if (bytes.length === 0) throw new FileProblem('empty');
  const ending = /\.([a-z0-9]+)$/iu.exec(name)?.[1]?.toLowerCase();
  if (isZip(bytes)) return zipFormat(bytes);
  const text = decodeText(bytes.subarray(0, 200_000));
  if (text.includes('\0')) throw new FileProblem('unknown');
  if (/^\s*<(?:\?xml|!|[a-z])/iu.test(text)) return xmlFormat(bytes);
  if (ending === 'csv' || ending === 'tsv') return 'csv';
  if (ending === 'gift') return 'gift';
  if (/^\s*(?:ANSWER|ОТВЕТ)\s*:\s*\p{Lu}\s*$/imu.test(text) && !/^\s*\d+[.)]/mu.test(text)) return 'aiken';
  return /\{[^{}]*\}/u.test(text) ? 'gift' : 'text';
}

async function zipFormat(bytes: Buffer): Promise<Format> {
  const names: string[] = [];
  try {
    await unzip(bytes, (entry) => {
      names.push(entry);
      return false;
    });
  } catch (error) {
    if (error instanceof ZipProblem) throw new FileProblem(error.key);
    throw error;
  }
  if (names.includes('word/document.xml')) return 'docx';
  if (names.includes('xl/workbook.xml')) return 'xlsx';
  if (
    names.some((entry) => entry.endsWith('imsmanifest.xml')) ||
    names.some((entry) => /\.xml$/iu.test(entry))
  )
    return 'qti';
  throw new FileProblem('unknown');
}

function xmlFormat(bytes: Buffer): Format {
  const text = decodeText(bytes);
  // A file of Moodle may be large: it is read question by question, and its root is told by its first element.
  const [root] = tagsOf(text);
  const [, first = ''] = /^<([a-z][\w:.-]*)/iu.exec(root?.tag ?? '') ?? [];
  if (first === 'quiz') return 'moodle-xml';
  try {
    if (isQti(readXml(text))) return 'qti';
  } catch (error) {
    if (error instanceof XmlProblem) throw new FileProblem(error.key, error.what);
    throw error;
  }
  throw new FileProblem('unknown');
}
