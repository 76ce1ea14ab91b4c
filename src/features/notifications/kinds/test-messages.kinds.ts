import { testMessageSent, type AssessmentsFeature } from '../../assessments/index.js';
import { on, WAYS, type NotificationKind } from './kind.js';

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
    title: 'Квадратные уравнения',
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
