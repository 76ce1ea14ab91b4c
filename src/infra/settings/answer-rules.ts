import type { WorkingHours } from '../../shared/working-hours.js';
import type { Settings } from './settings.store.js';

/** When the centre answers, and how soon. */
export interface AnswerRules {
  readonly work: WorkingHours;
  /** Working hours until an answer is due. */
  readonly answerHours: number;
  /** Working hours from one step of escalation to the next. */
  readonly escalateHours: number;
}

const DAYS = { five: 5, six: 6, seven: 7 } as const;
const USUAL = { from: '09:00', to: '18:00', answerHours: 16, escalateHours: 8 } as const;

/**
 * The working week as it is set; a day that would end before it begins is as usual.
 * @param closed days on which the centre is closed, `YYYY-MM-DD`
 */
export function answerRules(settings: Settings, closed: readonly string[] = []): AnswerRules {
  const from = settings.workFrom || USUAL.from;
  const to = settings.workTo || USUAL.to;
  return {
    work: {
      weekdays: Array.from({ length: DAYS[settings.workDays] }, (_, index) => index + 1),
      ...(from < to ? { from, to } : { from: USUAL.from, to: USUAL.to }),
      zone: settings.zone,
      closed: new Set(closed),
    },
    answerHours: settings.answerHours ?? USUAL.answerHours,
    escalateHours: settings.escalateHours ?? USUAL.escalateHours,
  };
}
