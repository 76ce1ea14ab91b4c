import { mailingSent, type DirectoryFeature } from '../../directory/index.js';
import { on, WAYS, type NotificationKind } from './kind.js';

export type MailingsTold = DirectoryFeature['mailings'];

const TEACHER = { surname: 'Соколова', givenName: 'Анна', patronymic: 'Ильинична' };
const NOTE = 'Жду вас на консультациях по вторникам.';

/**
 * What a teacher sends to a course or a group. Contacts and materials are a letter to keep: they go by e-mail whatever
 * messenger is linked. A teacher's words alone go by the channels that each student has chosen.
 */
export function mailingKinds(told: MailingsTold): NotificationKind[] {
  const kind = (
    name: string,
    letter: boolean,
    rest: Pick<NotificationKind, 'by' | 'sample'> & Partial<NotificationKind>,
  ): NotificationKind => ({
    ...{ name, topic: 'materials', to: 'student', obligatory: false },
    ...rest,
    sources: [
      on(mailingSent, async ({ documentId: subjectId }) => {
        const mailing = await told.find(subjectId);
        if (mailing?.letter !== letter) return [];
        const { courseId } = mailing;
        return (await told.listRecipients(mailing)).map((personId) => ({ subjectId, personId, courseId }));
      }),
    ],
    async describe({ subjectId, personId }) {
      const mailing = await told.find(subjectId);
      if (mailing === null || !(await told.isRecipient(mailing, personId))) return null;
      const { teacher, teacherId, note, contacts, materials, path } = mailing;
      return { values: { teacher, note, contacts, materials }, people: { teacher: teacherId }, path };
    },
  });
  return [
    kind('teacher-letter', true, {
      by: ['page', 'mail'],
      byItself: true,
      sample: {
        teacher: TEACHER,
        note: NOTE,
        contacts: 'Как со мной связаться:\nТелефон: +7 900 123-45-67 (индивидуальные консультации, пн 9–12)',
        materials: 'Материалы:\n\nЗадачник — https://example.org/materials/zadachnik',
      },
    }),
    kind('teacher-message', false, { by: WAYS, sample: { teacher: TEACHER, note: NOTE } }),
  ];
}
