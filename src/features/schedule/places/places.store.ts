import { Schema, Types, type Connection } from 'mongoose';
import { z } from 'zod';
import {
  defineEvent,
  emitting,
  newEvent,
  NOTHING_WAITS,
  withEvents,
  type AnyModel,
  type EmittingRow,
} from '../../../infra/events/index.js';
import { modelOf } from '../../../storage/index.js';

/** A room of a building; a series that takes place in it claims its time. */
export interface Room {
  readonly id: string;
  readonly title: string;
  /** How many people it holds. */
  readonly capacity: number;
  /** Offered to no new series. */
  readonly closed: boolean;
}

export interface Building {
  readonly id: string;
  readonly title: string;
  /** Postal address in one line; may be empty. */
  readonly location: string;
  readonly rooms: readonly Room[];
  /** Rises with every change. */
  readonly version: number;
}

/** A building or its rooms have other names; the event's document is the building. */
export const buildingChanged = defineEvent('building.changed', z.object({}));

type Row = Omit<Building, 'id'> & EmittingRow;
type Found = Row & { _id: Types.ObjectId };

const schema = new Schema<Row>(
  {
    title: { type: String, required: true },
    location: { type: String, default: '' },
    rooms: {
      type: [
        new Schema<Room>(
          {
            id: { type: String, required: true },
            title: { type: String, required: true },
            capacity: { type: Number, required: true },
            closed: { type: Boolean, default: false },
          },
          { _id: false, id: false },
        ),
      ],
      default: [],
    },
    version: { type: Number, required: true },
  },
  { collection: 'buildings', versionKey: false },
);
schema.plugin(withEvents);
schema.index({ 'rooms.id': 1 });

const plain = ({ _id, title, location, rooms, version }: Found): Building => ({
  id: _id.toString(),
  title,
  location,
  rooms: rooms.map((room) => ({
    ...{ id: room.id, title: room.title, capacity: room.capacity, closed: room.closed },
  })),
  version,
});

export interface PlacesStore {
  /** Emits events. */
  readonly model: AnyModel;
  /** In no particular order. A centre has a few. */
  list(): Promise<Building[]>;
  findOptional(id: string): Promise<Building | null>;
  findOptionalByRoom(roomId: string): Promise<Building | null>;
  insert(building: Pick<Building, 'title' | 'location'>): Promise<void>;
  /** Writes over exactly this version. Returns false if there is another by now. */
  save(building: Building, at: Date): Promise<boolean>;
  /** Returns false if the building has rooms, or is gone. */
  removeEmpty(id: string): Promise<boolean>;
  newRoomId(): string;
}

export function createPlacesStore(connection: Connection): PlacesStore {
  const model = modelOf(connection, 'Building', schema);
  return {
    model: model as AnyModel,
    async list() {
      return (await model.find().lean<Found[]>()).map(plain);
    },
    async findOptional(id) {
      const row = await model.findById(id).lean<Found>();
      return row && plain(row);
    },
    async findOptionalByRoom(roomId) {
      const row = await model.findOne({ 'rooms.id': roomId }).lean<Found>();
      return row && plain(row);
    },
    async insert({ title, location }) {
      await model.create({ title, location, rooms: [], version: 1 });
    },
    async save({ id, version, title, location, rooms }, at) {
      const change = { $set: { title, location, rooms: [...rooms] }, $inc: { version: 1 } };
      const { matchedCount } = await model.updateOne(
        { _id: id, version },
        emitting(change, newEvent(buildingChanged, {}, { at })),
      );
      return matchedCount > 0;
    },
    async removeEmpty(id) {
      return (await model.deleteOne({ _id: id, rooms: { $size: 0 }, ...NOTHING_WAITS })).deletedCount > 0;
    },
    newRoomId: () => new Types.ObjectId().toString(),
  };
}
