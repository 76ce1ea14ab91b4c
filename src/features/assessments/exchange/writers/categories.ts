import type { ForeignQuestion } from '../foreign.js';

/**
 * Questions as they are written, with the line or element that names a category before the first question of each: it
 * holds for all that follow it.
 */
export function withCategories(
  questions: readonly ForeignQuestion[],
  write: (question: ForeignQuestion) => string,
  name: (path: string) => string,
): string[] {
  let category = '';
  return questions.flatMap((question) => {
    if (question.category === category) return [write(question)];
    category = question.category;
    return [name(category === '' ? '$course$/top' : `$course$/top/${category}`), write(question)];
  });
}
