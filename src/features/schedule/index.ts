import type { Request, Router } from 'express';
import type { Audit, AuditActor } from '../../infra/audit/index.js';
import type { Events } from '../../infra/events/index.js';
import { HOUR, type Clock } from '../../shared/clock.js';
import type { PersonalData } from '../../shared/personal-data.js';
import { createRegistry, type Registry } from '../../shared/registry.js';
import type { Storage } from '../../storage/index.js';
import { createAttestationsStore, type AttestationsStore } from './attestations/attestations.store.js';
import { closedDaysRouter } from './closed-days/closed-days.routes.js';
import { createClosedDaysService, type ClosedDaysService } from './closed-days/closed-days.service.js';
import { createClosedDaysStore } from './closed-days/closed-days.store.js';
import type { CalendarEntry, CalendarSource } from './calendar/calendar.js';
import type { Interval } from './claims.js';
import { calendarRouter, feedRouter } from './calendar/calendar.routes.js';
import { createCalendarService } from './calendar/calendar.service.js';
import { createFeedsStore } from './calendar/feeds.store.js';
import { placesRouter } from './places/places.routes.js';
import { createPlacesService, type PlacesService } from './places/places.service.js';
import { createPlacesStore } from './places/places.store.js';
import './places/places.view.js';
import './schedule.view.js';
import { createClaims, type Claims } from './claims.service.js';
import { createIdentities, type Identities } from './identities.js';
import { createTimesStore, type TimesStore } from './times.store.js';

export {
  claimsFor,
  GRID_MS,
  holderOf,
  kindOfClaim,
  limitLock,
  personClaims,
  placeClaims,
  seatClaims,
  waitingClaim,
  type ClaimKind,
  type Interval,
} from './claims.js';
export {
  ATTESTATIONS,
  type Attestation,
  type AttestationKind,
  type AttestationsStore,
} from './attestations/attestations.store.js';
export type { CalendarEntry, CalendarOf, CalendarSource } from './calendar/calendar.js';
export { icsOf } from './calendar/ics.js';
export { buildingChanged } from './places/places.store.js';
export type { Place } from './places/places.service.js';
export type { ClosedDay } from './closed-days/closed-days.store.js';
export type { ClaimRequest, Claims, Limit } from './claims.service.js';
export type { Identities, IdentitySource } from './identities.js';
export { refusedClaim, timeModel, type TimeRow, type TimesStore } from './times.store.js';

export interface ScheduleDeps {
  readonly storage: Pick<Storage, 'connection'>;
  readonly audit: Pick<Audit, 'append'>;
  readonly events: Pick<Events, 'watch'>;
  readonly clock: Clock;
  /** Our origin. */
  readonly publicUrl: string;
}

/** Time of people and places, claimed in one place, whatever it is claimed for; places, calendars of people. */
export interface ScheduleFeature {
  readonly claims: Claims;
  readonly times: TimesStore;
  readonly identities: Identities;
  readonly attestations: AttestationsStore;
  readonly closedDays: Pick<ClosedDaysService, 'list' | 'fillYear'>;
  /** `/admin/closed-days` */
  closedDaysRouter(byOf: (req: Request) => AuditActor): Router;
  readonly places: PlacesService;
  /** `/admin/places` */
  placesRouter(byOf: (req: Request) => AuditActor): Router;
  /** Is given what other features have for calendars. */
  readonly calendarSources: Pick<Registry<CalendarSource>, 'add'>;
  /** What takes place for a person at a time, of these kinds of entries. */
  overlapping(
    of: { readonly personId: string; readonly courseId: string },
    interval: Interval,
    kinds: readonly string[],
  ): Promise<CalendarEntry[]>;
  /** `/c/:courseKey/calendar` */
  readonly calendarRouter: Router;
  /** `/calendar`: no session. */
  readonly feedRouter: Router;
  readonly personalData: PersonalData;
}

const LONGEST_MS = 12 * HOUR;

export function createSchedule({ storage, audit, events, clock, publicUrl }: ScheduleDeps): ScheduleFeature {
  const times = createTimesStore(storage.connection);
  events.watch(times.model);
  const closedDays = createClosedDaysService({ days: createClosedDaysStore(storage.connection), audit });
  const placesStore = createPlacesStore(storage.connection);
  events.watch(placesStore.model);
  const places = createPlacesService({ store: placesStore, audit, clock });
  const calendarSources = createRegistry<CalendarSource>();
  const feeds = createFeedsStore(storage.connection);
  const calendar = createCalendarService({ sources: calendarSources, feeds, clock });
  return {
    claims: createClaims(times),
    times,
    identities: createIdentities(),
    attestations: createAttestationsStore(storage.connection),
    closedDays,
    closedDaysRouter: (byOf) => closedDaysRouter(closedDays, byOf, clock),
    places,
    placesRouter: (byOf) => placesRouter(places, byOf),
    calendarSources,
    async overlapping(of, { startsAt, endsAt }, kinds) {
      const asked = calendarSources.all().filter(({ kind }) => kinds.includes(kind));
      // What is under way began some hours ago at most.
      const from = new Date(startsAt.getTime() - LONGEST_MS);
      const found = await Promise.all(asked.map((source) => source.list({ ...of, from, to: endsAt })));
      return found
        .flat()
        .filter((entry) => entry.state === 'planned' && entry.startsAt < endsAt && startsAt < entry.endsAt);
    },
    calendarRouter: calendarRouter({ calendar, clock, publicUrl }),
    feedRouter: feedRouter({ calendar, clock, publicUrl }),
    personalData: feeds.personalData,
  };
}
