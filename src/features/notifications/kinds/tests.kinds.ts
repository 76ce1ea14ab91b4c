import { DAY, HOUR, MINUTE } from '../../../shared/clock.js';
import {
  attemptMarked,
  attemptSubmitted,
  testMessageSent,
  type AssessmentsFeature,
  type ClosingAttempt,
  type ToldTest,
  type ToldTests,
} from '../../assessments/index.js';
import {
  on,
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

/** A student who has begun is told once a quarter of the time is left, an hour before at most. */
const ENDING_MS = HOUR;
/** Who has begun a short test sits before it. */
const SHORTEST_MS = 5 * MINUTE;

const endingAt = ({ startedAt, closeAt }: ClosingAttempt): number => {
  const lead = Math.min(ENDING_MS, (closeAt.getTime() - startedAt.getTime()) / 4);
  return lead < SHORTEST_MS ? Infinity : closeAt.getTime() - lead;
};

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
    by: ['page', 'mail', 'messenger', 'push'],
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
  const attemptClosed: NotificationKind = {
    ...opened,
    name: 'attempt-closed',
    sample: { title: SAMPLE.title },
    sources: [
      on(attemptSubmitted, async ({ documentId: subjectId }) => {
        const attempt = await told.findAttempt(subjectId);
        if (attempt?.finishedBy !== 'time') return [];
        return [{ subjectId, personId: attempt.personId, courseId: attempt.courseId }];
      }),
    ],
    async describe({ subjectId }) {
      const attempt = await told.findAttempt(subjectId);
      if (attempt?.finishedBy !== 'time') return null;
      return { values: { title: attempt.title }, path: `tests/${attempt.testId}` };
    },
  };

  const ending: NotificationKind = {
    ...opened,
    name: 'attempt-ending',
    sample: { title: SAMPLE.title, closes: SAMPLE.closes },
    // The subject is `<attempt>@<its end>`: one that was given more time is told of again.
    async describe({ subjectId, personId }) {
      const attempt = await told.findEnding(subjectId.split('@', 1)[0] ?? '');
      if (attempt?.personId !== personId) return null;
      const { title, testId, closesAt } = attempt;
      return { values: { title, closes: closesAt }, path: `tests/${testId}`, expiresAt: closesAt };
    },
  };

  const marked: NotificationKind = {
    ...opened,
    name: 'test-marked',
    sample: { title: SAMPLE.title, score: 8, maximum: 10 },
    sources: [
      on(attemptMarked, async ({ documentId: subjectId }) => {
        const attempt = await told.findAttempt(subjectId);
        if (attempt?.markedByHand !== true) return [];
        return [{ subjectId, personId: attempt.personId, courseId: attempt.courseId }];
      }),
    ],
    async describe({ subjectId }) {
      const attempt = await told.findAttempt(subjectId);
      if (attempt?.markedByHand !== true || !attempt.seesMarks) return null;
      const { title, score, maximum, testId } = attempt;
      return { values: { title, score, maximum }, path: `tests/${testId}` };
    },
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
    kinds: [opened, closing, ending, attemptClosed, marked],
    scheduled: {
      schedule(jobs, notifier) {
        jobs.schedule({
          name: 'notify-ending',
          cron: '*/2 * * * *',
          async run({ payload: { slot } }) {
            const now = new Date(slot);
            const soon = await told.ending(now, new Date(now.getTime() + ENDING_MS));
            const due = soon.filter((attempt) => endingAt(attempt) <= now.getTime());
            const found = due.map(({ id, closeAt, personId, courseId }) => ({
              ...{ subjectId: `${id}@${closeAt.getTime()}`, personId, courseId },
            }));
            await notifier.notify(ending, found, now);
          },
        });
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

/** What teachers write to students chosen among a test's results. */
export const testMessageKind = ({
  findMessage,
}: Pick<AssessmentsFeature, 'findMessage'>): NotificationKind => ({
  name: 'test-message',
  topic: 'tests',
  to: 'student',
  obligatory: false,
  by: WAYS,
  sample: {
    title: SAMPLE.title,
    teacher: { surname: 'Соколова', givenName: 'Анна', patronymic: 'Ильинична' },
    text: 'Тест открыт до пятницы. Если что-то мешает его пройти, напишите мне.',
  },
  sources: [
    on(testMessageSent, async ({ documentId: subjectId }) => {
      const message = await findMessage(subjectId);
      return (message?.personIds ?? []).map((personId) => ({
        subjectId,
        personId,
        courseId: message?.courseId ?? '',
      }));
    }),
  ],
  async describe({ subjectId, personId }) {
    const message = await findMessage(subjectId);
    if (!message?.personIds.includes(personId)) return null;
    const { title, teacher, text, path } = message;
    return { values: { title, teacher, text }, path };
  },
});
