/** How long the look for what begins takes, as the schedule of each minute does it. */
import { addScheduleJobs } from '../../src/features/notifications/schedule/schedule.jobs.js';
import type { NotificationKind, Notifier } from '../../src/features/notifications/kinds/kind.js';
import { systemClock } from '../../src/shared/clock.js';
import type { Centre } from './notify-data.js';

const LOOKS = 50;

export interface LookTimes {
  /** Milliseconds. */
  readonly first: number;
  readonly median: number;
  readonly slowest: number;
  /** Reminders that the first look found due. */
  readonly due: number;
}

/** What is due is only counted: sending it is another thing. */
export async function lookTimes({ app }: Centre): Promise<LookTimes> {
  const { consultations, timetable, notifications } = app.features;
  let due = 0;
  const notifier: Notifier = {
    notify: (_kind, found) => Promise.resolve(void (due += found.length)),
  };
  let look: () => unknown = () => undefined;
  const kindOf = (name: string): NotificationKind => {
    const found = notifications.kinds().find((kind) => kind.name === name);
    if (found === undefined) throw new Error(`there is no kind named ${name}`);
    return found;
  };
  addScheduleJobs({
    jobs: {
      register: (job) => job,
      enqueueManyOnce: () => Promise.resolve(),
      schedule(options) {
        if (options.name === 'notify-beginning') look = () => options.run({} as never);
        return undefined as never;
      },
    },
    clock: systemClock,
    notifier,
    told: consultations.told,
    classes: timetable.told,
    recipients: { hoursOf: () => Promise.resolve(new Map<string, never>()) },
    reminders: { student: kindOf('booking-reminder'), teacher: kindOf('slot-reminder') },
    classReminders: { student: kindOf('class-reminder'), teacher: kindOf('lesson-reminder') },
    daily: kindOf('daily-list'),
    offsets: () => Promise.resolve([24 * 60, 60]),
    classOffsets: () => Promise.resolve([60]),
  });
  const times: number[] = [];
  for (let index = 0; index <= LOOKS; index += 1) {
    const begun = performance.now();
    await look();
    times.push(performance.now() - begun);
  }
  const [first = 0, ...rest] = times;
  rest.sort((a, b) => a - b);
  return { first, median: rest[LOOKS / 2] ?? 0, slowest: rest.at(-1) ?? 0, due };
}
