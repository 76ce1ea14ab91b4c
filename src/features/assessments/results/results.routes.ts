import { Router } from 'express';
import type { Exports } from '../../../infra/export/index.js';
import { address as addressWith, listView, pageOf } from '../../../infra/lists/index.js';
import type { Actor } from '../../../shared/actor.js';
import { forbidden } from '../../../shared/errors.js';
import { actorOf, requireRole } from '../../../web/actor.js';
import { present, seeOther } from '../../../web/present.js';
import { gradeView as deliveryView } from '../../gradebook/index.js';
import { groupChoices } from '../../membership/index.js';
import { mayEdit, maySeeResults } from '../assessments.policy.js';
import { recordId } from '../assessments.schema.js';
import { resultsColumns, shownColumns } from './results.columns.js';
import { chosenStudents, resultsList } from './results.list.js';
import type { ResultsService } from './results.service.js';
import { personView, resultsView } from './results.view.js';

/** `/c/:courseKey/tests/:id/results` and `/people`: everybody's attempts, for those who teach. */
export function resultsRouter(results: ResultsService, exports: Pick<Exports, 'defineTable'>): Router {
  const router = Router();

  async function chosen(
    actor: Actor,
    id: string,
    query: unknown,
    { zone, seen }: { readonly zone: string; readonly seen: boolean },
  ) {
    const wanted = resultsList.parse(query, { zone });
    const found = await results.ofTest(actor, id, { seen });
    const address = `/c/${actor.courseKey}/tests/${found.test.id}`;
    return { ...found, wanted, address, ...chosenStudents(found.students, wanted) };
  }

  const file = exports.defineTable({
    name: 'test-results',
    async open({ actor }, { test: id = '', ...query }, { t, zone }) {
      if (actor === null || !maySeeResults(actor)) throw forbidden();
      const { test, address, chosen: students } = await chosen(actor, id, query, { zone, seen: false });
      return {
        title: `${t('assessments.results.title')}: ${test.title}`,
        columns: resultsColumns(address, test),
        rows: () => students,
      };
    },
  });

  router.get('/:id/results', requireRole('assistant'), async (req, res) => {
    const {
      test,
      groups,
      waiting,
      wanted,
      address,
      ofGroup,
      chosen: students,
    } = await chosen(actorOf(req), recordId(req.params.id), req.query, { zone: req.page.zone, seen: true });
    const { rows, ...found } = pageOf(students, wanted.page, resultsList.size);
    const columns = resultsColumns(address, test);
    present(req, res, {
      view: 'assessments/results',
      title: req.page.t('assessments.results.title'),
      data: resultsView(test, waiting, students, ofGroup),
      locals: {
        mayEdit: mayEdit(actorOf(req)),
        counted: ofGroup.length,
        query: new URLSearchParams(wanted.state).toString(),
        listing: listView(resultsList, wanted, req.page, {
          action: `${address}/results`,
          found,
          choices: { group: groupChoices(groups, req.page.t) },
          without: groups.length === 0 ? ['group'] : [],
          table: { columns: shownColumns(columns, groups.length > 0, test.scale !== 'points'), rows },
          exports: { action: `${address}/results/export`, columns },
        }),
      },
    });
  });

  router.get('/:id/results/export', requireRole('assistant'), async (req, res) => {
    const test = recordId(req.params.id);
    const { state } = resultsList.parse(req.query, req.page);
    await file.answer(req, res, { ...state, test }, addressWith(`${req.baseUrl}/${test}/results`, state));
  });

  router.post('/:id/release', requireRole('teacher'), async (req, res) => {
    const id = recordId(req.params.id);
    await results.release(actorOf(req), id);
    seeOther(res, `${req.baseUrl}/${id}/results`, 'assessments.released');
  });

  router.get('/:id/people/:person', requireRole('assistant'), async (req, res) => {
    const { test, student, deliveries } = await results.ofPerson(
      actorOf(req),
      recordId(req.params.id),
      recordId(req.params.person),
    );
    present(req, res, {
      view: 'assessments/person',
      title: test.title,
      data: { ...personView(test, student), deliveries: deliveries.map(deliveryView) },
    });
  });

  return router;
}
