import type { PersonName } from '../../../shared/names.js';
import type { Holder, Organisation } from '../../directory/index.js';
import {
  questionAnswered,
  questionAsked,
  questionEscalated,
  questionTaken,
  type Question,
  type QuestionsFeature,
} from '../../questions/index.js';
import { CARD } from '../sending/card-recipients.js';
import {
  on,
  WAYS,
  type Description,
  type NotificationKind,
  type Occurrence,
  type Scheduled,
} from './kind.js';

export interface QuestionKindsDeps {
  readonly questions: Pick<
    QuestionsFeature,
    'findQuestion' | 'answerersOf' | 'associationsOf' | 'listDueWithin'
  >;
  readonly organisation: Pick<Organisation, 'headsOf' | 'holdersOf'>;
  readonly findPerson: (id: string) => Promise<{ readonly name: PersonName; readonly email: string } | null>;
}

const SAMPLE = {
  title: 'Как решать неравенства с модулем?',
  student: { surname: 'Ёлкин', givenName: 'Семён', patronymic: 'Аркадьевич' },
  teacher: { surname: 'Соколова', givenName: 'Анна', patronymic: 'Ильинична' },
  until: new Date('2026-12-02T09:00:00Z'),
};

/** Teachers are reminded of a deadline so many working hours before it. */
const NEAR_HOURS = 4;

/** `<question>@<what of it>`: a question that is asked on is told of again. */
const idOf = (subjectId: string): string => subjectId.split('@', 1)[0] ?? '';
const momentOf = (subjectId: string): number => Number(subjectId.split('@')[1]);

/** Messages about questions in deferred form. */
export function questionKinds(deps: QuestionKindsDeps): { kinds: NotificationKind[]; scheduled: Scheduled } {
  const { questions, organisation, findPerson } = deps;

  const nameOf = async (id: string): Promise<PersonName | null> =>
    id === '' ? null : ((await findPerson(id))?.name ?? null);

  async function described(question: Question, path = `questions/${question.id}`): Promise<Description> {
    const [student, teacher] = await Promise.all([nameOf(question.studentId), nameOf(question.takenBy)]);
    return { values: { title: question.subject, student, teacher, until: question.dueAt }, path };
  }

  /** Says something of a question while it is true. */
  const whileTrue =
    (holds: (question: Question, occurrence: Occurrence) => boolean | Promise<boolean>) =>
    async (occurrence: Occurrence): Promise<Description | null> => {
      const question = await questions.findQuestion(idOf(occurrence.subjectId));
      return question !== null && (await holds(question, occurrence)) ? described(question) : null;
    };
  const owed = async (question: Question, { personId }: Occurrence): Promise<boolean> =>
    question.dueAt !== null && (await questions.answerersOf(question)).includes(personId);

  const toAnswerers = async (question: Question, subjectId: string): Promise<Occurrence[]> =>
    (await questions.answerersOf(question)).map((personId) => ({
      ...{ subjectId, personId, courseId: question.courseId },
    }));
  const toStudent = (question: Question, subjectId: string): Occurrence[] => [
    { subjectId, personId: question.studentId, courseId: question.courseId },
  ];

  const kind = (
    name: string,
    to: NotificationKind['to'],
    rest: Pick<NotificationKind, 'sources' | 'describe'> & Partial<NotificationKind>,
  ): NotificationKind => ({
    ...{ name, to, topic: 'questions', obligatory: false, by: WAYS, sample: SAMPLE },
    ...rest,
  });

  const due = kind('question-due', 'teacher', {
    sources: [],
    describe: whileTrue(
      async (question, occurrence) =>
        question.dueAt?.getTime() === momentOf(occurrence.subjectId) && (await owed(question, occurrence)),
    ),
  });

  /** Heads of the associations, then deputies; each as a person where an LMS knows an address of theirs. */
  async function leadersOf(question: Question): Promise<string[]> {
    const holders =
      question.escalation === 1
        ? await organisation.headsOf(await questions.associationsOf(question))
        : await organisation.holdersOf(['deputyStudy', 'deputyMethod']);
    return Promise.all(holders.map(recipientOf));
  }
  async function recipientOf({ cardId, personIds, email }: Holder): Promise<string> {
    const people = await Promise.all(personIds.map(async (id) => ({ id, found: await findPerson(id) })));
    const known = people.filter(({ found }) => found !== null);
    const mailed = known.find(({ found }) => found?.email !== '');
    return (mailed ?? (email === '' ? known[0] : undefined))?.id ?? `${CARD}${cardId}`;
  }

  const kinds = [
    kind('question-asked', 'teacher', {
      sources: [
        on(questionAsked, async ({ documentId, at }) => {
          const question = await questions.findQuestion(documentId);
          return question === null ? [] : toAnswerers(question, `${documentId}@${at.getTime()}`);
        }),
      ],
      describe: whileTrue(owed),
    }),
    kind('question-taken', 'student', {
      by: ['page', 'messenger', 'push'],
      sources: [
        on(questionTaken, async ({ documentId, at }) => {
          const question = await questions.findQuestion(documentId);
          return question === null ? [] : toStudent(question, `${documentId}@${at.getTime()}`);
        }),
      ],
      describe: whileTrue(
        ({ state, studentId }, { personId }) => state === 'taken' && studentId === personId,
      ),
    }),
    kind('question-answered', 'student', {
      sources: [
        on(questionAnswered, async ({ documentId, data: { messageId } }) => {
          const question = await questions.findQuestion(documentId);
          return question === null ? [] : toStudent(question, `${documentId}@${messageId}`);
        }),
      ],
      describe: whileTrue(({ studentId }, { personId }) => studentId === personId),
    }),
    due,
    kind('question-escalated', 'leader', {
      obligatory: true,
      // A head or a deputy may be in no course.
      by: ['mail', 'messenger', 'push'],
      sources: [
        on(questionEscalated, async ({ documentId, data: { level } }) => {
          const question = await questions.findQuestion(documentId);
          if (question === null) return [];
          const subjectId = `${documentId}@${level}@${question.dueAt?.getTime() ?? 0}`;
          return (await leadersOf(question)).map((personId) => ({
            ...{ subjectId, personId, courseId: question.courseId },
          }));
        }),
      ],
      async describe({ subjectId, personId }) {
        const question = await questions.findQuestion(idOf(subjectId));
        if (!question?.dueAt || !(await leadersOf(question)).includes(personId)) return null;
        return described(question, `/staff/questions/${question.id}`);
      },
    }),
  ];

  return {
    kinds,
    scheduled: {
      schedule(jobs, notifier) {
        jobs.schedule({
          name: 'notify-questions',
          cron: '*/10 * * * *',
          async run({ payload: { slot } }) {
            for (const question of await questions.listDueWithin(NEAR_HOURS)) {
              const subjectId = `${question.id}@${question.dueAt?.getTime() ?? 0}`;
              await notifier.notify(due, await toAnswerers(question, subjectId), new Date(slot));
            }
          },
        });
      },
    },
  };
}
