import { DAY, HOUR, MINUTE } from '../../../shared/clock.js';
import type { ToldTest, ToldTests } from '../../assessments/index.js';
import {
  WAYS,
  type Description,
  type NotificationKind,
  type Notifier,
  type Occurrence,
  type Scheduled,
} from './kind.js';

const SAMPLE = {
  title: 'Квадратные уравнения',
  opens: new Date('2026-12-01T06:00:00Z'),
  closes: new Date('2026-12-03T18:00:00Z'),
};

/** A test that opened longer ago than this is no news: so a start after a pause floods nobody. */
const NEWS_MS = 2 * HOUR;

/** `<test>@<moment>`: a test whose time was changed is told of again. */
const subjectOf = (test: ToldTest, moment: Date | null): string => `${test.id}@${moment?.getTime() ?? 0}`;

const described = (test: ToldTest): Description => ({
  values: { title: test.title, opens: test.opensAt, closes: test.closesAt },
  path: `tests/${test.id}`,
  ...(test.closesAt && { expiresAt: test.closesAt }),
});

/** Messages about tests. */
export function testKinds(told: ToldTests): { kinds: NotificationKind[]; scheduled: Scheduled } {
  const of =
    (field: 'opensAt' | 'closesAt') =>
    async ({ subjectId, personId }: Occurrence): Promise<Description | null> => {
      const [id = '', moment] = subjectId.split('@');
      const test = await told.findPublished(id);
      if (test === null || test[field]?.getTime() !== Number(moment)) return null;
      if (field === 'closesAt' && !(await told.unfinished(test)).includes(personId)) return null;
      return described(test);
    };
  const opened: NotificationKind = {
    name: 'test-opened',
    topic: 'tests',
    to: 'student',
    obligatory: false,
    by: WAYS,
    sample: SAMPLE,
    sources: [],
    describe: of('opensAt'),
  };
  const closing: NotificationKind = {
    ...opened,
    name: 'test-closing',
    parents: true,
    describe: of('closesAt'),
  };
  async function tellUnfinished(
    kind: NotificationKind,
    field: 'opensAt' | 'closesAt',
    { tests, now, notifier }: { tests: readonly ToldTest[]; now: Date; notifier: Notifier },
  ): Promise<void> {
    for (const test of tests) {
      const { courseId } = test;
      const subjectId = subjectOf(test, test[field]);
      const people = await told.unfinished(test);
      await notifier.notify(
        kind,
        people.map((personId) => ({ subjectId, personId, courseId })),
        now,
      );
    }
  }

  return {
    kinds: [opened, closing],
    scheduled: {
      schedule(jobs, notifier) {
        jobs.schedule({
          name: 'notify-tests',
          cron: '*/5 * * * *',
          async run({ payload: { slot } }) {
            const now = new Date(slot);
            const news = await told.between('opensAt', new Date(now.getTime() - NEWS_MS), now);
            await tellUnfinished(opened, 'opensAt', { tests: news, now, notifier });
            // What closes within the hour needs no message of a day before.
            const from = new Date(now.getTime() + 60 * MINUTE);
            const soon = await told.between('closesAt', from, new Date(now.getTime() + DAY));
            await tellUnfinished(closing, 'closesAt', { tests: soon, now, notifier });
          },
        });
      },
    },
  };
}
