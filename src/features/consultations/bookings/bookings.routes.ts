import { Router, type Request, type Response } from 'express';
import type { Clock } from '../../../shared/clock.js';
import { badInput } from '../../../shared/errors.js';
import { actorOf } from '../../../web/actor.js';
import { uploadedFiles } from '../../../infra/files/index.js';
import { answerForm, sentFields } from '../../../web/form.js';
import { formatDate } from '../../../web/format.js';
import { parse } from '../../../web/parse.js';
import { present, seeOther } from '../../../web/present.js';
import { mayBook } from '../consultations.policy.js';
import {
  booking as bookingInput,
  bookingId,
  bookingMove,
  joining,
  reason,
  slotId,
} from '../consultations.schema.js';
import { byDay, choiceView, freeSlotView } from '../consultations.view.js';
import type { Approval } from './approval.service.js';
import type { Cancelling } from './cancelling.service.js';
import type { Moving } from './moving.service.js';
import type { SayMoment } from './overlaps.service.js';
import { refusalOf } from './refusals.js';
import { createSlotPages, type BookingPagesDeps, type SlotFormAgain } from './slot-pages.js';
import { topicOf } from './topics.js';
import type { Waiting } from './waiting.service.js';

export interface BookingsRouterDeps extends BookingPagesDeps {
  readonly cancelling: Cancelling;
  readonly moving: Moving;
  readonly waiting: Waiting;
  readonly approval: Approval;
}

const sayer =
  (req: Request): SayMoment =>
  (moment) =>
    formatDate(moment, req.page.locale, req.page.zone, 'datetime');

/** Bookings: making, moving, cancelling and undoing them. */
export function bookingsRouter(deps: BookingsRouterDeps, clock: Clock): Router {
  const router = Router();
  const { booking, cancelling, moving, waiting, approval, companions, timetable } = deps;
  const pages = createSlotPages(deps, clock);

  /** Acts, and shows the slot's page again with what was refused and what can be done instead. */
  async function answer(
    req: Request,
    res: Response,
    id: string,
    { act, of }: { readonly act: () => Promise<void>; readonly of: SlotFormAgain['of'] },
  ): Promise<void> {
    try {
      await answerForm(req, res, act, (again) => pages.slotPage(req, id, { ...again, of }));
    } catch (error) {
      const refusal = await refusalOf(req, error, id, deps);
      if (refusal === null) throw error;
      const values = sentFields(req.body);
      present(req, res, await pages.slotPage(req, id, { values, errors: {}, of, refusal, status: 409 }));
    }
  }

  /** Everyone whom a request names: people, or a group of the course; undefined: the actor alone. */
  async function namedBy(req: Request, id: string, input: { group?: string | undefined; person: string[] }) {
    if (input.group === undefined || input.group === '')
      return input.person.length > 0 ? input.person : undefined;
    const actor = actorOf(req);
    const { series } = await booking.find(actor, id);
    const { groups } = await companions.choices(actor, series);
    const group = groups.find((item) => item.id === input.group);
    if (group === undefined) throw badInput({ group: 'errors.field.wrong' });
    return group.personIds;
  }

  router.post('/slots/:slotId/bookings', async (req, res) => {
    const { slotId: id } = parse(slotId, req.params);
    await answer(req, res, id, {
      of: 'book',
      act: async () => {
        const input = parse(bookingInput, req.body ?? {});
        const key = req.get('idempotency-key') ?? input.key;
        const personIds = await namedBy(req, id, input);
        const made = await booking.book(actorOf(req), id, input.question, sayer(req), {
          ...{ personIds, key },
          uploads: uploadedFiles(req),
          topic: topicOf(req),
        });
        seeOther(
          res,
          `${req.baseUrl}/slots/${id}`,
          made.state === 'requested' ? 'consultations.requested' : 'consultations.booked',
        );
      },
    });
  });

  router.post('/bookings/:bookingId/cancel', async (req, res) => {
    const actor = actorOf(req);
    const { bookingId: id } = parse(bookingId, req.params);
    const found = await booking.findBooking(actor, id);
    const own = found.personIds.includes(actor.personId);
    await answer(req, res, found.slotId, {
      of: id,
      act: async () => {
        await cancelling.cancelBooking(actor, id, parse(reason, req.body ?? {}).reason);
        const to = own ? `${req.baseUrl}/` : `${req.baseUrl}/slots/${found.slotId}`;
        seeOther(res, to, 'consultations.cancelled');
      },
    });
  });

  router.post('/bookings/:bookingId/undo', async (req, res) => {
    const actor = actorOf(req);
    const { bookingId: id } = parse(bookingId, req.params);
    const found = await booking.findBooking(actor, id);
    await cancelling.undo(actor, id);
    seeOther(res, `${req.baseUrl}/slots/${found.slotId}`, 'consultations.undone');
  });

  /** Where a booking can be moved: the free times of its teacher, and of the rest of the course after them. */
  router.get('/bookings/:bookingId/move', async (req, res) => {
    const actor = actorOf(req);
    const found = await booking.findBooking(actor, parse(bookingId, req.params).bookingId);
    const { slot, series } = await booking.find(actor, found.slotId);
    const { items } = await timetable.freeSlots(actor, { teacher: series.teacherId });
    const movable = items.filter(({ slot: { id } }) => id !== slot.id).map(freeSlotView);
    const person = (await timetable.peopleOf([found.personId])).slice(0, 1);
    present(req, res, {
      view: 'consultations/move',
      title: req.page.t('consultations.move.title'),
      data: {
        id: found.id,
        slotId: slot.id,
        title: series.title,
        startsAt: slot.startsAt,
        endsAt: slot.endsAt,
        person: mayBook(actor) ? '' : (choiceView(person)[0]?.name ?? ''),
        days: byDay(movable, req.page.zone),
      },
    });
  });

  router.post('/bookings/:bookingId/move', async (req, res) => {
    const actor = actorOf(req);
    const { bookingId: id } = parse(bookingId, req.params);
    const { slot } = parse(bookingMove, req.body ?? {});
    await answer(req, res, slot, {
      of: 'book',
      act: async () => {
        const moved = await moving.moveBooking(actor, id, slot, sayer(req));
        seeOther(res, `${req.baseUrl}/slots/${moved.slotId}`, 'consultations.moved');
      },
    });
  });

  router.post('/slots/:slotId/wait', async (req, res) => {
    const { slotId: id } = parse(slotId, req.params);
    await answer(req, res, id, {
      of: 'book',
      act: async () => {
        await waiting.join(actorOf(req), id, parse(joining, req.body ?? {}).tell);
        seeOther(res, `${req.baseUrl}/slots/${id}`, 'consultations.joined');
      },
    });
  });

  router.post('/bookings/:bookingId/accept', async (req, res) => {
    const actor = actorOf(req);
    const { bookingId: id } = parse(bookingId, req.params);
    const { slotId: slot } = await booking.findBooking(actor, id);
    await answer(req, res, slot, {
      of: 'book',
      act: async () => {
        await waiting.accept(actor, id, sayer(req));
        seeOther(res, `${req.baseUrl}/slots/${slot}`, 'consultations.booked');
      },
    });
  });

  router.post('/bookings/:bookingId/approve', async (req, res) => {
    const actor = actorOf(req);
    const { bookingId: id } = parse(bookingId, req.params);
    const { slotId: slot } = await booking.findBooking(actor, id);
    await approval.approve(actor, id);
    seeOther(res, `${req.baseUrl}/slots/${slot}`, 'consultations.approved');
  });

  return router;
}
