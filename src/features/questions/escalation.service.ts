import { newEvent } from '../../infra/events/index.js';
import type { AnswerRules } from '../../infra/settings/index.js';
import type { Clock } from '../../shared/clock.js';
import { afterWorkingHours } from '../../shared/working-hours.js';
import type { Question } from './question.js';
import { questionEscalated } from './questions.events.js';
import type { QuestionsStore } from './questions.store.js';

export interface EscalationDeps {
  readonly questions: QuestionsStore;
  readonly clock: Clock;
  readonly rules: () => Promise<AnswerRules>;
  /** Persons and cards that head the associations of a question. */
  readonly hasHead: (question: Question) => Promise<boolean>;
}

/** Passes overdue questions on: to the head of the association, then to the deputies. */
export interface EscalationService {
  /** Takes one step for each question that is due for it. Repeating it changes nothing. */
  escalateDue(): Promise<number>;
}

const AT_ONCE = 200;

export function createEscalation({ questions, clock, rules, hasHead }: EscalationDeps): EscalationService {
  async function escalate(question: Question): Promise<boolean> {
    const now = clock.now();
    const { work, escalateHours } = await rules();
    // An association without a head, or whose head has left, is passed over.
    const level = question.escalation === 0 && (await hasHead(question)) ? 1 : 2;
    const escalateAt = level === 1 ? afterWorkingHours(now, escalateHours, work) : null;
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
