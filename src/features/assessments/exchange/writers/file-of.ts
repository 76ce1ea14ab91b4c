import type { QuestionContent } from '../../bank/questions.store.js';
import type { ExportFormat } from '../export-formats.js';
import { foreignOf } from '../foreign-of.js';
import { writeGift } from './gift.js';
import type { MediaById } from './media-out.js';
import { writeMoodleXml } from './moodle-xml.js';
import { writeQtiPackage } from './qti3.js';

export interface WrittenFile {
  readonly ending: string;
  /** As the browser is told. */
  readonly type: string;
  readonly content: string | Buffer;
}

/** What each format is called. */
export const KINDS: Readonly<Record<ExportFormat, Pick<WrittenFile, 'ending' | 'type'>>> = {
  gift: { ending: 'gift.txt', type: 'text/plain; charset=utf-8' },
  'moodle-xml': { ending: 'xml', type: 'application/xml; charset=utf-8' },
  qti: { ending: 'zip', type: 'application/zip' },
};

/**
 * Writes questions as a file.
 * @param media pictures and recordings of the questions
 * @param tell is called with the number of questions that are ready
 */
export async function fileOf(
  format: ExportFormat,
  contents: readonly QuestionContent[],
  media: MediaById,
  tell: (ready: number) => void = () => undefined,
): Promise<WrittenFile> {
  const questions = contents.map((content, index) => {
    tell(index + 1);
    return foreignOf(content);
  });
  const kind = KINDS[format];
  switch (format) {
    case 'gift':
      return { ...kind, content: writeGift(questions) };
    case 'moodle-xml':
      return { ...kind, content: writeMoodleXml(questions, media) };
    case 'qti':
      return { ...kind, content: await writeQtiPackage(questions, media) };
  }
}
