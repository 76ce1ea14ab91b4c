import { Router, type Request } from 'express';
import { z } from 'zod';
import { badInput, DomainError } from '../../../shared/errors.js';
import { actorOf, requireRole } from '../../../web/actor.js';
import { answerForm, type FormAgain } from '../../../web/form.js';
import { parse, text, whole } from '../../../web/parse.js';
import { present, seeOther, type Page } from '../../../web/present.js';
import { questionKey, recordId } from '../assessments.schema.js';
import { excerptOf } from '../bank/excerpt.js';
import type { Rubrics } from './rubrics.service.js';
import { parseRubric, rubricText } from './rubric.js';

const rubricForm = z.object({ rubric: text(10_000), version: whole(0, 1e9) });

/** `/c/:courseKey/tests/:id/rubrics/:key`: the criteria by which a question is marked. */
export function rubricsRouter(rubrics: Rubrics): Router {
  const router = Router();
  const teacher = requireRole('teacher');

  async function rubricPage(req: Request, again?: FormAgain, line?: number): Promise<Page> {
    const key = questionKey(req.params.key);
    const { test, question, rubric } = await rubrics.find(actorOf(req), recordId(req.params.id), key);
    return {
      view: 'assessments/rubric',
      title: req.page.t('assessments.rubric.title'),
      data: {
        test: { id: test.id, title: test.title },
        key,
        question: excerptOf(question.text, question.format),
        criteria: rubric.criteria,
        errors: again?.errors ?? {},
        line: line ?? null,
      },
      locals: {
        values: { rubric: again?.values.rubric ?? rubricText(rubric), version: String(rubric.version) },
      },
    };
  }

  router.get('/:id/rubrics/:key', teacher, async (req, res) => {
    present(req, res, await rubricPage(req));
  });

  router.post('/:id/rubrics/:key', teacher, async (req, res) => {
    const testId = recordId(req.params.id);
    const key = questionKey(req.params.key);
    let line: number | undefined;
    const act = async (): Promise<void> => {
      const { rubric, version } = parse(rubricForm, req.body ?? {});
      const read = parseRubric(rubric);
      if ('fault' in read) {
        line = read.fault.line;
        throw badInput({ rubric: `assessments.rubric.fault.${read.fault.problem}` });
      }
      if (!(await rubrics.save(actorOf(req), testId, key, version, read.criteria))) {
        throw new DomainError('rubric-changed', 409, { fields: { rubric: 'errors.field.changed' } });
      }
      seeOther(res, `${req.baseUrl}/${testId}/rubrics/${key}`, 'assessments.rubricSaved');
    };
    await answerForm(req, res, act, (again) => rubricPage(req, again, line));
  });

  return router;
}
