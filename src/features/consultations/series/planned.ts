import { Router } from 'express';
import { Types } from 'mongoose';
import type { Copies } from '../../../shared/content.js';
import type { ConsultationsDeps } from '../index.js';
import { buildingChanged } from '../../schedule/index.js';
import type { Booked } from '../bookings/booked.js';
import type { BookingsStore } from '../bookings/bookings.store.js';
import type { CoursePeople } from '../course-people.js';
import type { SlotExtras } from '../held/slot-extras.js';
import type { Timetable } from '../slots/slot-list.service.js';
import type { SlotsStore } from '../slots/slots.store.js';
import { createTypesService, type TypesService } from '../types/types.service.js';
import { createTypesStore } from '../types/types.store.js';
import { attestationChoice } from './attestation-choice.js';
import { slotsImportRouter } from './import/import.routes.js';
import { createSlotsImport } from './import/import.service.js';
import { createPlanning } from './planning.service.js';
import { createCopies } from './series-copies.service.js';
import { createSeriesCopiesStore } from './series-copies.store.js';
import { seriesRouter } from './series.routes.js';
import { createSeriesService, type SeriesService } from './series.service.js';
import type { SeriesStore } from './series.store.js';
import { boardRouter } from '../slots/board.routes.js';
import { seriesTimesRouter } from './times.routes.js';
import { createSeriesTimes } from './times.service.js';

export interface PlannedParts {
  readonly series: SeriesStore;
  readonly slots: SlotsStore;
  readonly bookings: BookingsStore;
  readonly booked: Booked;
  readonly people: CoursePeople;
}

/** Series: planned from types, changed, copied with their course. */
export interface Planned {
  readonly series: SeriesService;
  readonly types: TypesService;
  readonly copies: Copies;
  router(timetable: Timetable, extras: SlotExtras): Router;
}

const newId = (): string => new Types.ObjectId().toString();

export function createPlanned(deps: ConsultationsDeps, parts: PlannedParts): Planned {
  const { storage, clock, events, schedule, launch, audit } = deps;
  const { series, slots, bookings, booked, people } = parts;
  const { times, identities, attestations } = schedule;
  const { settling, waiting, reassign } = booked;
  const types = createTypesService({ types: createTypesStore(storage.connection), series, audit });
  // What is called after a room shows its new name.
  events.subscribe(buildingChanged, {
    name: 'follow-place-names',
    async run({ documentId }) {
      for (const { roomId, title } of await schedule.places.listOf(documentId)) {
        await series.renameRoom(roomId, title);
        await slots.renameRoom(roomId, title);
      }
    },
  });
  const planning = createPlanning({
    ...{ times, identities, clock, newId },
    closedDays: (from, to) => schedule.closedDays.list(from, to),
  });
  const service = createSeriesService({
    ...{ series, settling, planning, types, clock },
    findRoom: (id) => schedule.places.findOptional(id),
    followRoom: (changed) => reassign.followSeries(changed),
    attestationOf: attestationChoice(attestations),
    attestationsOf: (courseId) => attestations.list(courseId),
    teachersOf: people.teachersOf,
    linksOf: async (courseId, id) =>
      (await launch.links.ofContent(courseId, { kind: 'consultations', id })).map((link) => link.id),
    seatsAdded: (seriesId) => waiting.offerSeatsOf(seriesId),
  });
  const seriesTimes = createSeriesTimes({
    ...{ seriesService: service, series, slots, bookings, times, identities, settling, newId, clock },
  });
  const slotsImport = createSlotsImport({ service, series, planning, settling, clock });
  return {
    series: service,
    types,
    copies: createCopies({ series, copies: createSeriesCopiesStore(storage.connection), clock }),
    router: (timetable, extras) =>
      Router().use(
        boardRouter({ timetable, service, find: booked.booking, slotMoves: booked.slotMoves, clock }),
        seriesTimesRouter(seriesTimes, service),
        slotsImportRouter(slotsImport, service),
        seriesRouter({
          ...{ service, timetable, types, extras, clock, exports: deps.exports },
          places: () => schedule.places.list(),
          videoWays: () => deps.video.calls.ways(),
        }),
      ),
  };
}
