import { Router } from 'express';
import type { ConsultationsDeps } from '../index.js';
import { groupNames, type Person } from '../../membership/index.js';
import type { BookingService } from '../bookings/booking.service.js';
import type { BookingsStore } from '../bookings/bookings.store.js';
import type { SlotPages } from '../bookings/slot-pages.js';
import { journalRouter } from '../journal/journal.routes.js';
import { createJournal } from '../journal/journal.service.js';
import type { SeriesStore } from '../series/series.store.js';
import { reassignRouter } from '../slots/reassign.routes.js';
import type { Reassign } from '../slots/reassign.service.js';
import type { Timetable } from '../slots/slot-list.service.js';
import type { SlotsStore } from '../slots/slots.store.js';
import { videoRouter } from '../video/video.routes.js';
import { addAttendanceJobs } from './attendance.jobs.js';
import { attendanceRouter } from './attendance.routes.js';
import { createAttendanceService, type AttendanceService } from './attendance.service.js';
import { createHeldStore } from './held.store.js';
import { createMinutesService } from './minutes.service.js';
import { createSlotExtras, type SlotExtras } from './slot-extras.js';

export interface HeldParts {
  readonly series: SeriesStore;
  readonly slots: SlotsStore;
  readonly bookings: BookingsStore;
  readonly timetable: Timetable;
  readonly reassign: Reassign;
  readonly find: Pick<BookingService, 'find'>;
  readonly findPeople: (ids: readonly string[]) => Promise<Person[]>;
}

/** What happens once consultations have begun: attendance, notes, minutes, scores, the journal, video calls. */
export interface Held {
  readonly attendance: AttendanceService;
  readonly extras: SlotExtras;
  videoMinutes(): Promise<number>;
  router(pages: SlotPages, teachersOf: (courseId: string) => Promise<Person[]>): Router;
}

export function createHeld(deps: ConsultationsDeps, parts: HeldParts): Held {
  const { storage, clock, jobs, events, centre, grades, membership, launch, schedule } = deps;
  const { series, slots, bookings, timetable, reassign, find, findPeople } = parts;
  const records = createHeldStore(storage.connection);
  const findLink = (courseId: string, id: string) => launch.links.findOptional(courseId, id);
  addAttendanceJobs({ jobs, events, series, records, grades, findLink });
  const attendance = createAttendanceService({ records, find, timetable, clock });
  const minutes = createMinutesService({ records, files: deps.files, slots, series, bookings });
  const videoMinutes = async (): Promise<number> => (await centre.now()).videoMinutes;
  const places = () => schedule.places.list();
  return {
    attendance,
    extras: createSlotExtras({ attendance, reassign, places, clock, videoMinutes }),
    videoMinutes,
    router(pages, teachersOf) {
      const journal = createJournal({
        ...{ slots, series, bookings, records, findPeople, teachersOf, clock },
        groupsIn: (courseId) => groupNames(membership, courseId),
      });
      return Router().use(
        journalRouter({
          journal,
          ...{ clock, exports: deps.exports, associationsOf: deps.associationsOf },
          zone: async () => (await centre.now()).zone,
          academicMinutes: async () => (await centre.now()).academicMinutes,
        }),
        attendanceRouter({ attendance, minutes, slotPage: pages.slotPage }),
        reassignRouter(reassign, pages.slotPage),
        videoRouter({ find, bookings, calls: deps.video.calls, clock, minutes: videoMinutes }),
      );
    },
  };
}
