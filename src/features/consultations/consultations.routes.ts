import { Router, type Request } from 'express';
import type { Clock } from '../../shared/clock.js';
import { actorOf } from '../../web/actor.js';
import { answerForm } from '../../web/form.js';
import { formatDate } from '../../web/format.js';
import { parse } from '../../web/parse.js';
import { present, seeOther, type Page } from '../../web/present.js';
import type { BookingService } from './bookings/booking.service.js';
import { mayManage, maySeeAll } from './consultations.policy.js';
import { booking, bookingId, filter, reason, slotId } from './consultations.schema.js';
import {
  byDay,
  choiceView,
  freeSlotView,
  heldSlotView,
  ownBookingsView,
  seriesLineView,
} from './consultations.view.js';
import type { AttendanceService } from './held/attendance.service.js';
import type { SlotPage } from './slots/slot.page.js';
import type { SeriesService } from './series/series.service.js';
import type { Timetable } from './slots/slot-list.service.js';

export interface ConsultationsRouterDeps {
  readonly service: BookingService;
  readonly timetable: Timetable;
  readonly seriesService: Pick<SeriesService, 'drafts'>;
  readonly attendance: Pick<AttendanceService, 'listOwn' | 'statesOf'>;
  readonly slotPage: SlotPage;
  readonly clock: Clock;
  /** How long before the beginning a video call opens. */
  readonly videoMinutes: () => Promise<number>;
}

/** The course's consultations, their slots and bookings. */
export function consultationsRouter(deps: ConsultationsRouterDeps): Router {
  const { service, timetable, seriesService, attendance, slotPage, clock, videoMinutes } = deps;
  const router = Router();

  router.get('/', async (req, res) => {
    const student = actorOf(req).role === 'student';
    present(req, res, await (student ? studentPage(req) : calendarPage(req)));
  });

  async function studentPage(req: Request): Promise<Page> {
    const actor = actorOf(req);
    const filters = parse(filter, req.query);
    const now = clock.now();
    const [own, free, choices] = await Promise.all([
      timetable.bookingsOf(actor),
      timetable.freeSlots(actor, filters),
      timetable.choices(actor),
    ]);
    return {
      view: 'consultations/student',
      title: req.page.t('consultations.title'),
      data: {
        ...ownBookingsView(own, {
          now,
          videoMinutes: await videoMinutes(),
          attendance: await attendance.listOwn(own),
        }),
        days: byDay(free.items.map(freeSlotView), req.page.zone),
        next: free.next,
        filter: { teacher: filters.teacher ?? '', type: filters.type ?? '' },
        teachers: choiceView(choices.teachers),
        types: [...new Set(choices.series.map(({ type }) => type))],
      },
    };
  }

  async function calendarPage(req: Request): Promise<Page> {
    const actor = actorOf(req);
    const filters = parse(filter, req.query);
    const past = filters.when === 'past';
    const all = maySeeAll(actor);
    const [{ items, next }, choices, drafts] = await Promise.all([
      timetable.calendar(actor, { ...filters, past }),
      timetable.choices(actor),
      seriesService.drafts(actor),
    ]);
    const states = await attendance.statesOf(items.map(({ slot }) => slot));
    const teachers = new Map(choices.teachers.map((person) => [person.id, person]));
    return {
      view: 'consultations/calendar',
      title: req.page.t('consultations.title'),
      data: {
        days: byDay(
          items.map((item) => heldSlotView(item, states.get(item.slot.id))),
          req.page.zone,
        ),
        next,
        past,
        all,
        filter: { teacher: all ? (filters.teacher ?? '') : '' },
        teachers: all ? choiceView(choices.teachers) : [],
        series: [...drafts, ...choices.series]
          .filter((draft) => all || mayManage(actor, draft))
          .map((draft) => seriesLineView(draft, teachers.get(draft.teacherId) ?? null)),
      },
    };
  }

  router.get('/slots/:slotId', async (req, res) => {
    present(req, res, await slotPage(req, parse(slotId, req.params).slotId));
  });

  router.post('/slots/:slotId/bookings', async (req, res) => {
    const { slotId: id } = parse(slotId, req.params);
    await answerForm(
      req,
      res,
      async () => {
        const { question } = parse(booking, req.body ?? {});
        const { locale, zone } = req.page;
        await service.book(actorOf(req), id, question, (moment) =>
          formatDate(moment, locale, zone, 'datetime'),
        );
        seeOther(res, `${req.baseUrl}/`, 'consultations.booked');
      },
      (again) => slotPage(req, id, { ...again, of: 'slot' }),
    );
  });

  router.post('/slots/:slotId/cancel', async (req, res) => {
    const { slotId: id } = parse(slotId, req.params);
    await answerForm(
      req,
      res,
      async () => {
        await service.cancelSlot(actorOf(req), id, parse(reason, req.body ?? {}).reason);
        seeOther(res, `${req.baseUrl}/slots/${id}`, 'consultations.slotCancelled');
      },
      (again) => slotPage(req, id, { ...again, of: 'slot' }),
    );
  });

  router.post('/slots/:slotId/remove', async (req, res) => {
    await service.removeSlot(actorOf(req), parse(slotId, req.params).slotId);
    seeOther(res, `${req.baseUrl}/`, 'consultations.slotRemoved');
  });

  router.post('/bookings/:bookingId/cancel', async (req, res) => {
    const actor = actorOf(req);
    const { bookingId: id } = parse(bookingId, req.params);
    const found = await service.findBooking(actor, id);
    const own = found.personId === actor.personId;
    await answerForm(
      req,
      res,
      async () => {
        await service.cancelBooking(actor, id, parse(reason, req.body ?? {}).reason);
        seeOther(
          res,
          own ? `${req.baseUrl}/` : `${req.baseUrl}/slots/${found.slotId}`,
          'consultations.cancelled',
        );
      },
      (again) => slotPage(req, found.slotId, { ...again, of: id }),
    );
  });

  return router;
}
