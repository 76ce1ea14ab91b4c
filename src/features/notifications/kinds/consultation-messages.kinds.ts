import {
  consultationMessageSent,
  type ConsultationsFeature,
  type ToldMessage,
} from '../../consultations/index.js';
import { on, WAYS, type NotificationKind } from './kind.js';

export type MessagesTold = Pick<ConsultationsFeature, 'findMessage'>;

const SAMPLE = {
  title: 'Алгебра: вопросы по домашней работе',
  teacher: { surname: 'Соколова', givenName: 'Анна', patronymic: 'Ильинична' },
  text: 'Возьмите тетрадь и задачу, на которой остановились.',
};

/** Invitations to book, and what a teacher writes to those who have booked. */
export function consultationMessageKinds({ findMessage }: MessagesTold): NotificationKind[] {
  const kind = (name: string, of: ToldMessage['kind']): NotificationKind => ({
    name,
    topic: 'consultations',
    to: 'student',
    obligatory: false,
    by: WAYS,
    sample: SAMPLE,
    sources: [
      on(consultationMessageSent, async ({ documentId }) => {
        const message = await findMessage(documentId);
        if (message?.kind !== of) return [];
        const { courseId } = message;
        return message.personIds.map((personId) => ({ subjectId: documentId, personId, courseId }));
      }),
    ],
    async describe({ subjectId, personId }) {
      const message = await findMessage(subjectId);
      if (!message?.personIds.includes(personId)) return null;
      const { title, teacher, text, path } = message;
      return { values: { title, teacher, text }, path };
    },
  });
  return [kind('consultation-invitation', 'invitation'), kind('consultation-message', 'message')];
}
