import { Router, type Request, type Response } from 'express';
import type { Clock } from '../../../shared/clock.js';
import { DomainError } from '../../../shared/errors.js';
import { fullName } from '../../../shared/names.js';
import { actorOf, requireRole } from '../../../web/actor.js';
import { answerForm, type FormAgain } from '../../../web/form.js';
import { parse } from '../../../web/parse.js';
import { present, seeOther, wantsJson, type Page } from '../../../web/present.js';
import { gradeView as deliveryView } from '../../gradebook/index.js';
import { mayEdit, mayReopen, maySeeResults, reviewRights } from '../assessments.policy.js';
import {
  answersFrom,
  attemptRemoval,
  autosave,
  logForm,
  pageNumber,
  startForm,
  turnForm,
  questionIndex,
  recordId,
} from '../assessments.schema.js';
import { seesMarks } from '../review/review.js';
import { isOpen } from './attempt.js';
import type { AttemptsService } from './attempts.service.js';
import { startView } from '../tests/tests.view.js';
import { timelineView } from './timeline.view.js';
import { answeringView, secondsLeft } from './answering.view.js';
import { reviewView } from './review.view.js';
import type { AttemptWithQuestions } from './attempt-questions.js';
import type { ResultsService } from '../results/results.service.js';
import { gradeView } from '../results/results.view.js';

export interface AttemptsRoutesDeps {
  readonly attempts: AttemptsService;
  readonly results: ResultsService;
  readonly clock: Clock;
}

/** `/c/:courseKey/tests/:id/attempts`: taking a test, and looking at what came of it. */
export function attemptsRouter({ attempts, results, clock }: AttemptsRoutesDeps): Router {
  const router = Router();
  const pathOf = (req: Request, testId: string, id: string): string =>
    `${req.baseUrl}/${testId}/attempts/${id}`;

  router.post('/:id/attempts', async (req, res) => {
    const testId = recordId(req.params.id);
    const actor = actorOf(req);
    const act = async (): Promise<void> => {
      const attempt = await attempts.start(actor, testId, parse(startForm, req.body ?? {}));
      seeOther(res, pathOf(req, testId, attempt.id));
    };
    await answerForm(req, res, act, async (again) => {
      const own = await attempts.ownTest(actor, testId);
      return {
        view: 'assessments/start',
        title: own.test.title,
        data: startView(own, clock.now()),
        locals: { errors: again.errors, values: again.values },
      };
    });
  });

  router.get('/:id/attempts/:attempt', async (req, res) => {
    const paper = await attempts.open(actorOf(req), recordId(req.params.id), recordId(req.params.attempt));
    if (paper.attempt.personId === actorOf(req).personId) {
      await attempts.noteOrigin(paper, `${req.ip ?? ''} ${req.get('user-agent') ?? ''}`.slice(0, 300));
    }
    present(req, res, await attemptPage(req, paper));
  });

  /** One's own open attempt is to be answered; any other is to be looked at. */
  async function attemptPage(req: Request, paper: AttemptWithQuestions, again?: FormAgain): Promise<Page> {
    const actor = actorOf(req);
    const { test, attempt } = paper;
    const own = attempt.personId === actor.personId;
    if (own && isOpen(attempt)) return answeringPage(paper, clock, again, parse(pageNumber, req.query).page);
    const { name, attempts: all, deliveries } = await results.ofAttempt(attempt);
    const rights = reviewRights(actor, test, attempt, clock.now());
    const seesGrade = maySeeResults(actor) || seesMarks(test, all, clock.now());
    return {
      view: 'assessments/review',
      title: test.title,
      data: {
        ...reviewView(paper, rights),
        own,
        mayRemove: mayEdit(actor) && attempt.removed === undefined,
        errors: again?.errors ?? {},
        student: own ? null : { personId: attempt.personId, name: fullName(name) },
        grade: seesGrade ? gradeView(test, all) : null,
        deliveries: seesGrade ? deliveries.map(deliveryView) : [],
        preview: false,
        ...(maySeeResults(actor) &&
          !own && { timeline: timelineView(paper), mayReopen: mayReopen(actor, attempt) }),
      },
    };
  }

  router.put('/:id/attempts/:attempt/answers/:number', async (req, res) => {
    const { response, revision, save } = parse(autosave, req.body);
    const saved = await attempts.saveOne(
      actorOf(req),
      recordId(req.params.id),
      recordId(req.params.attempt),
      { index: questionIndex(req.params.number), sent: response, base: revision, saveId: save },
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

  router.post('/:id/attempts/:attempt/reopen', requireRole('teacher'), async (req, res) => {
    const testId = recordId(req.params.id);
    const id = recordId(req.params.attempt);
    await attempts.reopen(actorOf(req), testId, id);
    seeOther(res, pathOf(req, testId, id), 'assessments.reopened');
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

  router.post('/:id/attempts/:attempt/remove', requireRole('teacher'), async (req, res) => {
    const testId = recordId(req.params.id);
    const id = recordId(req.params.attempt);
    await answerForm(
      req,
      res,
      async () => {
        const { why } = parse(attemptRemoval, req.body);
        const { personId } = await attempts.remove(actorOf(req), testId, id, why);
        seeOther(res, `${req.baseUrl}/${testId}/people/${personId}`, 'assessments.attemptRemoved');
      },
      async (again) => attemptPage(req, await attempts.open(actorOf(req), testId, id), again),
    );
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

function answeringPage(paper: AttemptWithQuestions, clock: Clock, again?: FormAgain, wanted?: number): Page {
  return {
    view: 'assessments/attempt',
    title: paper.test.title,
    data: { ...answeringView(paper, clock.now(), again, wanted), preview: null },
  };
}
