import {
  questionAnswered,
  questionAsked,
  questionTaken,
  type Question,
  type QuestionsFeature,
} from '../../questions/index.js';
import { on, type NotificationKind, type Occurrence, type Scheduled } from './kind.js';
import { questionEscalationKind, type EscalationDeps } from './question-escalation.kind.js';
import { questionKind as kind, questionSubjects } from './told-questions.js';

export interface QuestionKindsDeps extends EscalationDeps {
  readonly questions: Pick<QuestionsFeature, 'findQuestion' | 'answerersOf' | 'leadersOf' | 'listDueWithin'>;
}

/** Teachers are reminded of a deadline so many working hours before it. */
const NEAR_HOURS = 4;

const dueOf = (subjectId: string): number => Number(subjectId.split('@')[1]);

const toStudent = (question: Question, subjectId: string): Occurrence[] => [
  { subjectId, personId: question.studentId, courseId: question.courseId },
];

/** Messages about questions in deferred form. */
export function questionKinds(deps: QuestionKindsDeps): { kinds: NotificationKind[]; scheduled: Scheduled } {
  const { questions } = deps;
  const { whileTrue, withAnswer, owed, toAnswerers } = questionSubjects(deps);

  const due = kind('question-due', 'teacher', {
    sources: [],
    describe: withAnswer(
      whileTrue(
        async (question, occurrence) =>
          question.dueAt?.getTime() === dueOf(occurrence.subjectId) && (await owed(question, occurrence)),
      ),
    ),
  });

  const kinds = [
    kind('question-asked', 'teacher', {
      sources: [
        on(questionAsked, async ({ documentId, at }) => {
          const question = await questions.findQuestion(documentId);
          return question === null ? [] : toAnswerers(question, `${documentId}@${at.getTime()}`);
        }),
      ],
      describe: withAnswer(whileTrue(owed)),
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
    questionEscalationKind(deps),
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
