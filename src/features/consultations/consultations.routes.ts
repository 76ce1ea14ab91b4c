import { Router, type Request } from 'express';
import type { Clock } from '../../shared/clock.js';
import { actorOf } from '../../web/actor.js';
import { answerForm, type FormAgain } from '../../web/form.js';
import { formatDate } from '../../web/format.js';
import { parse } from '../../web/parse.js';
import { present, seeOther, type Page } from '../../web/present.js';
import type { BookingService } from './bookings/booking.service.js';
import { mayManage, maySeeAll, maySeeBookings } from './consultations.policy.js';
import { booking, bookingId, filter, reason, slotId } from './consultations.schema.js';
import {
  byDay,
  choiceView,
  freeSlotView,
  heldSlotView,
  ownBookingsView,
  seriesLineView,
  standingView,
} from './consultations.view.js';
import type { SeriesService } from './series/series.service.js';
import type { Timetable } from './slots/slot-list.service.js';

/** A form of the slot's page shown again, and which of them it is: the slot's own, or a booking's. */
interface SlotFormAgain extends FormAgain {
  readonly of: 'slot' | (string & {});
}

const FRESH: SlotFormAgain = { values: {}, errors: {}, of: '' };

/** The course's consultations, their slots and bookings. */
export function consultationsRouter(
  service: BookingService,
  timetable: Timetable,
  seriesService: Pick<SeriesService, 'drafts'>,
  clock: Clock,
): Router {
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
        ...ownBookingsView(own, now),
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
    const teachers = new Map(choices.teachers.map((person) => [person.id, person]));
    return {
      view: 'consultations/calendar',
      title: req.page.t('consultations.title'),
      data: {
        days: byDay(items.map(heldSlotView), req.page.zone),
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

  async function slotPage(req: Request, id: string, again = FRESH): Promise<Page> {
    const actor = actorOf(req);
    const now = clock.now();
    const { slot, series } = await service.find(actor, id);
    if (maySeeBookings(actor, series)) {
      return {
        view: 'consultations/slot',
        title: series.title,
        data: {
          slot: heldSlotView(await timetable.heldSlot(actor, slot)),
          manage: mayManage(actor, series),
          over: now >= slot.startsAt,
          ...again,
        },
      };
    }
    const free = await timetable.openSlot(actor, slot);
    const own = (await timetable.bookingsOf(actor)).filter((item) => item.slot.id === slot.id);
    return {
      view: 'consultations/book',
      title: series.title,
      data: {
        slot: freeSlotView(free),
        standing: standingView(free, now),
        upcoming: ownBookingsView(own, now).upcoming,
        ...again,
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
