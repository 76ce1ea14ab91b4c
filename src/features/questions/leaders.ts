import type { Holder, Organisation } from '../directory/index.js';
import { owingTeacher, type Question } from './question.js';

export interface LeadersDeps {
  readonly organisation: Pick<Organisation, 'headsOf' | 'holdersOf'>;
  readonly associationsOf: (question: Question) => Promise<readonly string[]>;
}

/**
 * Those to whom a question without an answer is passed on at a level. 1: heads of its associations; 2: the deputies, or
 * the director where there is no deputy. The teacher who owes the answer is none of them. None where nobody holds the
 * place now.
 */
export type LeadersOf = (question: Question, level: Question['escalation']) => Promise<readonly Holder[]>;

export function createLeaders({ organisation, associationsOf }: LeadersDeps): LeadersOf {
  return async (question, level) => {
    const owing = owingTeacher(question);
    const others = (holders: readonly Holder[]): readonly Holder[] =>
      holders.filter(({ personIds }) => !personIds.includes(owing));
    if (level === 1) return others(await organisation.headsOf(await associationsOf(question)));
    const deputies = others(await organisation.holdersOf(['deputyStudy', 'deputyMethod']));
    return deputies.length > 0 ? deputies : others(await organisation.holdersOf(['director']));
  };
}
