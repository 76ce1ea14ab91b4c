import type { Request } from 'express';
import { exportView } from '../../../infra/lists/index.js';
import type { Clock } from '../../../shared/clock.js';
import { actorOf } from '../../../web/actor.js';
import type { FormAgain } from '../../../web/form.js';
import { parse } from '../../../web/parse.js';
import type { Page } from '../../../web/present.js';
import { bookingColumns } from '../bookings/bookings.columns.js';
import { mayManage, maySeeBookings } from '../consultations.policy.js';
import { filter } from '../consultations.schema.js';
import { byDay, freeSlotView, heldSlotView, ownBookingsView, seriesView } from '../consultations.view.js';
import type { SlotExtras } from '../held/slot-extras.js';
import type { Timetable } from '../slots/slot-list.service.js';
import type { SeriesService } from './series.service.js';

export interface SeriesPageDeps {
  readonly service: Pick<SeriesService, 'find' | 'linksOf'>;
  readonly timetable: Timetable;
  readonly extras: Pick<SlotExtras, 'at' | 'statesOf'>;
  readonly clock: Clock;
}

/** The form for more slots, which stands on the series' page. */
const formOf = (again: FormAgain | undefined): FormAgain =>
  again ?? { values: { start: '', end: '', date: '' }, errors: {} };

/** The page of a series: for those who hold it, with who has booked; for all others, its free times. */
export function createSeriesPage({ service, timetable, extras, clock }: SeriesPageDeps) {
  return async function seriesPage(req: Request, id: string, again?: FormAgain): Promise<Page> {
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
      progress: manage ? await timetable.progressOf(series) : null,
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
  };
}
