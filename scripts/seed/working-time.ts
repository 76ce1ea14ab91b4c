import type { App } from '../../src/app.js';
import { answerRules, type AnswerRules } from '../../src/infra/settings/index.js';
import { DAY, HOUR, MINUTE } from '../../src/shared/clock.js';
import { afterWorkingHours, workingTime } from '../../src/shared/working-hours.js';
import { instantAt, localAt } from '../../src/shared/zoned.js';

/** When the demo centre answers, with the days on which it is closed. */
export async function rulesOf({ centre, features }: App, now: Date): Promise<AnswerRules> {
  const [from = '', to = ''] = [-90, 90].map((days) =>
    new Date(now.getTime() + days * DAY).toISOString().slice(0, 10),
  );
  const closed = await features.schedule.closedDays.list(from, to);
  return answerRules(
    await centre.now(),
    closed.map(({ date }) => date),
  );
}

/** Longer than any holidays. */
const MOST_DAYS = 60;
/** When students of the demo ask. */
const ASKED_AT = '10:20';
const STEP_MS = 30 * MINUTE;

/**
 * Returns a working morning at least so many days ago, after which so many working hours have passed by now: whatever
 * day and hour it is, a weekend or holidays included.
 */
export function morningBefore(now: Date, daysAgo: number, hours: number, { work }: AnswerRules): Date {
  for (let days = daysAgo; days < daysAgo + MOST_DAYS; days += 1) {
    const date = localAt(new Date(now.getTime() - days * DAY), work.zone).slice(0, 10);
    const morning = instantAt(`${date}T${ASKED_AT}`, work.zone);
    if (morning === null) continue;
    const works = workingTime(morning, new Date(morning.getTime() + HOUR), work) === HOUR;
    if (works && afterWorkingHours(morning, hours, work) < now) return morning;
  }
  return new Date(now.getTime() - daysAgo * DAY);
}

/** Returns a moment after which so many working hours, and less than one more, have passed by now. */
export function workingHoursBefore(now: Date, hours: number, { work }: AnswerRules): Date {
  const passed = (since: number): boolean => workingTime(new Date(since), now, work) >= hours * HOUR;
  let moment = now.getTime();
  while (!passed(moment) && now.getTime() - moment < MOST_DAYS * DAY) moment -= DAY;
  while (passed(moment + STEP_MS)) moment += STEP_MS;
  return new Date(moment);
}
