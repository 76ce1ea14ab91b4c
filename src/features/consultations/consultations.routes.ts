import { Router, type Request } from 'express';
import { actorOf } from '../../web/actor.js';
import { parse } from '../../web/parse.js';
import { present, seeOther, type Page } from '../../web/present.js';
import { withPositions, type BookingPagesDeps } from './bookings/slot-pages.js';
import { mayManage, maySeeAll } from './consultations.policy.js';
import { DAYTIMES, filter } from './consultations.schema.js';
import {
  byDay,
  choiceView,
  daytimeIn,
  typeChoiceView,
  freeSlotView,
  heldSlotView,
  obligationView,
  ownBookingsView,
  seriesLineView,
} from './consultations.view.js';
import type { Participation } from './messages/participation.service.js';
import { ASYNCHRONOUS } from './series/series-settings.js';
import type { TypesService } from './types/types.service.js';
import type { SeriesService } from './series/series.service.js';

/** The first page of a course's consultations: to book them, or to hold them. */
export function consultationsRouter(
  services: BookingPagesDeps & {
    readonly participation: Pick<Participation, 'obligations'>;
    readonly types: Pick<TypesService, 'findOptional'>;
  },
  seriesService: Pick<SeriesService, 'drafts'>,
): Router {
  const router = Router();
  const { timetable } = services;

  router.get('/', async (req, res) => {
    const student = actorOf(req).role === 'student';
    if (student && parse(filter, req.query).type === ASYNCHRONOUS) {
      seeOther(res, `/c/${actorOf(req).courseKey}/questions`);
      return;
    }
    present(req, res, await (student ? studentPage(req) : calendarPage(req)));
  });

  async function studentPage(req: Request): Promise<Page> {
    const actor = actorOf(req);
    const filters = parse(filter, req.query);
    const [own, free, choices, owed, deferred] = await Promise.all([
      timetable.bookingsOf(actor),
      timetable.freeSlots(actor, { ...filters, fits: daytimeIn(req.page.zone, filters.daytime) }),
      timetable.choices(actor),
      services.participation.obligations(actor),
      services.types.findOptional(ASYNCHRONOUS),
    ]);
    const mine = ownBookingsView(own, await services.extras.at(req, own));
    return {
      view: 'consultations/student',
      title: req.page.t('consultations.title'),
      data: {
        ...mine,
        waiting: await withPositions(services.waiting, mine.waiting),
        days: byDay(free.items.map(freeSlotView), req.page.zone),
        next: free.next,
        cards: await services.cardsOf(actor, choices.teachers),
        filter: {
          teacher: filters.teacher ?? '',
          type: filters.type ?? '',
          topic: filters.topic,
          daytime: filters.daytime ?? '',
        },
        daytimes: DAYTIMES,
        owed: owed.map(obligationView),
        deferred: deferred?.archived === false ? deferred.rules.title : null,
        teachers: choiceView(choices.teachers),
        types: typeChoiceView(choices.series),
      },
    };
  }

  async function calendarPage(req: Request): Promise<Page> {
    const actor = actorOf(req);
    const filters = parse(filter, req.query);
    const past = filters.when === 'past';
    const all = maySeeAll(actor);
    const [{ items, next }, choices, drafts, obligations] = await Promise.all([
      timetable.calendar(actor, { ...filters, past }),
      timetable.choices(actor),
      seriesService.drafts(actor),
      past ? [] : services.participation.obligations(actor),
    ]);
    const states = await services.extras.statesOf(items.map(({ slot }) => slot));
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
        obligations: obligations.map(obligationView),
        filter: { teacher: all ? (filters.teacher ?? '') : '' },
        teachers: all ? choiceView(choices.teachers) : [],
        series: [...drafts, ...choices.series]
          .filter((draft) => all || mayManage(actor, draft))
          .map((draft) => seriesLineView(draft, teachers.get(draft.teacherId) ?? null)),
      },
    };
  }

  return router;
}
