import { Router, type Request, type Response } from 'express';
import type { Clock } from '../../../shared/clock.js';
import { DomainError } from '../../../shared/errors.js';
import { actorOf } from '../../../web/actor.js';
import { answerForm } from '../../../web/form.js';
import { parse } from '../../../web/parse.js';
import { seeOther, wantsJson } from '../../../web/present.js';
import {
  answersFrom,
  autosave,
  logForm,
  pageNumber,
  questionIndex,
  recordId,
  turnForm,
} from '../assessments.schema.js';
import { secondsLeft } from './answering.view.js';
import type { AttemptPage } from './attempt.page.js';
import type { AttemptsService } from './attempts.service.js';

export interface AnsweringRoutesDeps {
  readonly attempts: AttemptsService;
  readonly clock: Clock;
  readonly attemptPage: AttemptPage;
}

/** `/c/:courseKey/tests/:id/attempts/:attempt`: what a student sends from an open attempt. */
export function answeringRouter({ attempts, clock, attemptPage }: AnsweringRoutesDeps): Router {
  const router = Router();

  router.put('/:id/attempts/:attempt/answers/:number', async (req, res) => {
    const { response, revision, save, certainty } = parse(autosave, req.body);
    const saved = await attempts.saveOne(
      actorOf(req),
      recordId(req.params.id),
      recordId(req.params.attempt),
      {
        ...{ index: questionIndex(req.params.number), sent: response, base: revision, saveId: save },
        ...(certainty !== undefined && { certainty }),
      },
    );
    res.json({ revision: saved.revision, left: secondsLeft(saved, clock.now()) });
  });

  router.post('/:id/attempts/:attempt/answers', async (req, res) => {
    const testId = recordId(req.params.id);
    const id = recordId(req.params.attempt);
    await answerPaper(req, res, async () => {
      await attempts.saveForm(actorOf(req), testId, id, answersFrom(req.body));
      seeOther(res, pathOf(req, testId, id), 'assessments.answersSaved');
    });
  });

  router.post('/:id/attempts/:attempt/turn', async (req, res) => {
    const testId = recordId(req.params.id);
    const id = recordId(req.params.attempt);
    const { to } = parse(turnForm, req.query);
    await answerPaper(req, res, async () => {
      await attempts.turn(actorOf(req), testId, id, to, answersFrom(req.body));
      seeOther(res, `${pathOf(req, testId, id)}?page=${to}`);
    });
  });

  router.post('/:id/attempts/:attempt/log', async (req, res) => {
    const { kind, question } = parse(logForm, req.body);
    await attempts.note(actorOf(req), recordId(req.params.id), recordId(req.params.attempt), [
      { kind, what: String(question) },
    ]);
    res.status(204).end();
  });

  router.post('/:id/attempts/:attempt/hints/:number', async (req, res) => {
    const testId = recordId(req.params.id);
    const id = recordId(req.params.attempt);
    const index = questionIndex(req.params.number);
    await answerPaper(req, res, async () => {
      await attempts.takeHint(actorOf(req), testId, id, index, answersFrom(req.body));
      seeOther(res, `${pathOf(req, testId, id)}${pageQuery(req)}#q${index + 1}`);
    });
  });

  router.post('/:id/attempts/:attempt/checks/:number', async (req, res) => {
    const testId = recordId(req.params.id);
    const id = recordId(req.params.attempt);
    const index = questionIndex(req.params.number);
    await answerPaper(req, res, async () => {
      await attempts.check(actorOf(req), testId, id, index, answersFrom(req.body));
      seeOther(res, `${pathOf(req, testId, id)}${pageQuery(req)}#q${index + 1}`);
    });
  });

  router.post('/:id/attempts/:attempt/finish', async (req, res) => {
    const testId = recordId(req.params.id);
    const id = recordId(req.params.attempt);
    await answerPaper(req, res, async () => {
      await attempts.finish(actorOf(req), testId, id, answersFrom(req.body));
      seeOther(res, pathOf(req, testId, id), 'assessments.finished');
    });
  });

  /** A person whose time is over, or who has finished in another window, is shown what came of it. */
  async function answerPaper(req: Request, res: Response, act: () => Promise<void>): Promise<void> {
    const testId = recordId(req.params.id);
    const id = recordId(req.params.attempt);
    try {
      await answerForm(req, res, act, async (again) => {
        const paper = await attempts.open(actorOf(req), testId, id);
        return attemptPage(req, paper, again);
      });
    } catch (error) {
      const done = error instanceof DomainError ? DONE[error.code] : undefined;
      if (done === undefined || wantsJson(req)) throw error;
      seeOther(res, pathOf(req, testId, id), done);
    }
  }

  return router;
}

const pathOf = (req: Request, testId: string, id: string): string =>
  `${req.baseUrl}/${testId}/attempts/${id}`;

/** The page that a form was on: it is shown again. */
const pageQuery = (req: Request): string => {
  const { page } = parse(pageNumber, req.query);
  return page === undefined ? '' : `?page=${page}`;
};

/** Codes of problems that end on the result's page → what it says. */
const DONE: Readonly<Record<string, string>> = {
  'attempt-over': 'assessments.late',
  'attempt-finished': 'assessments.already',
  'attempt-overdue': 'assessments.overdue',
  'attempt-abandoned': 'assessments.abandoned',
};
