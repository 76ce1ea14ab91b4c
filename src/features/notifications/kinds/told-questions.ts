import type { PersonName } from '../../../shared/names.js';
import type { Question, QuestionsFeature } from '../../questions/index.js';
import { WAYS, type Description, type NotificationKind, type Occurrence } from './kind.js';

export interface ToldQuestionsDeps {
  readonly questions: Pick<QuestionsFeature, 'findQuestion' | 'answerersOf'>;
  readonly findPerson: (id: string) => Promise<{ readonly name: PersonName; readonly email: string } | null>;
}

/** Name of the action by which a question is answered in a messenger. */
export const QUESTION_ANSWER = 'question-answer';

const SAMPLE = {
  title: 'Как решать неравенства с модулем?',
  student: { surname: 'Ёлкин', givenName: 'Семён', patronymic: 'Аркадьевич' },
  teacher: { surname: 'Соколова', givenName: 'Анна', patronymic: 'Ильинична' },
  until: new Date('2026-12-02T09:00:00Z'),
};

/** `<question>@<what of it>`: a question that is asked on is told of again. */
export const questionOf = (subjectId: string): string => subjectId.split('@', 1)[0] ?? '';

/** A kind of message about questions; by all ways unless it says otherwise. */
export const questionKind = (
  name: string,
  to: NotificationKind['to'],
  rest: Pick<NotificationKind, 'sources' | 'describe'> & Partial<NotificationKind>,
): NotificationKind => ({
  ...{ name, to, topic: 'questions', obligatory: false, by: WAYS, sample: SAMPLE },
  ...rest,
});

/** Finds and describes the questions that messages are about. */
export interface QuestionSubjects {
  /** A button by which the answer is written in the messenger's chat. */
  readonly withAnswer: (describe: NotificationKind['describe']) => NotificationKind['describe'];
  /** @param path of the page that the message leads to, if it is not the question's own */
  readonly described: (question: Question, path?: string) => Promise<Description>;
  /** Says something of a question while it is true. */
  readonly whileTrue: (
    holds: (question: Question, occurrence: Occurrence) => boolean | Promise<boolean>,
  ) => NotificationKind['describe'];
  /** Whether this person is one of those who owe an answer. */
  readonly owed: (question: Question, occurrence: Occurrence) => Promise<boolean>;
  readonly toAnswerers: (question: Question, subjectId: string) => Promise<Occurrence[]>;
}

export function questionSubjects({ questions, findPerson }: ToldQuestionsDeps): QuestionSubjects {
  const nameOf = async (id: string): Promise<PersonName | null> =>
    id === '' ? null : ((await findPerson(id))?.name ?? null);

  async function described(question: Question, path = `questions/${question.id}`): Promise<Description> {
    const [student, teacher] = await Promise.all([nameOf(question.studentId), nameOf(question.takenBy)]);
    return {
      values: { title: question.subject, student, teacher, until: question.dueAt },
      people: { student: question.studentId, teacher: question.takenBy },
      path,
    };
  }

  return {
    withAnswer: (describe) => async (occurrence, zone) => {
      const description = await describe(occurrence, zone);
      const answer = {
        name: QUESTION_ANSWER,
        subjectId: questionOf(occurrence.subjectId),
        inChat: true,
      } as const;
      return description && { ...description, actions: [answer] };
    },
    described,
    whileTrue: (holds) => async (occurrence) => {
      const question = await questions.findQuestion(questionOf(occurrence.subjectId));
      return question !== null && (await holds(question, occurrence)) ? described(question) : null;
    },
    owed: async (question, { personId }) =>
      question.dueAt !== null && (await questions.answerersOf(question)).includes(personId),
    toAnswerers: async (question, subjectId) =>
      (await questions.answerersOf(question)).map((personId) => ({
        ...{ subjectId, personId, courseId: question.courseId },
      })),
  };
}
