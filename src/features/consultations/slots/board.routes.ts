import { Router, type Request } from 'express';
import { z } from 'zod';
import type { Actor } from '../../../shared/actor.js';
import { badInput } from '../../../shared/errors.js';
import type { Clock } from '../../../shared/clock.js';
import { instantAt, localAt } from '../../../shared/zoned.js';
import { actorOf, requireRole } from '../../../web/actor.js';
import { answerForm, type FormAgain } from '../../../web/form.js';
import { id, parse } from '../../../web/parse.js';
import { present, seeOther, type Page } from '../../../web/present.js';
import type { BookingService } from '../bookings/booking.service.js';
import { mayManage } from '../consultations.policy.js';
import { moreSlots, slotMove } from '../consultations.schema.js';
import type { SeriesService } from '../series/series.service.js';
import { boardView } from './board.view.js';
import { dateIn, mondayOf } from '../../../shared/days.js';
import type { SlotMoves } from './slot-moves.service.js';
import type { Timetable } from './slot-list.service.js';

const shown = z.object({ week: z.iso.date().optional().catch(undefined) });
const week = z.object({ week: z.iso.date().catch('') });
const making = z.object({ series: id });
const moving = z.object({ slot: id });

export interface BoardDeps {
  readonly timetable: Pick<Timetable, 'calendarBetween'>;
  readonly service: Pick<SeriesService, 'active' | 'find' | 'addSlots'>;
  readonly find: Pick<BookingService, 'find'>;
  readonly slotMoves: SlotMoves;
  readonly clock: Clock;
}

/** Times of the reader's clock, as those of a series' zone. @throws DomainError `bad-input` on `start` */
function inZone(date: string, time: string, from: string, to: string): { date: string; time: string } {
  const instant = instantAt(`${date}T${time}`, from);
  if (instant === null) throw badInput({ start: 'errors.field.wrong' });
  const [day = '', clock = ''] = localAt(instant, to).split('T');
  return { date: day, time: clock };
}

/** `…/consultations/board`: a teacher's week as a grid, on which slots are made and moved by dragging or by forms. */
export function boardRouter({ timetable, service, find, slotMoves, clock }: BoardDeps): Router {
  const router = Router();
  const teaches = requireRole('teacher');

  const ownSeries = async (actor: Actor) =>
    (await service.active(actor.courseId)).filter((series) => mayManage(actor, series));

  async function boardPage(req: Request, of: 'make' | 'move' | '' = '', again?: FormAgain): Promise<Page> {
    const actor = actorOf(req);
    const { zone } = req.page;
    const now = clock.now();
    const asked = parse(shown, again ? (req.body ?? {}) : req.query).week ?? dateIn(zone, now);
    const first = mondayOf(asked);
    const board = boardView({
      ...{ first, zone, now, actor },
      held: await timetable.calendarBetween(actor, first, zone),
      series: await ownSeries(actor),
    });
    return {
      view: 'consultations/board',
      title: req.page.t('consultations.board.title'),
      data: { board, of, values: again?.values ?? {}, errors: again?.errors ?? {} },
    };
  }

  const backTo = (req: Request): string => {
    const { week: asked } = parse(week, req.body ?? {});
    return `${req.baseUrl}/board${asked === '' ? '' : `?week=${asked}`}`;
  };

  router.get('/board', teaches, async (req, res) => {
    present(req, res, await boardPage(req));
  });

  router.post('/board/slots', teaches, async (req, res) => {
    await answerForm(
      req,
      res,
      async () => {
        const actor = actorOf(req);
        const { series: seriesId } = parse(making, req.body ?? {});
        const { date, start, end } = parse(moreSlots, req.body ?? {});
        const { pattern } = await service.find(actor, seriesId);
        const from = inZone(date, start, req.page.zone, pattern.zone);
        const to = end === '24:00' ? null : inZone(date, end, req.page.zone, pattern.zone);
        await service.addSlots(actor, seriesId, {
          date: from.date,
          start: from.time,
          end: to?.date === from.date ? to.time : '24:00',
        });
        seeOther(res, backTo(req), 'consultations.added');
      },
      (again) => boardPage(req, 'make', again),
    );
  });

  router.post('/board/move', teaches, async (req, res) => {
    await answerForm(
      req,
      res,
      async () => {
        const actor = actorOf(req);
        const { slot: slotId } = parse(moving, req.body ?? {});
        const { date, start, reason } = parse(slotMove, req.body ?? {});
        const { series } = await find.find(actor, slotId);
        const to = inZone(date, start, req.page.zone, series.pattern.zone);
        await slotMoves.moveSlot(actor, slotId, { date: to.date, start: to.time, reason });
        seeOther(res, backTo(req), 'consultations.slotMoved');
      },
      (again) => boardPage(req, 'move', again),
    );
  });

  return router;
}
