import { Router, type Request } from 'express';
import type { Clock } from '../../../shared/clock.js';
import { conflict, forbidden } from '../../../shared/errors.js';
import { actorOf } from '../../../web/actor.js';
import { parse } from '../../../web/parse.js';
import { present, seeOther } from '../../../web/present.js';
import type { Call, VideoFeature } from '../../video/index.js';
import type { BookingService } from '../bookings/booking.service.js';
import type { BookingsStore } from '../bookings/bookings.store.js';
import { mayManage } from '../consultations.policy.js';
import { slotId } from '../consultations.schema.js';
import { isOnline, isVideoOpen, isVideoOver, videoOpensAt } from './video.policy.js';

export interface VideoRouterDeps {
  readonly find: Pick<BookingService, 'find'>;
  readonly bookings: Pick<BookingsStore, 'taken'>;
  readonly calls: VideoFeature['calls'];
  readonly clock: Clock;
  /** How long before the beginning those who have booked can join, in minutes. */
  readonly minutes: () => Promise<number>;
}

const occasionOf = (id: string): string => `consultation-${id}`;

/** The video call of a slot: for those who have booked shortly before it begins, for its teacher at any time. */
export function videoRouter({ find, bookings, calls, clock, minutes }: VideoRouterDeps): Router {
  const router = Router();

  async function findCall(req: Request) {
    const actor = actorOf(req);
    const found = await find.find(actor, parse(slotId, req.params).slotId);
    const { slot, series } = found;
    const moderator = mayManage(actor, series, slot);
    if (!moderator) {
      const taken = await bookings.taken([slot.id]);
      if (!taken.some(({ personIds, state }) => state === 'booked' && personIds.includes(actor.personId)))
        throw forbidden('video-not-booked');
    }
    if (slot.state === 'cancelled' || slot.state === 'removed') throw conflict('slot-cancelled');
    if (!isOnline(series)) throw conflict('video-missing');
    return { ...found, actor, moderator };
  }

  router.get('/slots/:slotId/video', async (req, res) => {
    const { slot, series, actor, moderator } = await findCall(req);
    const before = await minutes();
    const open = isVideoOpen(slot, before, clock.now());
    let call: Call | null = null;
    const over = isVideoOver(slot, clock.now());
    if (open || (moderator && !over)) {
      call = await calls.join({
        way: series.video,
        occasion: occasionOf(slot.id),
        title: series.title,
        link: series.link,
        teacherId: slot.teacherId,
        // Views as a student join as nobody.
        person: { id: actor.personId, name: actor.name, moderator },
      });
    }
    present(req, res, {
      view: 'consultations/video',
      title: req.page.t('consultations.video.title'),
      data: {
        slot: { slotId: slot.id, title: series.title, startsAt: slot.startsAt, endsAt: slot.endsAt },
        opensAt: videoOpensAt(slot, before),
        open,
        moderator,
        over,
        ends: moderator && !over && series.video === 'bbb',
        recordings: over ? await calls.recordings({ way: series.video, occasion: occasionOf(slot.id) }) : [],
        call,
      },
    });
  });

  router.post('/slots/:slotId/video/end', async (req, res) => {
    const { slot, series, moderator } = await findCall(req);
    if (!moderator) throw forbidden();
    await calls.end({ way: series.video, occasion: occasionOf(slot.id) });
    seeOther(res, `${req.baseUrl}/slots/${slot.id}`, 'consultations.videoEnded');
  });

  return router;
}
