import type { Request } from 'express';
import type { Clock } from '../../../shared/clock.js';
import { fullName } from '../../../shared/names.js';
import { actorOf } from '../../../web/actor.js';
import type { FormAgain } from '../../../web/form.js';
import { parse } from '../../../web/parse.js';
import type { Page } from '../../../web/present.js';
import { gradeView as deliveryView } from '../../gradebook/index.js';
import { mayEdit, mayReopen, maySeeResults, reviewRights } from '../assessments.policy.js';
import { pageNumber } from '../assessments.schema.js';
import type { ResultsService } from '../results/results.service.js';
import { gradeView } from '../results/results.view.js';
import { seesMarks } from '../review/review.js';
import { answeringView } from './answering.view.js';
import type { AttemptWithQuestions } from './attempt-questions.js';
import { isOpen } from './attempt.js';
import { reviewView } from './review.view.js';
import { paceOf, timelineView } from './timeline.view.js';

/** @param again what was sent from the page and refused */
export type AttemptPage = (req: Request, paper: AttemptWithQuestions, again?: FormAgain) => Promise<Page>;

/** The page of one attempt: one's own open attempt is to be answered, any other is to be looked at. */
export function createAttemptPage(results: ResultsService, clock: Clock): AttemptPage {
  return async (req, paper, again) => {
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
          !own && {
            timeline: timelineView(paper),
            pace: paceOf(paper.attempt),
            mayReopen: mayReopen(actor, attempt),
          }),
      },
    };
  };
}

function answeringPage(paper: AttemptWithQuestions, clock: Clock, again?: FormAgain, wanted?: number): Page {
  return {
    view: 'assessments/attempt',
    title: paper.test.title,
    data: { ...answeringView(paper, clock.now(), again, wanted), preview: null },
  };
}
