import { translator, type Locale, type Translate } from '../../i18n/index.js';
import type { Events } from '../../infra/events/index.js';
import { isMailAddress, type MailContent, type MailQueue, type MailTopic } from '../../infra/mail/index.js';
import { fullName, type PersonName } from '../../shared/names.js';
import { formatDate } from '../../web/format.js';
import type { Organisation } from '../directory/index.js';
import type { Course, Person } from '../membership/index.js';
import {
  questionAnswered,
  questionAsked,
  questionEscalated,
  type Question,
  type QuestionsFeature,
} from '../questions/index.js';

export interface QuestionsMailDeps {
  readonly events: Pick<Events, 'subscribe'>;
  readonly mailQueue: MailQueue;
  readonly questions: Pick<QuestionsFeature, 'findQuestion' | 'answerersOf' | 'associationsOf'>;
  readonly organisation: Pick<Organisation, 'headsOf' | 'holdersOf'>;
  readonly findPerson: (id: string) => Promise<Person | null>;
  readonly findCourse: (id: string) => Promise<Course | null>;
  readonly centre: () => Promise<{ readonly locale: Locale; readonly zone: string }>;
  readonly publicUrl: string;
}

interface Recipient {
  readonly personId: string;
  readonly name: PersonName;
  readonly email: string;
}

/** What a message is about: `<question>.<what of it>.<recipient>`. */
const idOf = (...parts: readonly string[]): string => parts.join('.');

/** Tells those who answer of questions, students of answers, heads and deputies of overdue questions. */
export function addQuestionsMail(deps: QuestionsMailDeps): void {
  const { events, mailQueue, questions, organisation } = deps;

  const personRecipient = async (id: string): Promise<Recipient | null> => {
    const person = await deps.findPerson(id);
    return person && { personId: person.id, name: person.name, email: person.email };
  };

  const topic = (
    name: string,
    recipientOf: (question: Question, id: string) => Promise<Recipient | null>,
    write: (t: Translate, values: Readonly<Record<string, string>>) => Omit<MailContent, 'action'>,
  ): MailTopic => ({
    name,
    async draft(id) {
      const [questionId = '', , to = ''] = id.split('.');
      const question = await questions.findQuestion(questionId);
      const recipient = question && (await recipientOf(question, to));
      if (!question || !recipient || !isMailAddress(recipient.email)) return null;
      const [{ locale, zone }, course] = await Promise.all([
        deps.centre(),
        deps.findCourse(question.courseId),
      ]);
      const t = translator(locale);
      const due = question.dueAt;
      const values = {
        subject: question.subject,
        course: course?.title ?? '',
        when: due ? formatDate(due, locale, zone, 'full') : '',
        zone,
      };
      return {
        at: question.lastAt,
        recipient: {
          personId: recipient.personId,
          name: fullName(recipient.name),
          salutation: [recipient.name.givenName, recipient.name.patronymic]
            .filter((part) => part !== '')
            .join(' '),
          address: recipient.email,
          locale,
        },
        content: {
          ...write(t, values),
          action: {
            label: t('questions.mail.open'),
            // A head or a deputy may have no account in the LMS.
            url:
              name === 'question-escalated'
                ? `${deps.publicUrl}/staff/questions/${question.id}`
                : `${deps.publicUrl}/c/${course?.key ?? ''}/questions/${question.id}`,
          },
        },
      };
    },
  });

  const worded =
    (what: 'asked' | 'answered' | 'escalated') =>
    (t: Translate, values: Readonly<Record<string, string>>) => ({
      subject: t(`questions.mail.${what}Subject`, values),
      paragraphs: [t(`questions.mail.${what}`, values)],
    });

  const waits = (question: Question): boolean => question.dueAt !== null;
  const asked = topic(
    'question-asked',
    (question, id) => (waits(question) ? personRecipient(id) : Promise.resolve(null)),
    worded('asked'),
  );
  const answered = topic('question-answered', (_question, id) => personRecipient(id), worded('answered'));
  const leaders = async (question: Question): Promise<readonly (Recipient & { cardId: string })[]> => {
    const holders =
      question.escalation === 1
        ? await organisation.headsOf(await questions.associationsOf(question))
        : await organisation.holdersOf(['deputyStudy', 'deputyMethod']);
    return holders.map(({ cardId, name, email, personIds }) => ({
      cardId,
      name,
      email,
      personId: personIds[0] ?? '',
    }));
  };
  const escalated = topic(
    'question-escalated',
    async (question, cardId) =>
      waits(question) ? ((await leaders(question)).find((leader) => leader.cardId === cardId) ?? null) : null,
    worded('escalated'),
  );
  for (const each of [asked, answered, escalated]) mailQueue.defineTopic(each);

  events.subscribe(questionAsked, {
    name: 'mail-question-asked',
    async run({ documentId, id }) {
      const question = await questions.findQuestion(documentId);
      if (question === null) return;
      for (const personId of await questions.answerersOf(question))
        await mailQueue.send(asked, idOf(documentId, id, personId));
    },
  });
  events.subscribe(questionAnswered, {
    name: 'mail-question-answered',
    async run({ documentId, id }) {
      const question = await questions.findQuestion(documentId);
      if (question) await mailQueue.send(answered, idOf(documentId, id, question.studentId));
    },
  });
  events.subscribe(questionEscalated, {
    name: 'mail-question-escalated',
    async run({ documentId, id }) {
      const question = await questions.findQuestion(documentId);
      if (question === null) return;
      for (const { cardId } of await leaders(question))
        await mailQueue.send(escalated, idOf(documentId, id, cardId));
    },
  });
}
