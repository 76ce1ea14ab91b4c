/** Questions drawn from the bank, and questions in pages. Pure. */

import { conflict } from '../../../shared/errors.js';
import type { QuestionVersion } from '../bank/questions.store.js';
import type { Draw, Test, TestItem } from '../tests/tests.store.js';
import type { AttemptQuestion } from './attempt.js';
import { places, type Below } from './shuffle.js';

/** Whether a question of the bank is among those that are drawn from. A category holds those below it. */
export const isDrawable = (
  { category = '', tags = [] }: Pick<QuestionVersion, 'category' | 'tags'>,
  draw: Pick<Draw, 'category' | 'tag'>,
): boolean =>
  (draw.category === '' || category === draw.category || category.startsWith(`${draw.category} / `)) &&
  (draw.tag === '' || tags.includes(draw.tag));

export interface Drawn {
  readonly item: TestItem;
  readonly question: QuestionVersion;
}

/**
 * Draws by chance, no question twice and none that the test has anyway.
 * @throws DomainError `draw-too-few` (409)
 */
export function drawQuestions(test: Test, pool: readonly QuestionVersion[], below: Below): Drawn[] {
  const taken = new Set(test.items.map(({ key }) => key));
  return (test.draws ?? []).flatMap((draw) => {
    const fitting = pool
      .filter((question) => !taken.has(question.key) && isDrawable(question, draw))
      // The bank's order changes with every edit; a preview's draw follows from its seed.
      .sort((a, b) => (a.key < b.key ? -1 : 1));
    if (fitting.length < draw.count) throw conflict('draw-too-few');
    return places(fitting.length, true, below)
      .slice(0, draw.count)
      .flatMap((place): Drawn[] => {
        const question = fitting[place];
        if (question === undefined) return [];
        taken.add(question.key);
        const { section } = draw;
        return [{ question, item: { key: question.key, mark: draw.mark, ...(section && { section }) } }];
      });
  });
}

/** Puts questions of one section side by side, in the order in which sections first appear. */
export function inSections<T extends { readonly section?: string }>(entries: readonly T[]): T[][] {
  const sections = new Map<string, T[]>();
  for (const entry of entries) {
    const own = sections.get(entry.section ?? '');
    if (own) own.push(entry);
    else sections.set(entry.section ?? '', [entry]);
  }
  return [...sections.values()];
}

/** The page, from 1, on which each question of an attempt stands. Where there are pages, a section begins one. */
export function pagesOf(
  questions: readonly Pick<AttemptQuestion, 'section'>[],
  { pageSize, sequential }: Pick<Test, 'pageSize' | 'sequential'>,
): number[] {
  if (pageSize === 0 && !sequential) return questions.map(() => 1);
  let [page, onPage] = [1, 0];
  return questions.map(({ section }, index) => {
    const begins = index > 0 && (section ?? '') !== (questions[index - 1]?.section ?? '');
    if (index > 0 && (begins || (pageSize > 0 && onPage >= pageSize))) {
      page += 1;
      onPage = 0;
    }
    onPage += 1;
    return page;
  });
}
