import { Router, type Request } from 'express';
import type { Exports } from '../../../infra/export/index.js';
import type { Clock } from '../../../shared/clock.js';
import { forbidden } from '../../../shared/errors.js';
import { atLeast } from '../../../shared/roles.js';
import { actorOf, requireRole } from '../../../web/actor.js';
import { answerForm, type FormAgain } from '../../../web/form.js';
import { parse } from '../../../web/parse.js';
import { present, seeOther, type Page } from '../../../web/present.js';
import { bookedRows, bookingColumns } from '../bookings/bookings.columns.js';
import { maySeeBookings } from '../consultations.policy.js';
import { editedSeries, moreSlots, seriesId } from '../consultations.schema.js';
import type { Place } from '../../schedule/index.js';
import type { SlotExtras } from '../held/slot-extras.js';
import { newSeriesRouter } from './new-series.routes.js';
import { sentValues, seriesChoices, type SeriesFormChoices } from './series.form.js';
import { createSeriesPage } from './series-page.js';
import { seriesFields } from './series.fields.js';
import type { Series } from './series.store.js';
import type { SeriesService } from './series.service.js';
import type { Timetable } from '../slots/slot-list.service.js';
import type { TypesService } from '../types/types.service.js';

const NOTHING_WRONG = {};

export interface SeriesRouterDeps {
  readonly service: SeriesService;
  readonly timetable: Timetable;
  readonly types: Pick<TypesService, 'list' | 'find'>;
  readonly extras: Pick<SlotExtras, 'at' | 'statesOf' | 'attendanceOf'>;
  readonly clock: Clock;
  readonly exports: Pick<Exports, 'defineTable'>;
  readonly places: () => Promise<Place[]>;
  /** Ways of video calls that the centre has set up. */
  readonly videoWays: () => Promise<readonly string[]>;
}

/** Series: making, showing, changing and ending them. */
export function seriesRouter(deps: SeriesRouterDeps): Router {
  const { service, timetable, types, extras, clock } = deps;
  const router = Router();

  /** What selects offer whose values the form does not know. */
  const formChoices: SeriesFormChoices = async (req, kept) => {
    const [places, ways] = await Promise.all([deps.places(), deps.videoWays()]);
    return seriesChoices(req.page.t, places, ways, kept);
  };
  const seriesPage = createSeriesPage(deps);
  router.use(newSeriesRouter({ service, types, clock, formChoices }));

  const teaches = requireRole('teacher');

  router.get('/:seriesId', async (req, res) => {
    present(req, res, await seriesPage(req, parse(seriesId, req.params).seriesId));
  });

  const bookingsFile = deps.exports.defineTable({
    name: 'series-bookings',
    async open({ actor }, parameters, { t }) {
      if (actor === null || !atLeast(actor.role, 'assistant')) throw forbidden();
      const series = await service.find(actor, parameters.series ?? '');
      if (!maySeeBookings(actor, series)) throw forbidden();
      return {
        title: `${t('consultations.bookings.title')}: ${series.title}`,
        columns: bookingColumns,
        rows: () => bookedRows(timetable.bookedSlots(actor, series), extras.attendanceOf),
      };
    },
  });

  router.get('/:seriesId/bookings/export', requireRole('assistant'), async (req, res) => {
    const { seriesId: series } = parse(seriesId, req.params);
    await bookingsFile.answer(req, res, { series }, `${req.baseUrl}/${series}`);
  });

  const editPage = async (req: Request, series: Series, again: FormAgain): Promise<Page> => ({
    view: 'consultations/edit',
    title: req.page.t('consultations.edit.title'),
    data: { seriesId: series.id, individual: series.form === 'individual', ...again },
    locals: { choices: await formChoices(req, series) },
  });

  router.get('/:seriesId/edit', teaches, async (req, res) => {
    const series = await service.findManaged(actorOf(req), parse(seriesId, req.params).seriesId);
    present(
      req,
      res,
      await editPage(req, series, { values: seriesFields.texts(series), errors: NOTHING_WRONG }),
    );
  });

  router.post('/:seriesId/edit', teaches, async (req, res) => {
    const actor = actorOf(req);
    const series = await service.findManaged(actor, parse(seriesId, req.params).seriesId);
    await answerForm(
      req,
      res,
      async () => {
        const { staying } = await service.edit(actor, series.id, parse(editedSeries, req.body));
        const done = staying === 0 ? 'consultations.edited' : 'consultations.editedRoomTaken';
        seeOther(res, `${req.baseUrl}/${series.id}`, done);
      },
      (again) => editPage(req, series, { ...again, values: sentValues(req.body) }),
    );
  });

  router.post('/:seriesId/slots', teaches, async (req, res) => {
    const { seriesId: id } = parse(seriesId, req.params);
    await answerForm(
      req,
      res,
      async () => {
        await service.addSlots(actorOf(req), id, parse(moreSlots, req.body));
        seeOther(res, `${req.baseUrl}/${id}`, 'consultations.added');
      },
      (again) => seriesPage(req, id, again),
    );
  });

  router.post('/:seriesId/end', teaches, async (req, res) => {
    const { seriesId: id } = parse(seriesId, req.params);
    await service.end(actorOf(req), id);
    seeOther(res, `${req.baseUrl}/${id}`, 'consultations.ended');
  });

  return router;
}
