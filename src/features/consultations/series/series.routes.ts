import { Router, type Request } from 'express';
import { sendExport } from '../../../infra/export/index.js';
import { exportView } from '../../../infra/lists/index.js';
import { pickerPath } from '../../../shared/content.js';
import type { Clock } from '../../../shared/clock.js';
import { forbidden } from '../../../shared/errors.js';
import { newToken } from '../../../shared/ids.js';
import { actorOf, requireRole } from '../../../web/actor.js';
import { isZone } from '../../../web/context.js';
import { answerForm, type FormAgain } from '../../../web/form.js';
import { parse } from '../../../web/parse.js';
import { present, seeOther, type Page } from '../../../web/present.js';
import { bookedRows, bookingColumns } from '../bookings/bookings.columns.js';
import { mayManage, maySeeBookings } from '../consultations.policy.js';
import { editedSeries, filter, forRequest, moreSlots, newSeries, seriesId } from '../consultations.schema.js';
import {
  byDay,
  choiceView,
  freeSlotView,
  heldSlotView,
  ownBookingsView,
  seriesView,
} from '../consultations.view.js';
import type { Place } from '../../schedule/index.js';
import type { SlotExtras } from '../held/slot-extras.js';
import { blankSeries, draftValues, sentValues, seriesChoices, zoneChoices } from './series.form.js';
import { ASYNCHRONOUS } from './series-settings.js';
import { seriesFields } from './series.fields.js';
import type { Series } from './series.store.js';
import type { PreviewedSlot, SeriesService } from './series.service.js';
import type { Timetable } from '../slots/slot-list.service.js';
import type { TypesService } from '../types/types.service.js';

const NOTHING_WRONG = {};

export interface SeriesRouterDeps {
  readonly service: SeriesService;
  readonly timetable: Timetable;
  readonly types: Pick<TypesService, 'list' | 'find'>;
  readonly extras: Pick<SlotExtras, 'at' | 'statesOf' | 'attendanceOf'>;
  readonly clock: Clock;
  readonly places: () => Promise<Place[]>;
  /** Ways of video calls that the centre has set up. */
  readonly videoWays: () => Promise<readonly string[]>;
}

