import { Router, type Request } from 'express';
import { z } from 'zod';
import type { AuditActor } from '../../../infra/audit/index.js';
import type { Clock } from '../../../shared/clock.js';
import { answerForm, type FormAgain } from '../../../web/form.js';
import { calendarDate, optionalLine, parse, whole } from '../../../web/parse.js';
import { present, seeOther, type Page } from '../../../web/present.js';
import type { ClosedDaysService } from './closed-days.service.js';

const FIRST_YEAR = 2020;
const LAST_YEAR = 2100;
const year = whole(FIRST_YEAR, LAST_YEAR);
const shown = z.object({ year: year.optional().catch(undefined) });
const filling = z.object({ year });
const day = z.object({ date: calendarDate, title: optionalLine(100) });
const dayParams = z.object({ date: calendarDate });

const HOME = '/admin/closed-days';

/** `/admin/closed-days`: the days on which the centre is closed, a year at a time. */
export function closedDaysRouter(
  days: ClosedDaysService,
  byOf: (req: Request) => AuditActor,
  clock: Clock,
): Router {
  const router = Router();

  const daysPage = async (req: Request, again?: FormAgain): Promise<Page> => {
    const current = parse(shown, req.query).year ?? clock.now().getUTCFullYear();
    return {
      view: 'schedule/closed-days',
      title: req.page.t('schedule.closedDays.title'),
      data: {
        year: current,
        days: await days.listYear(current),
        values: again?.values ?? { date: '', title: '' },
        errors: again?.errors ?? {},
      },
    };
  };

  router.get('/', async (req, res) => {
    present(req, res, await daysPage(req));
  });

  router.post('/', async (req, res) => {
    await answerForm(
      req,
      res,
      async () => {
        const added = parse(day, req.body ?? {});
        await days.add(byOf(req), added);
        seeOther(res, `${HOME}?year=${added.date.slice(0, 4)}`, 'schedule.dayAdded');
      },
      (again) => daysPage(req, again),
    );
  });

  router.post('/fill', async (req, res) => {
    const { year: filled } = parse(filling, req.body ?? {});
    await days.fillYear(byOf(req), filled, (key) => req.page.t(`schedule.holiday.${key}`));
    seeOther(res, `${HOME}?year=${filled}`, 'schedule.yearFilled');
  });

  router.post('/:date/remove', async (req, res) => {
    const { date } = parse(dayParams, req.params);
    await days.remove(byOf(req), date);
    seeOther(res, `${HOME}?year=${date.slice(0, 4)}`, 'schedule.dayRemoved');
  });

  return router;
}
