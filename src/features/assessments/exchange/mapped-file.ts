import { newKey } from '../../../shared/ids.js';
import type { QuestionVersion } from '../bank/questions.store.js';
import { normalised } from '../types/words.js';
import { contentOf } from './content.js';
import type { ForeignFile } from './foreign.js';
import type { ImportedQuestion, LeftOut } from './imports.store.js';

/** One preview page, and one document of the database. */
export const MOST_QUESTIONS = 2_000;

/**
 * The questions of a file as the bank holds them, and those that it cannot hold.
 * @param bank questions of the course, to tell duplicates by their text
 */
export function mappedFile(
  { questions }: ForeignFile,
  bank: readonly QuestionVersion[],
): { kept: ImportedQuestion[]; leftOut: LeftOut[] } {
  const known = new Map(bank.map(({ text, key }) => [normalised(text, false), key]));
  const kept: ImportedQuestion[] = [];
  const leftOut: LeftOut[] = [];
  for (const question of questions) {
    const made = contentOf(question);
    if ('problem' in made) {
      leftOut.push({ place: question.place, text: question.text.slice(0, 300), ...made });
      continue;
    }
    kept.push({
      key: newKey(),
      place: question.place,
      content: made.content,
      notes: made.notes,
      duplicateOf: known.get(normalised(made.content.text, false)) ?? null,
    });
  }
  return { kept, leftOut };
}
