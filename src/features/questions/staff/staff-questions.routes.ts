import { Router, type Request } from 'express';
import type { Clock } from '../../../shared/clock.js';
import { fullName } from '../../../shared/names.js';
import { answerForm, type FormAgain } from '../../../web/form.js';
import { parse } from '../../../web/parse.js';
import { present, seeOther, type Page } from '../../../web/present.js';
import { richLine } from '../../../web/rich-text.js';
import { isOverdue } from '../question.js';
import { LIMITS, newMessage, questionId } from '../questions.schema.js';
import { threadView } from '../questions.view.js';
import type { StaffQuestions } from './staff-questions.service.js';

/** `/staff/questions` @param cardIdOf the card of the person who has signed in */
export function staffQuestionsRouter(
  questions: StaffQuestions,
  cardIdOf: (req: Request) => string,
  clock: Clock,
): Router {
  const router = Router();

  router.get('/', async (req, res) => {
    const found = await questions.listOverdue(cardIdOf(req));
    present(req, res, {
      view: 'questions/staff-list',
      title: req.page.t('questions.staffTitle'),
      data: {
        questions: found.map(({ question, course }) => ({
          id: question.id,
          subjectHtml: richLine(question.subject),
          course,
          dueAt: question.dueAt,
          escalation: question.escalation,
        })),
      },
    });
  });

  async function questionPage(req: Request, id: string, again?: FormAgain): Promise<Page> {
    const { question, course } = await questions.find(cardIdOf(req), id);
    const people = await questions.people(question);
    const student = people.get(question.studentId);
    return {
      view: 'questions/staff-question',
      title: question.subject,
      data: {
        question: {
          id,
          subjectHtml: richLine(question.subject),
          course,
          state: question.state,
          dueAt: question.dueAt,
          escalation: question.escalation,
          overdue: isOverdue(question, clock.now()),
          student: student ? fullName(student.name) : '',
          thread: threadView(question, people, []),
        },
        values: { text: '', ...again?.values },
        errors: again?.errors ?? {},
        limits: LIMITS,
      },
    };
  }

  router.get('/:questionId', async (req, res) => {
    present(req, res, await questionPage(req, parse(questionId, req.params).questionId));
  });

  router.post('/:questionId/messages', async (req, res) => {
    const { questionId: id } = parse(questionId, req.params);
    await answerForm(
      req,
      res,
      async () => {
        await questions.answer(cardIdOf(req), id, parse(newMessage, req.body ?? {}).text);
        seeOther(res, `${req.baseUrl}/${id}`, 'questions.sent');
      },
      (again) => questionPage(req, id, again),
    );
  });

  return router;
}
