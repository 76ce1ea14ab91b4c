import { Router, type Request } from 'express';
import { z } from 'zod';
import { badInput } from '../../../shared/errors.js';
import { fullName } from '../../../shared/names.js';
import { actorOf, requireRole } from '../../../web/actor.js';
import { answerForm, type FormAgain } from '../../../web/form.js';
import { optionalLine, parse } from '../../../web/parse.js';
import { present, seeOther, type Page } from '../../../web/present.js';
import { givenTestForm, recordId } from '../assessments.schema.js';
import type { TestsService } from '../tests/tests.service.js';
import { numberFrom, numberText } from '../types/numbers.js';
import type { GivenService, NewGiven } from './given.service.js';

const why = z.object({ why: optionalLine(500) });

/** `/c/:courseKey/tests/new-given` and `/:id/given`: marks by other means, in a column of their own. */
export function givenRouter(given: GivenService, tests: Pick<TestsService, 'createGiven'>): Router {
  const router = Router();
  const teacher = requireRole('teacher');

  router.get('/new-given', teacher, (req, res) => {
    present(req, res, newPage(req));
  });

  router.post('/given', teacher, async (req, res) => {
    const act = async (): Promise<void> => {
      const { title, maximum } = parse(givenTestForm, req.body);
      const test = await tests.createGiven(actorOf(req), title, maximum);
      seeOther(res, `${req.baseUrl}/${test.id}/given`, 'assessments.givenCreated');
    };
    await answerForm(req, res, act, (again) => newPage(req, again));
  });

  router.get('/:id/given', teacher, async (req, res) => {
    present(req, res, await listPage(req));
  });

  router.post('/:id/given', teacher, async (req, res) => {
    const id = recordId(req.params.id);
    const act = async (): Promise<void> => {
      const { rows } = await given.list(actorOf(req), id, { seen: false });
      const marks = marksFrom(
        req.body,
        rows.map(({ personId, points, why: before }) => ({ personId, points, why: before })),
      );
      await given.give(actorOf(req), id, marks);
      seeOther(res, `${req.baseUrl}/${id}/given`, 'assessments.marked');
    };
    await answerForm(req, res, act, (again) => listPage(req, again));
  });

  const newPage = (req: Request, again?: FormAgain): Page => ({
    view: 'assessments/given-new',
    title: req.page.t('assessments.given.new'),
    data: { errors: again?.errors ?? {} },
    locals: { values: again?.values ?? { maximum: '5' } },
  });

  async function listPage(req: Request, again?: FormAgain): Promise<Page> {
    const { test, maximum, rows } = await given.list(actorOf(req), recordId(req.params.id));
    return {
      view: 'assessments/given',
      title: test.title,
      data: {
        test: { id: test.id, title: test.title, state: test.state },
        maximum,
        rows: rows.map(({ personId, name, points, why: reason, givenAt, version }) => ({
          personId,
          name: fullName(name) || req.page.t('common.nameless'),
          points: again?.values[`points-${personId}`] ?? (points === null ? '' : numberText(points)),
          why: again?.values[`why-${personId}`] ?? reason,
          givenAt,
          version,
          error: again?.errors[`points-${personId}`] ?? '',
        })),
      },
    };
  }

  return router;
}

interface Before {
  readonly personId: string;
  readonly points: number | null;
  readonly why: string;
}

/** Marks that the form changes: `points-<person>`, `why-<person>`, `version-<person>`. Empty points change nothing. */
function marksFrom(body: unknown, before: readonly Before[]): NewGiven[] {
  const fields = (body ?? {}) as Record<string, unknown>;
  const faults: Record<string, string> = {};
  const known = new Set(before.map(({ personId }) => `points-${personId}`));
  for (const name of Object.keys(fields)) {
    if (name.startsWith('points-') && !known.has(name)) faults[name] = 'errors.field.wrong';
  }
  const marks = before.flatMap(({ personId, points: had, why: reason }): NewGiven[] => {
    const sent = fields[`points-${personId}`];
    if (typeof sent !== 'string' || sent.trim() === '') return [];
    const points = numberFrom(sent);
    const given = why.safeParse({ why: fields[`why-${personId}`] });
    if (points === null || !given.success) {
      faults[`points-${personId}`] = 'errors.field.notNumber';
      return [];
    }
    if (points === had && given.data.why === reason) return [];
    const version = Number(fields[`version-${personId}`] ?? 0);
    return [{ personId, points, why: given.data.why, version: Number.isInteger(version) ? version : 0 }];
  });
  if (Object.keys(faults).length > 0) throw badInput(faults);
  return marks;
}
