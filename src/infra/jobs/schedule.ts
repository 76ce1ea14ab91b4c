import { Cron } from 'croner';
import { DAY } from '../../shared/clock.js';
import type { Job } from './job.js';

/** A slot that was missed while no process ran is made up for within this time. */
const CATCH_UP_MS = DAY;

export interface Schedule {
  readonly job: Job<SlotPayload>;
  /** Returns the latest slot at or before `now` that has not been enqueued by this process. */
  due(now: Date): Date | null;
  enqueued(slot: Date): void;
}

/** What a scheduled job is given: the moment it was meant for, as an ISO 8601 text. */
export interface SlotPayload {
  readonly slot: string;
}

/**
 * Reads a cron expression. Each slot is run once by all processes together, for its moment is the job's key.
 * @param timeZone IANA name
 */
export function createSchedule(job: Job<SlotPayload>, expression: string, timeZone: string): Schedule {
  const cron = new Cron(expression, { timezone: timeZone, paused: true });
  let last = 0;
  let [checkedAt, nextAt] = [0, 0];
  return {
    job,
    due(now) {
      // The clock was put back: slots come again.
      if (last > now.getTime()) last = 0;
      if (now.getTime() >= checkedAt && now.getTime() < nextAt) return null;
      checkedAt = now.getTime();
      nextAt = cron.nextRun(now)?.getTime() ?? Infinity;
      // A cron's slots lie before the reference, so that a slot of this very moment is looked for from a bit later.
      const [slot] = cron.previousRuns(1, new Date(now.getTime() + 1));
      if (slot === undefined || slot.getTime() <= last) return null;
      return now.getTime() - slot.getTime() > CATCH_UP_MS ? null : slot;
    },
    enqueued(slot) {
      last = slot.getTime();
    },
  };
}
