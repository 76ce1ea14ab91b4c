import { DAY } from '../../../shared/clock.js';
import type { DirectoryFeature } from '../../directory/index.js';
import type { NotificationKind, Occurrence, Scheduled } from './kind.js';

export interface MaterialKindsDeps {
  readonly newMaterials: DirectoryFeature['newMaterials'];
  /** Students of the courses that one of these people teaches, with one of those courses. */
  readonly studentsOfTeachers: (
    personIds: readonly string[],
  ) => Promise<readonly Pick<Occurrence, 'personId' | 'courseId'>[]>;
}

/** Once a day: what teachers have published. Several materials of a teacher are one message. */
export function materialKinds({ newMaterials, studentsOfTeachers }: MaterialKindsDeps): {
  kinds: NotificationKind[];
  scheduled: Scheduled;
} {
  const kind: NotificationKind = {
    name: 'material-published',
    topic: 'materials',
    to: 'student',
    obligatory: false,
    by: ['page', 'mail', 'messenger'],
    sample: {
      teacher: { surname: 'Соколова', givenName: 'Анна', patronymic: 'Ильинична' },
      titles: 'Квадратные уравнения; Неравенства с модулем',
      count: 2,
    },
    sources: [],
    // The subject is `<card>@<end of the day in ms>`.
    async describe({ subjectId }) {
      const [cardId, end] = subjectId.split('@');
      const to = new Date(Number(end));
      const found = (await newMaterials(new Date(to.getTime() - DAY), to)).find(
        (published) => published.cardId === cardId,
      );
      if (found === undefined) return null;
      const { name: teacher, titles, slug } = found;
      const values = { teacher, titles: titles.join('; '), count: titles.length };
      return { values, path: `directory/teachers/${slug}` };
    },
  };
  return {
    kinds: [kind],
    scheduled: {
      schedule(jobs, notifier) {
        jobs.schedule({
          name: 'notify-materials',
          // In the afternoon of the zones from Moscow to Omsk.
          cron: '0 11 * * *',
          async run({ payload: { slot } }) {
            const to = new Date(slot);
            for (const { cardId, personIds } of await newMaterials(new Date(to.getTime() - DAY), to)) {
              const subjectId = `${cardId}@${to.getTime()}`;
              const students = await studentsOfTeachers(personIds);
              await notifier.notify(
                kind,
                students.map((student) => ({ ...student, subjectId })),
                to,
              );
            }
          },
        });
      },
    },
  };
}
