import { Router, type Request } from 'express';
import { actorOf, requireRole } from '../../../web/actor.js';
import { answerForm, sentFields, type FormAgain } from '../../../web/form.js';
import { parse } from '../../../web/parse.js';
import { present, seeOther, type Page } from '../../../web/present.js';
import { newTimes, seriesId } from '../consultations.schema.js';
import type { SeriesService } from './series.service.js';
import { patternValues } from './series.form.js';
import type { SeriesTimes, TimesChange } from './times.service.js';

/** Other days and hours of a series that runs: first what they would do, then the change. */
export function seriesTimesRouter(times: SeriesTimes, service: Pick<SeriesService, 'findManaged'>): Router {
  const router = Router();
  const teaches = requireRole('teacher');

  const timesPage = async (
    req: Request,
    id: string,
    { again, change = null }: { again?: FormAgain; change?: TimesChange | null } = {},
  ): Promise<Page> => {
    const series = await service.findManaged(actorOf(req), id);
    return {
      view: 'consultations/times',
      title: req.page.t('consultations.times.title'),
      data: {
        seriesId: id,
        seriesTitle: series.title,
        change,
        values: again?.values ?? patternValues(series.pattern),
        errors: again?.errors ?? {},
      },
    };
  };

  router.get('/:seriesId/times', teaches, async (req, res) => {
    present(req, res, await timesPage(req, parse(seriesId, req.params).seriesId));
  });

  router.post('/:seriesId/times/preview', teaches, async (req, res) => {
    const { seriesId: id } = parse(seriesId, req.params);
    await answerForm(
      req,
      res,
      async () => {
        const { change } = await times.preview(actorOf(req), id, parse(newTimes, req.body ?? {}));
        const again = { values: sentFields(req.body), errors: {} };
        present(req, res, await timesPage(req, id, { again, change }));
      },
      (again) => timesPage(req, id, { again }),
    );
  });

  router.post('/:seriesId/times', teaches, async (req, res) => {
    const { seriesId: id } = parse(seriesId, req.params);
    await answerForm(
      req,
      res,
      async () => {
        await times.apply(actorOf(req), id, parse(newTimes, req.body ?? {}));
        seeOther(res, `${req.baseUrl}/${id}`, 'consultations.timesChanged');
      },
      (again) => timesPage(req, id, { again }),
    );
  });

  return router;
}
