import { Router, type Request } from 'express';
import { z } from 'zod';
import { actorOf, requireRole } from '../../../web/actor.js';
import { answerForm, type FormAgain } from '../../../web/form.js';
import { checkbox, parse, text, whole } from '../../../web/parse.js';
import { present, seeOther, type Page } from '../../../web/present.js';
import { mayEdit } from '../assessments.policy.js';
import { questionIndex, questionKey, recordId } from '../assessments.schema.js';
import { decimal } from '../types/numbers.js';
import type { MarkingOrder } from './marking-queue.service.js';
import type { MarkingService } from './marking.service.js';
import { MOST_CRITERIA } from './rubric.js';
import { queueView, responseView } from './marking.view.js';

export interface MarkingRoutesDeps {
  readonly marking: MarkingService;
}

const orderOf = z.object({ by: z.enum(['question', 'work']).catch('question') });
const markForm = z.object({
  /** Empty: what the levels of the rubric make. */
  points: z.union([z.literal('').transform(() => null), decimal(0, 1_000)]).default(null),
  comment: text(5_000),
  version: whole(0, 1e9),
});
/** The levels chosen, `level0`, `level1` and so on; none without a rubric. */
function levelsFrom(body: unknown): (number | null)[] {
  const fields = (body ?? {}) as Record<string, unknown>;
  const levels = Array.from({ length: MOST_CRITERIA }, (_, place) => {
    const sent = fields[`level${place}`];
    return typeof sent === 'string' && /^\d$/.test(sent) ? Number(sent) : null;
  });
  return levels.slice(0, levels.findLastIndex((level) => level !== null) + 1);
}

const secondForm = z.object({ second: checkbox });

/** `/c/:courseKey/tests/:id/marking`: marks by hand. */
export function markingRouter({ marking }: MarkingRoutesDeps): Router {
  const router = Router();
  const assistant = requireRole('assistant');
  const base = (req: Request): string => `${req.baseUrl}/${recordId(req.params.id)}`;

  router.get('/:id/marking', assistant, async (req, res) => {
    const queue = await marking.queue(actorOf(req), recordId(req.params.id));
    present(req, res, {
      view: 'assessments/marking',
      title: req.page.t('assessments.marking.title'),
      data: { ...queueView(queue), mayEdit: mayEdit(actorOf(req)) },
    });
  });

  /** The address of the next response that waits, or of the queue when none does. */
  async function next(req: Request, order: MarkingOrder, of: string): Promise<string> {
    const found = await marking.next(actorOf(req), recordId(req.params.id), order, of);
    return found === null
      ? `${base(req)}/marking`
      : `${base(req)}/marking/${found.attemptId}/${found.index + 1}?by=${order}`;
  }

  router.get('/:id/marking/question/:key', assistant, async (req, res) => {
    seeOther(res, await next(req, 'question', questionKey(req.params.key)));
  });

  router.get('/:id/marking/work/:attempt', assistant, async (req, res) => {
    seeOther(res, await next(req, 'work', recordId(req.params.attempt)));
  });

  router.get('/:id/marking/:attempt/:number', assistant, async (req, res) => {
    present(req, res, await responsePage(req));
  });

  router.post('/:id/marking/:attempt/:number', assistant, async (req, res) => {
    const testId = recordId(req.params.id);
    const attemptId = recordId(req.params.attempt);
    const index = questionIndex(req.params.number);
    const { by } = parse(orderOf, req.query);
    const act = async (): Promise<void> => {
      const { points, comment, version } = parse(markForm, req.body);
      const { attempt } = await marking.find(actorOf(req), testId, attemptId, index);
      const given = { points, levels: levelsFrom(req.body), comment, version };
      if (parse(secondForm, req.body).second) {
        await marking.giveSecond(actorOf(req), testId, attemptId, index, given);
        seeOther(res, `${base(req)}/marking/${attemptId}/${index + 1}?by=${by}`, 'assessments.secondGiven');
        return;
      }
      await marking.give(actorOf(req), testId, attemptId, index, given);
      const of = by === 'work' ? attemptId : (attempt.questions[index]?.key ?? '');
      seeOther(res, await next(req, by, of), 'assessments.marked');
    };
    await answerForm(req, res, act, (again) => responsePage(req, again));
  });

  async function responsePage(req: Request, again?: FormAgain): Promise<Page> {
    const { by } = parse(orderOf, req.query);
    const found = await marking.find(
      actorOf(req),
      recordId(req.params.id),
      recordId(req.params.attempt),
      questionIndex(req.params.number),
    );
    const shown = responseView(found, actorOf(req).personId);
    return {
      view: 'assessments/marking-response',
      title: req.page.t('assessments.marking.work', { number: found.work }),
      data: { ...shown, by },
      // What was typed is kept; the version is that of the mark that is shown now.
      locals: { values: again?.values ?? shown.values, errors: again?.errors ?? {} },
    };
  }

  return router;
}
