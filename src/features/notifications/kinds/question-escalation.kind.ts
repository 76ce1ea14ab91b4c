import type { Holder } from '../../directory/index.js';
import { questionEscalated, type Question, type QuestionsFeature } from '../../questions/index.js';
import { CARD } from '../sending/card-recipients.js';
import { on, type NotificationKind } from './kind.js';
import { questionKind, questionOf, questionSubjects, type ToldQuestionsDeps } from './told-questions.js';

export interface EscalationDeps extends ToldQuestionsDeps {
  readonly questions: Pick<QuestionsFeature, 'findQuestion' | 'answerersOf' | 'leadersOf'>;
}

/** A question that was left unanswered goes to the heads of the associations, then to the deputies. */
export function questionEscalationKind(deps: EscalationDeps): NotificationKind {
  const { questions, findPerson } = deps;
  const { described } = questionSubjects(deps);

  /** Each as a person where an LMS knows an address of theirs. */
  async function leadersOf(question: Question): Promise<string[]> {
    const holders = await questions.leadersOf(question, question.escalation);
    return Promise.all(holders.map(recipientOf));
  }
  async function recipientOf({ cardId, personIds, email }: Holder): Promise<string> {
    const people = await Promise.all(personIds.map(async (id) => ({ id, found: await findPerson(id) })));
    const known = people.filter(({ found }) => found !== null);
    const mailed = known.find(({ found }) => found?.email !== '');
    return (mailed ?? (email === '' ? known[0] : undefined))?.id ?? `${CARD}${cardId}`;
  }

  return questionKind('question-escalated', 'leader', {
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
      const question = await questions.findQuestion(questionOf(subjectId));
      if (!question?.dueAt || !(await leadersOf(question)).includes(personId)) return null;
      return described(question, `/staff/questions/${question.id}`);
    },
  });
}
