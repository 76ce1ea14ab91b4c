import type { Audit, AuditActor } from '../../../infra/audit/index.js';
import { badInput, DomainError, notFound } from '../../../shared/errors.js';
import type { Clock } from '../../../shared/clock.js';
import { compareText } from '../../../shared/collation.js';
import type { Building, PlacesStore, Room } from './places.store.js';

/** A room with its building, as other features show it. */
export interface Place {
  readonly roomId: string;
  /** "Building, room". */
  readonly title: string;
  readonly location: string;
  readonly capacity: number;
  readonly closed: boolean;
}

export type RoomInput = Omit<Room, 'id'>;

export interface PlacesService {
  /** By title. */
  listBuildings(): Promise<Building[]>;
  /** All rooms, by building and title; closed ones too. */
  list(): Promise<Place[]>;
  findOptional(roomId: string): Promise<Place | null>;
  /** The rooms of a building; none if it is gone. */
  listOf(buildingId: string): Promise<Place[]>;
  addBuilding(by: AuditActor, building: Pick<Building, 'title' | 'location'>): Promise<void>;
  /** @throws DomainError `not-found`; 409 `place-stale` if the building has changed meanwhile */
  changeBuilding(
    by: AuditActor,
    id: string,
    change: Pick<Building, 'title' | 'location' | 'version'>,
  ): Promise<void>;
  /** @throws DomainError `not-found`; 409 `place-has-rooms` */
  removeBuilding(by: AuditActor, id: string): Promise<void>;
  /** @throws DomainError `not-found`; `bad-input` on `title` if the building has such a room; 409 `place-stale` */
  addRoom(by: AuditActor, buildingId: string, room: RoomInput): Promise<void>;
  /** @throws as `addRoom` */
  changeRoom(by: AuditActor, buildingId: string, roomId: string, room: RoomInput): Promise<void>;
}

export interface PlacesDeps {
  readonly store: PlacesStore;
  readonly audit: Pick<Audit, 'append'>;
  readonly clock: Clock;
}

const stale = (): DomainError =>
  new DomainError('place-stale', 409, { fields: { version: 'errors.field.stale' } });

const placeOf = ({ title, location }: Building, room: Room): Place => ({
  roomId: room.id,
  title: `${title}, ${room.title}`,
  location,
  capacity: room.capacity,
  closed: room.closed,
});

const worded = (room: RoomInput): string => `${room.title}: ${room.capacity}${room.closed ? ' ×' : ''}`;

export function createPlacesService({ store, audit, clock }: PlacesDeps): PlacesService {
  async function find(id: string): Promise<Building> {
    const found = await store.findOptional(id);
    if (found === null) throw notFound();
    return found;
  }

  async function note(by: AuditActor, name: string, before: string, after: string): Promise<void> {
    await audit.append({
      actor: by,
      action: 'places-changed',
      subject: { kind: 'centre', id: '', name },
      before: { place: before },
      after: { place: after },
    });
  }

  const sorted = async (): Promise<Building[]> =>
    (await store.list())
      .map((building) => ({
        ...building,
        rooms: [...building.rooms].sort((a, b) => compareText(a.title, b.title)),
      }))
      .sort((a, b) => compareText(a.title, b.title));

  async function saveRooms(building: Building, rooms: readonly Room[]): Promise<void> {
    const titles = rooms.map(({ title }) => title.toLocaleLowerCase('ru'));
    if (new Set(titles).size < titles.length) throw badInput({ title: 'errors.field.taken' });
    if (!(await store.save({ ...building, rooms }, clock.now()))) throw stale();
  }

  return {
    listBuildings: sorted,

    async list() {
      return (await sorted()).flatMap((building) => building.rooms.map((room) => placeOf(building, room)));
    },

    async findOptional(roomId) {
      const building = roomId === '' ? null : await store.findOptionalByRoom(roomId);
      const room = building?.rooms.find(({ id }) => id === roomId);
      return building && room ? placeOf(building, room) : null;
    },

    async listOf(buildingId) {
      const building = await store.findOptional(buildingId);
      return building?.rooms.map((room) => placeOf(building, room)) ?? [];
    },

    async addBuilding(by, building) {
      await store.insert(building);
      await note(by, building.title, '', building.location || building.title);
    },

    async changeBuilding(by, id, change) {
      const before = await find(id);
      if (!(await store.save({ ...before, ...change }, clock.now()))) throw stale();
      await note(
        by,
        change.title,
        `${before.title}: ${before.location}`,
        `${change.title}: ${change.location}`,
      );
    },

    async removeBuilding(by, id) {
      const before = await find(id);
      if (!(await store.removeEmpty(id))) throw new DomainError('place-has-rooms', 409);
      await note(by, before.title, before.location || before.title, '');
    },

    async addRoom(by, buildingId, room) {
      const building = await find(buildingId);
      await saveRooms(building, [...building.rooms, { ...room, id: store.newRoomId() }]);
      await note(by, building.title, '', worded(room));
    },

    async changeRoom(by, buildingId, roomId, room) {
      const building = await find(buildingId);
      const before = building.rooms.find(({ id }) => id === roomId);
      if (before === undefined) throw notFound();
      await saveRooms(
        building,
        building.rooms.map((kept) => (kept.id === roomId ? { ...room, id: roomId } : kept)),
      );
      await note(by, building.title, worded(before), worded(room));
    },
  };
}
