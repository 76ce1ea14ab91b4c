import './places/places.view.js';
import type { Request, Router } from 'express';
import type { Audit, AuditActor } from '../../infra/audit/index.js';
import type { Clock } from '../../shared/clock.js';
import type { PersonalData } from '../../shared/personal-data.js';
import { createRegistry, type Registry } from '../../shared/registry.js';
import type { Storage } from '../../storage/index.js';
import type { CalendarSource } from './calendar/calendar.js';
import { calendarRouter, feedRouter } from './calendar/calendar.routes.js';
import { createCalendarService } from './calendar/calendar.service.js';
import { createFeedsStore } from './calendar/feeds.store.js';
import { placesRouter } from './places/places.routes.js';
import { createPlacesService, type PlacesService } from './places/places.service.js';
import { createPlacesStore } from './places/places.store.js';

export type { CalendarEntry, CalendarOf, CalendarSource } from './calendar/calendar.js';
export { icsOf } from './calendar/ics.js';
export type { Place } from './places/places.service.js';

export interface ScheduleDeps {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly audit: Pick<Audit, 'append'>;
  /** Our origin. */
  readonly publicUrl: string;
}

/** Places of the centre and people's calendars. */
export interface ScheduleFeature {
  readonly places: PlacesService;
  /** Is given what other features have for calendars. */
  readonly calendarSources: Pick<Registry<CalendarSource>, 'add'>;
  /** `/c/:courseKey/calendar` */
  readonly calendarRouter: Router;
  /** `/calendar`: no session. */
  readonly feedRouter: Router;
  /** `/admin/places`. @param byOf who acts, for the audit log */
  adminRouter(byOf: (req: Request) => AuditActor): Router;
  readonly personalData: PersonalData;
}

export function createSchedule({ storage, clock, audit, publicUrl }: ScheduleDeps): ScheduleFeature {
  const places = createPlacesService({ store: createPlacesStore(storage.connection), audit });
  const calendarSources = createRegistry<CalendarSource>();
  const feeds = createFeedsStore(storage.connection);
  const calendar = createCalendarService({ sources: calendarSources, feeds, clock });
  return {
    places,
    calendarSources,
    calendarRouter: calendarRouter({ calendar, clock, publicUrl }),
    feedRouter: feedRouter({ calendar, clock, publicUrl }),
    adminRouter: (byOf) => placesRouter(places, byOf),
    personalData: feeds.personalData,
  };
}