/** Series: making, showing, changing and ending them. */
export function seriesRouter(deps: SeriesRouterDeps): Router {
  const { service, timetable, types, extras, clock } = deps;
  const router = Router();
  const usableTypes = async () => (await types.list()).filter(({ archived }) => !archived);

  const typeChoices = async (chosen: unknown) =>
    (await types.list())
      .filter(({ archived, id }) => !archived || id === chosen)
      .map(({ id, rules }) => ({ id, title: rules.title, form: rules.form }));
  const teaches = requireRole('teacher');

  async function formPage(req: Request, again: FormAgain, preview?: readonly PreviewedSlot[]): Promise<Page> {
    const { zone } = again.values;
    return {
      view: 'consultations/new',
      title: req.page.t(again.values.fills ? 'consultations.draft.fill' : 'consultations.new.title'),
      data: {
        ...again,
        types: await typeChoices(again.values.type),
        teachers: choiceView(await service.choosableTeachers(actorOf(req))),
        attestations: await service.attestationsOf(actorOf(req)),
        choices: await formChoices(req, { roomId: '', video: String(again.values.video ?? 'link') }),
        zones: zoneChoices(isZone(zone) ? zone : req.page.zone, clock.now()),
        preview: preview
          ? {
              days: byDay(preview, req.page.zone),
              free: preview.filter(({ taken, closed }) => !taken && closed === null).length,
            }
          : null,
      },
    };
  }

  /** What selects offer whose values the form does not know. */
  async function formChoices(req: Request, kept: { readonly roomId: string; readonly video: string }) {
    const [places, ways] = await Promise.all([deps.places(), deps.videoWays()]);
    return seriesChoices(req.page.t, places, ways, kept);
  }

  const formAgain = (req: Request) => (again: FormAgain) =>
    formPage(req, { ...again, values: sentValues(req.body) });

  router.get('/new', teaches, async (req, res) => {
    const { for: request = '', fills, type } = parse(forRequest, req.query);
    if (type === ASYNCHRONOUS) {
      seeOther(res, `/c/${actorOf(req).courseKey}/questions`);
      return;
    }
    const choices = await usableTypes();
    const chosen = choices.find(({ id }) => id === type) ?? choices[0] ?? (await types.find('individual'));
    const blank = blankSeries(chosen, {
      ...{ now: clock.now(), zone: req.page.zone, draft: newToken(), forRequest: request },
    });
    const draft = fills === undefined ? null : await service.findManaged(actorOf(req), fills);
    if (draft !== null && draft.state !== 'draft') {
      seeOther(res, `${req.baseUrl}/${draft.id}`);
      return;
    }
    const values = draft === null ? blank : draftValues(blank, draft);
    present(req, res, await formPage(req, { values, errors: NOTHING_WRONG }));
  });

  router.post('/preview', teaches, async (req, res) => {
    await answerForm(
      req,
      res,
      async () => {
        const slots = await service.preview(actorOf(req), parse(newSeries, req.body));
        present(
          req,
          res,
          await formPage(req, { values: sentValues(req.body), errors: NOTHING_WRONG }, slots),
        );
      },
      formAgain(req),
    );
  });

  router.post('/new', teaches, async (req, res) => {
    await answerForm(
      req,
      res,
      async () => {
        const wish = parse(newSeries, req.body);
        const actor = actorOf(req);
        const { id } = await service.create(actor, wish);
        if (wish.for === undefined) seeOther(res, `${req.baseUrl}/${id}`, 'consultations.created');
        else seeOther(res, `/c/${actor.courseKey}/${pickerPath(wish.for, { kind: 'consultations', id })}`);
      },
      formAgain(req),
    );
  });

  async function seriesPage(req: Request, id: string, again?: FormAgain): Promise<Page> {
    const actor = actorOf(req);
    const series = await service.find(actor, id);
    const now = clock.now();
    const filters = parse(filter, req.query);
    const past = filters.when === 'past';
    const see = maySeeBookings(actor, series);
    const manage = mayManage(actor, series);
    const shown = seriesView(series, await timetable.teacherOf(series), {
      ...{ manage, see, now },
      links: manage ? await service.linksOf(series) : [],
    });
    if (see) {
      const { items, next } = await timetable.calendar(actor, { from: filters.from, past }, series);
      const states = await extras.statesOf(items.map(({ slot }) => slot));
      return {
        view: 'consultations/series',
        title: series.title,
        data: {
          series: shown,
          past,
          days: byDay(
            items.map((item) => heldSlotView(item, states.get(item.slot.id))),
            req.page.zone,
          ),
          next,
          ...formOf(again),
        },
        locals: {
          files: exportView(
            {
              action: `${req.baseUrl}/${series.id}/bookings/export`,
              columns: bookingColumns,
              label: 'consultations.bookings.save',
            },
            {},
            req.page,
          ),
        },
      };
    }
    const { items, next } = await timetable.freeSlots(actor, { from: filters.from }, series);
    const own = (await timetable.bookingsOf(actor)).filter((item) => item.series.id === series.id);
    return {
      view: 'consultations/offer',
      title: series.title,
      data: {
        series: shown,
        upcoming: ownBookingsView(own, await extras.at(req, own)).upcoming,
        days: byDay(items.map(freeSlotView), req.page.zone),
        next,
      },
    };
  }

  router.get('/:seriesId', async (req, res) => {
    present(req, res, await seriesPage(req, parse(seriesId, req.params).seriesId));
  });

  router.get('/:seriesId/bookings/export', requireRole('assistant'), async (req, res) => {
    const series = await service.find(actorOf(req), parse(seriesId, req.params).seriesId);
    if (!maySeeBookings(actorOf(req), series)) throw forbidden();
    await sendExport(req, res, {
      title: `${req.page.t('consultations.bookings.title')}: ${series.title}`,
      columns: bookingColumns,
      rows: () => bookedRows(timetable.bookedSlots(actorOf(req), series), extras.attendanceOf),
      now: clock.now(),
    });
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

/** The form for more slots, which stands on the series' page. */
const formOf = (again: FormAgain | undefined): FormAgain =>
  again ?? { values: { start: '', end: '', date: '' }, errors: NOTHING_WRONG };
