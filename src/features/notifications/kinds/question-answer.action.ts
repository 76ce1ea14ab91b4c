import { badInput, notFound } from '../../../shared/errors.js';
import { atLeast } from '../../../shared/roles.js';
import type { QuestionsFeature } from '../../questions/index.js';
import type { ActionHandler } from '../actions/actions.service.js';
import { actorFor, type Membership } from './actor-for.js';
import { QUESTION_ANSWER } from './told-questions.js';

export interface QuestionAnswerDeps {
  readonly membership: Membership;
  readonly questions: Pick<QuestionsFeature, 'questions'>;
}

/** The button by which a teacher answers in a messenger: the next message there is the answer, as if written on the page. */
export const questionAnswerAction = ({ membership, questions }: QuestionAnswerDeps): ActionHandler => ({
  name: QUESTION_ANSWER,
  asksText: true,
  async run({ subjectId, personId, courseId }, text) {
    const actor = await actorFor(membership, { personId, courseId });
    if (!atLeast(actor.role, 'assistant')) throw notFound();
    const answer = text.trim();
    if (answer === '') throw badInput({ text: 'errors.field.missing' });
    await questions.questions.write(actor, subjectId, answer, []);
  },
});
