import { newKey } from '../../../shared/ids.js';
import { excerptOf } from '../bank/excerpt.js';
import { contentFields } from '../bank/question.schema.js';
import type { QuestionFiles } from '../bank/question-files.service.js';
import type { QuestionContent, QuestionVersion } from '../bank/questions.store.js';
import { isOnPicture } from '../types/index.js';
import { normalised } from '../types/words.js';
import { contentOf } from './content.js';
import type { ForeignFile } from './foreign.js';
import type { ImportedQuestion, LeftOut } from './imports.store.js';
import { keepMedia } from './media.js';

/** One document of the database. */
export const MOST_QUESTIONS = 2_000;

interface FileOwner {
  readonly courseId: string;
  readonly personId: string;
}

export interface MappedFile {
  readonly kept: ImportedQuestion[];
  readonly leftOut: LeftOut[];
  /** Ids of the files that were stored for the questions. */
  readonly media: readonly string[];
}

/**
 * The questions of a file as the bank holds them, and those that it cannot hold; their files are stored.
 * @param bank questions of the course: one with the same text is a duplicate. Within the file only a question that is
 *   the same in everything but its name is one, for many different questions have the text «What is right?»
 */
export async function mappedFile(
  { questions, files = [] }: ForeignFile,
  bank: readonly QuestionVersion[],
  { media, ...owner }: { readonly media: Pick<QuestionFiles, 'keep'> | null } & FileOwner,
): Promise<MappedFile> {
  const known = new Map(bank.map((question) => [wordsOf(question), question.key]));
  const inFile = new Map<string, string>();
  const kept: ImportedQuestion[] = [];
  const leftOut: LeftOut[] = [];
  const placement = keepMedia(media, files, owner);
  for (const question of questions) {
    const made = contentOf(question);
    if ('problem' in made) {
      leftOut.push({ place: question.place, text: question.text.slice(0, 300), ...made });
      continue;
    }
    const { content, lost } = await placement.place(made.content);
    if (isWithoutPicture(content)) {
      leftOut.push({
        place: question.place,
        text: question.text.slice(0, 300),
        problem: 'errors.field.pictureMissing',
        what: '',
      });
      continue;
    }
    const key = newKey();
    const whole = JSON.stringify(contentFields({ ...content, name: '' }));
    const duplicateOf = known.get(wordsOf(content)) ?? inFile.get(whole) ?? null;
    if (!inFile.has(whole)) inFile.set(whole, key);
    kept.push({
      key,
      place: question.place,
      content,
      notes: [...made.notes, ...lost.map((what) => ({ key: 'lostFile', what }))],
      duplicateOf,
    });
  }
  return { kept, leftOut, media: placement.ids };
}

/** The text by which duplicates are found. Without ids of pictures: each import stores them again under new ones. */
const wordsOf = ({ text, format }: Pick<QuestionContent, 'text' | 'format'>): string =>
  normalised(excerptOf(text.replace(/\bfiles\/[a-z2-9]{20}/gu, 'files/'), format, Infinity), false);

/** A question about a picture is none without it. */
const isWithoutPicture = ({ definition }: QuestionContent): boolean =>
  isOnPicture(definition) && definition.image === '';
