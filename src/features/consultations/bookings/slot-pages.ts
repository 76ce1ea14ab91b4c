import type { Request } from 'express';
import type { Clock } from '../../../shared/clock.js';
import type { Actor } from '../../../shared/actor.js';
import type { Person } from '../../membership/index.js';
import { newToken } from '../../../shared/ids.js';
import { localAt } from '../../../shared/zoned.js';
import { actorOf } from '../../../web/actor.js';
import type { FormAgain } from '../../../web/form.js';
import type { Page } from '../../../web/present.js';
import { mayBook, mayManage, maySeeBookings } from '../consultations.policy.js';
import {
  choiceView,
  freeSlotView,
  groupChoiceView,
  heldSlotView,
  inLineView,
  ownBookingsView,
  standingView,
} from '../consultations.view.js';
import type { CalendarEntry, Interval } from '../../schedule/index.js';
import type { SlotExtras } from '../held/slot-extras.js';
import type { Timetable } from '../slots/slot-list.service.js';
import type { BookingService } from './booking.service.js';
import type { Booking } from './bookings.store.js';
import { topicOf, type Topics } from './topics.js';
import type { Companions } from './companions.service.js';
import type { Refusal } from './refusals.js';
import type { Waiting } from './waiting.service.js';

/** A form of the slot's page shown again, and which of them it is: the slot's own, its move, or a booking's. */
export interface SlotFormAgain extends FormAgain {
  readonly of: 'slot' | 'move' | (string & {});
}

const NOBODY = { people: [], groups: [] };

const FRESH: SlotFormAgain = { values: {}, errors: {}, of: '' };

/** Addresses of the cards that the actor may see, below the course, by the id of the person. */
export type CardsOf = (
  actor: Actor,
  teachers: readonly Pick<Person, 'id'>[],
) => Promise<Readonly<Record<string, string>>>;

export interface BookingPagesDeps {
  readonly cardsOf: CardsOf;
  readonly booking: BookingService;
  readonly timetable: Timetable;
  readonly companions: Companions;
  readonly waiting: Pick<Waiting, 'positionOf' | 'lineOf'>;
  readonly extras: SlotExtras;
  readonly topics: Topics;
  /** Classes of the actor at a time. */
  readonly classesAt: (actor: Actor, interval: Interval) => Promise<readonly CalendarEntry[]>;
}

export interface SlotPageOptions extends SlotFormAgain {
  /** Why a booking was refused, and what can be done instead. */
  readonly refusal?: Refusal | null;
  readonly status?: number;
}

/** Adds the place on the waiting list. */
export const withPositions = async <Item extends { id: string; slotId: string; tellOnly: boolean }>(
  waiting: Pick<Waiting, 'positionOf'>,
  items: readonly Item[],
) => Promise.all(items.map(async (item) => ({ ...item, position: await waiting.positionOf(item) })));

export interface SlotPages {
  /** The page of a slot: for those who hold it, with who has booked; for all others, to book it. */
  readonly slotPage: (req: Request, id: string, again?: SlotPageOptions) => Promise<Page>;
}

export function createSlotPages(
  { booking, timetable, companions, waiting, extras, topics, cardsOf, classesAt }: BookingPagesDeps,
  clock: Clock,
): SlotPages {
  /** By booking: what each is about beside its question. */
  async function topicsOf(actor: Actor, of: readonly { readonly booking: Booking }[]) {
    const named = of.filter(({ booking: { topic } }) => topic !== undefined);
    const described = await Promise.all(
      named.map(
        async ({ booking: { id, topic = '' } }) => [id, await topics.describe(actor, topic)] as const,
      ),
    );
    return Object.fromEntries(described);
  }

  return {
    async slotPage(req, id, { refusal = null, status = 200, ...again } = FRESH) {
      const actor = actorOf(req);
      const now = clock.now();
      const { slot, series } = await booking.find(actor, id);
      const ahead = slot.state === 'open' && now < slot.startsAt;
      const manage = mayManage(actor, series, slot);
      const together = mayBook(actor) && series.capacity > 1;
      const chosen = ahead && (manage || together) ? await companions.choices(actor, series) : NOBODY;
      if (maySeeBookings(actor, series, slot)) {
        const extra = await extras.held(req, id);
        const heldSlot = await timetable.heldSlot(actor, slot);
        const held = heldSlotView(heldSlot, extra.heldState);
        const [date = '', start = ''] = localAt(slot.startsAt, series.pattern.zone).split('T');
        return {
          view: 'consultations/slot',
          title: series.title,
          status,
          data: {
            slot: held,
            manage,
            over: now >= slot.startsAt,
            move: { date, start, zone: series.pattern.zone },
            people: manage ? choiceView(chosen.people) : [],
            groups: manage ? groupChoiceView(chosen.groups) : [],
            key: newToken(),
            topics: await topicsOf(actor, heldSlot.bookings),
            line: ahead ? (await waiting.lineOf(id)).map(inLineView) : [],
            refusal,
            ...extra.data,
            ...again,
          },
          locals: extra.locals,
        };
      }
      const free = await timetable.openSlot(actor, slot);
      const all = await timetable.bookingsOf(actor);
      const ofSlot = all.filter((item) => item.slot.id === slot.id);
      const own = ownBookingsView(ofSlot, await extras.at(req, ofSlot));
      return {
        view: 'consultations/book',
        title: series.title,
        status,
        data: {
          slot: freeSlotView(free),
          topic: topicOf(req),
          about: await topics.describe(actor, topicOf(req)),
          topics: await topicsOf(actor, ofSlot),
          classes: (await classesAt(actor, slot)).map(({ title, startsAt, endsAt, path }) => ({
            ...{ title, startsAt, endsAt, path },
          })),
          card: (await cardsOf(actor, [{ id: slot.teacherId }]))[slot.teacherId] ?? '',
          standing: standingView(free, now),
          upcoming: own.upcoming,
          past: own.past.filter(({ state }) => state === 'booked'),
          waiting: await withPositions(waiting, own.waiting),
          // What could come here instead of being booked anew.
          movable: ownBookingsView(
            all.filter(({ slot: { id: other } }) => other !== slot.id),
            { now },
          ).upcoming.filter(({ mayMove, seriesId }) => mayMove && seriesId === series.id),
          people: together ? choiceView(chosen.people) : [],
          groups: together ? groupChoiceView(chosen.groups) : [],
          key: newToken(),
          refusal,
          ...again,
        },
      };
    },
  };
}
