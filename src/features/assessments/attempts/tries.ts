import type { QuestionVersion } from '../bank/questions.store.js';
import { typeOf } from '../types/index.js';
import type { Answer, AttemptQuestion } from './attempt.js';

/** Tries at a question whose answers are checked while the attempt goes on: each after the first has its price. Pure. */

type Tried = Pick<Answer, 'revision' | 'tries' | 'triedRevision'>;

/** Also where a try costs nothing. */
const MOST_TRIES = 10;

/** Thirds of thirds do not add up to 1 exactly. */
const RIGHT = 1 - 1e-9;

/** Whether the answer as it stands was checked, and another try is possible. */
export const isTried = ({ revision, tries = 0, triedRevision }: Tried): boolean =>
  tries > 0 && triedRevision === revision;

/** How many tries were checked before the answer as it stands. */
export const triesBefore = (answer: Tried | undefined): number =>
  answer === undefined ? 0 : (answer.tries ?? 0) - (isTried(answer) ? 1 : 0);

/** Whether another try can earn anything after this answer: it is not right, and not all points are spent. */
export function mayTryAgain(
  { definition, tryPenalty }: QuestionVersion,
  asked: AttemptQuestion,
  answer: Answer,
): boolean {
  if (tryPenalty === undefined) return false;
  const fraction = typeOf(definition.type).fraction(definition, answer.response, asked.order);
  const tries = triesBefore(answer) + 1;
  return fraction !== null && fraction < RIGHT && tries < MOST_TRIES && tries * tryPenalty < RIGHT;
}
