import { Router } from 'express';
import { listView as describeList } from '../../../infra/lists/index.js';
import { parse } from '../../../web/parse.js';
import { present, seeOther } from '../../../web/present.js';
import { byOf } from '../admin.guard.js';
import { againForm, gradeId, scoresList } from './scores.list.js';
import type { GradeSyncService } from './scores.service.js';
import { againView, gradeView, listView } from './scores.view.js';

type Asked = ReturnType<typeof scoresList.parse>;

const filterOf = ({ filters }: Asked) => ({ ...filters, q: filters.q ?? '' });

/** `/admin/grades`: how grades get to the gradebooks of all platforms. */
export function gradesRouter(service: GradeSyncService): Router {
  const router = Router();

  router.get('/', async (req, res) => {
    const wanted = scoresList.parse(req.query, req.page);
    const found = await service.list(filterOf(wanted), wanted.after);
    const data = listView(filterOf(wanted), found);
    present(req, res, {
      view: 'admin/grades',
      title: req.page.t('admin.grades.title'),
      data,
      locals: {
        listing: describeList(scoresList, wanted, req.page, {
          action: '/admin/grades',
          found: { next: data.next },
          choices: { platform: found.platforms },
        }),
      },
    });
  });

  router.get('/again', async (req, res) => {
    const wish = filterOf(scoresList.parse(req.query, req.page));
    present(req, res, {
      view: 'admin/grades-again',
      title: req.page.t('admin.grades.againTitle'),
      data: againView(wish, null, await service.count(wish)),
    });
  });

  router.post('/again', async (req, res) => {
    const { before, done } = parse(againForm, req.body ?? {});
    const wish = filterOf(scoresList.parse(req.body ?? {}, req.page));
    const progress = await service.againStep(byOf(req), wish, before ?? null, done);
    if (progress.left === 0) {
      seeOther(res, '/admin/grades', 'admin.gradesAgain');
      return;
    }
    present(req, res, {
      view: 'admin/grades-again',
      title: req.page.t('admin.grades.againTitle'),
      data: againView(wish, progress, progress.left),
    });
  });

  router.get('/:id', async (req, res) => {
    present(req, res, {
      view: 'admin/grade',
      title: req.page.t('admin.grades.heading'),
      data: gradeView(await service.find(parse(gradeId, req.params).id)),
    });
  });

  router.post('/:id/again', async (req, res) => {
    const { id } = parse(gradeId, req.params);
    await service.again(byOf(req), id);
    seeOther(res, `/admin/grades/${id}`, 'admin.gradesAgain');
  });

  return router;
}
