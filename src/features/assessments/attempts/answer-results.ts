import type { QuestionVersion } from '../bank/questions.store.js';
import type { Mark } from '../marking/mark.js';
import { typeOf } from '../types/index.js';

/** The question's text as this attempt sees it. */
export const textOf = ({ definition, text }: QuestionVersion, assigned: readonly number[]): string =>
  typeOf(definition.type).text?.(definition, text, assigned) ?? text;

/** `waiting`: a person has still to mark it. */
export type AnswerResult = 'right' | 'partly' | 'wrong' | 'none' | 'waiting';

/** Thirds of thirds do not add up to 1 exactly. */
export const answerResultOf = (mark: Mark | undefined, answered: boolean): AnswerResult => {
  if (mark?.fraction === null) return 'waiting';
  if (!answered && mark?.by === 'auto') return 'none';
  const fraction = mark?.fraction ?? 0;
  if (fraction > 1 - 1e-9) return 'right';
  return fraction > 0 ? 'partly' : 'wrong';
};
