import { newEvent } from '../../infra/events/index.js';
import type { AnswerRules } from '../../infra/settings/index.js';
import type { Clock } from '../../shared/clock.js';
import { afterWorkingHours } from '../../shared/working-hours.js';
import type { LeadersOf } from './leaders.js';
import type { Question } from './question.js';
import { questionEscalated } from './questions.events.js';
import type { QuestionsStore } from './questions.store.js';

export interface EscalationDeps {
  readonly questions: QuestionsStore;
  readonly clock: Clock;
  readonly rules: () => Promise<AnswerRules>;
  readonly leadersOf: LeadersOf;
}

/**
 * Passes overdue questions on: to the head of the association, then to the deputies. A post without a holder is
 * passed over. A question that still waits is looked at again and again: a new holder of the post is told as well.
 */
export interface EscalationService {
  /** Takes one step for each question that is due for it. Repeating it changes nothing. */
  escalateDue(): Promise<number>;
}

const AT_ONCE = 200;

export function createEscalation({ questions, clock, rules, leadersOf }: EscalationDeps): EscalationService {
  /** The next level at which there is a person; null where there is none. */
  async function nextLevel(question: Question): Promise<1 | 2 | null> {
    if (question.escalation === 0 && (await leadersOf(question, 1)).length > 0) return 1;
    return (await leadersOf(question, 2)).length > 0 ? 2 : null;
  }

  async function escalate(question: Question): Promise<boolean> {
    const now = clock.now();
    const { work, escalateHours } = await rules();
    const escalateAt = afterWorkingHours(now, escalateHours, work);
    const level = await nextLevel(question);
    // With nobody to pass it on to, it waits until a head or a deputy is named.
    if (level === null) {
      await questions.change(question, { escalateAt }, null);
      return false;
    }
    const event = newEvent(questionEscalated, { level }, { at: now });
    return (await questions.change(question, { escalation: level, escalateAt }, null, event)) !== null;
  }
  return {
    async escalateDue() {
      const due = await questions.listToEscalate(clock.now(), AT_ONCE);
      let done = 0;
      for (const question of due) done += Number(await escalate(question));
      return done;
    },
  };
}
