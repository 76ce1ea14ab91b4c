import { DAY } from '../../../shared/clock.js';
import type { MembershipFeature } from '../../membership/index.js';
import { dateIn } from '../../../shared/days.js';
import type { NotificationKind, Scheduled } from './kind.js';

export interface PeopleKindsDeps {
  readonly changes: MembershipFeature['changes'];
  readonly teachersOf: (courseId: string) => Promise<readonly string[]>;
}

/** Once a day: who has joined a course or left it. */
export function peopleKinds({ changes, teachersOf }: PeopleKindsDeps): {
  kinds: NotificationKind[];
  scheduled: Scheduled;
} {
  const kind: NotificationKind = {
    name: 'people-changed',
    topic: 'course',
    to: 'teacher',
    obligatory: false,
    by: ['page'],
    sample: { joined: 2, left: 1 },
    sources: [],
    // The subject is `<end of the day in ms>`.
    async describe({ subjectId, courseId }) {
      const to = new Date(Number(subjectId.split('@')[1]));
      const found = (await changes(new Date(to.getTime() - DAY), to)).find(
        (change) => change.courseId === courseId,
      );
      if (found === undefined) return null;
      return { values: { joined: found.joined, left: found.left }, path: 'people' };
    },
  };
  return {
    kinds: [kind],
    scheduled: {
      schedule(jobs, notifier) {
        jobs.schedule({
          name: 'notify-people',
          cron: '0 3 * * *',
          async run({ payload: { slot } }) {
            const to = new Date(slot);
            for (const { courseId } of await changes(new Date(to.getTime() - DAY), to)) {
              const subjectId = `${courseId}:${dateIn('UTC', to)}@${to.getTime()}`;
              const teachers = await teachersOf(courseId);
              await notifier.notify(
                kind,
                teachers.map((personId) => ({ subjectId, personId, courseId })),
                to,
              );
            }
          },
        });
      },
    },
  };
}
