import { Router, type Request } from 'express';
import { actorOf, requireRole } from '../../../web/actor.js';
import { answerForm, type FormAgain } from '../../../web/form.js';
import { parse } from '../../../web/parse.js';
import { present, seeOther, type Page } from '../../../web/present.js';
import { mayEdit, maySeeResults } from '../assessments.policy.js';
import { recordId, removal, seenEdition, settingsFields, settingsFrom } from '../assessments.schema.js';
import type { AttemptsService } from '../attempts/attempts.service.js';
import { pickerOf } from './picker.js';
import type { ResultsService } from '../results/results.service.js';
import type { TestsService } from './tests.service.js';
import { reviewFields } from '../review/review.schema.js';
import type { Test } from './tests.store.js';
import { courseListView, ownListView, startView, testView } from './tests.view.js';
import type { Clock } from '../../../shared/clock.js';

export interface TestsRoutesDeps {
  readonly tests: TestsService;
  readonly attempts: AttemptsService;
  readonly results: ResultsService;
  readonly clock: Clock;
}

/** `/c/:courseKey/tests`: the list, and what a teacher does with a test as a whole. */
export function testsRouter({ tests, attempts, results, clock }: TestsRoutesDeps): Router {
  const router = Router();

  router.get('/', async (req, res) => {
    const actor = actorOf(req);
    const title = req.page.t('assessments.title');
    if (!maySeeResults(actor)) {
      const data = ownListView(await attempts.ownTests(actor), clock.now());
      present(req, res, { view: 'assessments/list-own', title, data });
      return;
    }
    const [all, fresh] = await Promise.all([tests.list(actor), results.unseen(actor)]);
    const counts = new Map(fresh.map(({ test, count }) => [test.id, count]));
    const data = { ...courseListView(all, counts), mayEdit: mayEdit(actor) };
    present(req, res, { view: 'assessments/list-course', title, data });
  });

  router.get('/new', requireRole('teacher'), (req, res) => {
    present(req, res, settingsPage(req, null));
  });

  router.post('/', requireRole('teacher'), async (req, res) => {
    const act = async (): Promise<void> => {
      const test = await tests.create(actorOf(req), settingsFrom(req.body, req.page.zone));
      seeOther(res, `${req.baseUrl}/${test.id}${pickerOf(req).query}`, 'assessments.created');
    };
    await answerForm(req, res, act, (again) => settingsPage(req, null, again));
  });

  router.get('/:id', async (req, res) => {
    const actor = actorOf(req);
    const id = recordId(req.params.id);
    if (!maySeeResults(actor)) {
      const own = await attempts.ownTest(actor, id);
      const data = startView(own, clock.now(), actor);
      present(req, res, {
        view: 'assessments/start',
        title: own.test.title,
        data,
        locals: { errors: {}, values: {} },
      });
      return;
    }
    const test = await tests.find(actor, id);
    const picker = pickerOf(req);
    present(req, res, {
      view: 'assessments/test',
      title: test.title,
      data: {
        ...testView(test, await tests.placed(test), await tests.linksOf(test)),
        mayEdit: mayEdit(actor),
        query: picker.query,
        picker: picker.request,
        back: picker.backWith(id),
      },
    });
  });

  router.get('/:id/settings', requireRole('teacher'), async (req, res) => {
    const test = await tests.find(actorOf(req), recordId(req.params.id));
    present(req, res, settingsPage(req, test));
  });

  router.post('/:id/settings', requireRole('teacher'), async (req, res) => {
    const actor = actorOf(req);
    const id = recordId(req.params.id);
    const act = async (): Promise<void> => {
      const { edition } = parse(seenEdition, req.body);
      await tests.update(actor, id, edition, settingsFrom(req.body, req.page.zone));
      seeOther(res, `${req.baseUrl}/${id}${pickerOf(req).query}`, 'assessments.saved');
    };
    await answerForm(req, res, act, async (again) => settingsPage(req, await tests.find(actor, id), again));
  });

  router.post('/:id/publish', requireRole('teacher'), async (req, res) => {
    const id = recordId(req.params.id);
    await tests.publish(actorOf(req), id);
    seeOther(res, `${req.baseUrl}/${id}${pickerOf(req).query}`, 'assessments.published');
  });

  router.post('/:id/unpublish', requireRole('teacher'), async (req, res) => {
    const id = recordId(req.params.id);
    await tests.unpublish(actorOf(req), id);
    seeOther(res, `${req.baseUrl}/${id}${pickerOf(req).query}`, 'assessments.unpublished');
  });

  router.get('/:id/remove', requireRole('teacher'), async (req, res) => {
    const actor = actorOf(req);
    const test = await tests.find(actor, recordId(req.params.id));
    present(req, res, {
      view: 'assessments/remove',
      title: req.page.t('assessments.removal.title'),
      data: {
        test: { id: test.id, title: test.title },
        places: await tests.countPlaces(test),
        query: pickerOf(req).query,
      },
    });
  });

  router.post('/:id/remove', requireRole('teacher'), async (req, res) => {
    const actor = actorOf(req);
    const id = recordId(req.params.id);
    const { query, back } = pickerOf(req);
    const { sure } = parse(removal, req.body ?? {});
    const test = await tests.find(actor, id);
    if (!sure && test.state === 'draft' && (await tests.countPlaces(test)) > 0) {
      seeOther(res, `${req.baseUrl}/${id}/remove${query}`);
      return;
    }
    await tests.remove(actor, id);
    if (back === null) seeOther(res, req.baseUrl, 'assessments.removed');
    else seeOther(res, `/c/${actor.courseKey}/${back}`, 'assessments.removed');
  });

  return router;
}

/** The settings form: of a new test, or of this one. */
function settingsPage(req: Request, test: Test | null, again?: FormAgain): Page {
  const picker = pickerOf(req);
  const { t, zone } = req.page;
  const kept = again?.values.zone;
  return {
    view: 'assessments/settings',
    title: t(test ? 'assessments.settings.heading' : 'assessments.settings.new'),
    data: {
      test: test && { id: test.id, title: test.title, edition: test.edition },
      values: again
        ? { ...again.values, ...typedThresholds(again.values.thresholds) }
        : test
          ? settingsFields(test, zone)
          : NEW_TEST,
      errors: again?.errors ?? {},
      // Dates typed before stay in the zone in which they were typed.
      formZone: typeof kept === 'string' ? kept : zone,
      address: req.ip ?? '',
      picker: picker.request,
      query: picker.query,
      back: test === null ? picker.back : null,
    },
  };
}

/** The fields of the three thresholds, which are sent under one name. */
function typedThresholds(sent: string | readonly string[] | undefined): Record<string, string> {
  const [three = '', four = '', five = ''] = typeof sent === 'string' ? [sent] : (sent ?? []);
  return { threshold3: three, threshold4: four, threshold5: five };
}

const NEW_TEST: Record<string, string | string[]> = {
  scale: 'points',
  threshold3: '50',
  threshold4: '70',
  threshold5: '85',
  whenOverdue: 'submit',
  ...reviewFields({ review: 'answers', reviewClosed: null, reviewGrid: null }),
  shuffleAnswers: 'on',
  attemptsAllowed: '1',
  grading: 'highest',
};
