import type { ContentRef } from '../../../shared/content.js';
import type { PersonName } from '../../../shared/names.js';
import { scoreSettled, type GradebookFeature } from '../../gradebook/index.js';
import { dateIn } from '../../../shared/days.js';
import { on, type NotificationKind } from './kind.js';

export interface GradeKindsDeps {
  readonly findScore: GradebookFeature['findScore'];
  readonly findFailedScore: GradebookFeature['findFailedScore'];
  readonly teachersOf: (courseId: string) => Promise<readonly string[]>;
  readonly findPerson: (id: string) => Promise<{ readonly name: PersonName } | null>;
}

/** Messages about grades on their way to the LMS. */
export function gradeKinds(deps: GradeKindsDeps): NotificationKind[] {
  const { findScore, findFailedScore, teachersOf, findPerson } = deps;
  return [
    {
      name: 'grade-delivered',
      topic: 'grades',
      to: 'student',
      obligatory: false,
      by: ['page'],
      sample: { title: 'Квадратные уравнения', score: 8, maximum: 10 },
      sources: [
        on(scoreSettled, async ({ documentId, data: { state, courseId }, at }) => {
          const score = state === 'sent' ? await findScore(documentId) : null;
          if (score?.state !== 'sent') return [];
          // A grade that changes is told of once a day.
          return [{ subjectId: `${documentId}@${dateIn('UTC', at)}`, personId: score.personId, courseId }];
        }),
      ],
      async describe({ subjectId, personId }) {
        const score = await findScore(subjectId.split('@', 1)[0] ?? '');
        if (score?.state !== 'sent' || score.personId !== personId) return null;
        const { title, scoreGiven, scoreMaximum } = score;
        return { values: { title, score: scoreGiven, maximum: scoreMaximum }, path: 'grades' };
      },
    },
    {
      name: 'grade-failed',
      topic: 'grades',
      to: 'teacher',
      obligatory: false,
      by: ['page', 'mail', 'messenger', 'push'],
      sample: {
        title: 'Квадратные уравнения',
        student: { surname: 'Ёлкин', givenName: 'Семён', patronymic: 'Аркадьевич' },
        reason: '403 Forbidden',
      },
      sources: [
        on(scoreSettled, async ({ documentId, data: { state, courseId }, at }) => {
          const score = state === 'failed' ? await findScore(documentId) : null;
          if (score?.state !== 'failed') return [];
          // Thirty grades of a test that fail in a day are one message.
          const subjectId = `${score.content.kind}:${score.content.id}@${dateIn('UTC', at)}`;
          const teachers = await teachersOf(courseId);
          return teachers.map((personId) => ({ subjectId, personId, courseId }));
        }),
      ],
      async describe({ subjectId, courseId }) {
        const [content = ''] = subjectId.split('@');
        const [name, id = ''] = content.split(':');
        // Only contents that were graded are told of, so the name is one of them.
        const kind = name as ContentRef['kind'];
        const score = await findFailedScore(courseId, { kind, id });
        if (score === null) return null;
        const student = await findPerson(score.personId);
        return {
          values: {
            title: score.title,
            student: student?.name ?? null,
            reason: score.reason || score.problem,
          },
          path: 'grades',
        };
      },
    },
  ];
}
