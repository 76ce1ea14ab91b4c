import { Schema, type Connection, type Types } from 'mongoose';
import { newToken } from '../../shared/ids.js';
import type { PersonalCollection } from '../../shared/personal-collections.js';
import type { PersonalData } from '../../shared/personal-data.js';
import { isDuplicateKey, modelOf } from '../../storage/index.js';

/** A teacher's own place for video calls, the same for every consultation. */
export interface OwnLink {
  /** Any https address; '' for none. */
  readonly url: string;
  /** What the service asks for besides; may be empty. */
  readonly password: string;
}

interface LinkRow extends OwnLink {
  /** One link for each person. */
  personId: string;
}

/** A room that is made for one occasion. */
interface RoomRow {
  /** What the room is for, such as `consultation-<slot id>`. */
  occasion: string;
  /** Not to be guessed. */
  room: string;
}

const linkSchema = new Schema<LinkRow>(
  {
    personId: { type: String, required: true },
    url: { type: String, default: '' },
    password: { type: String, default: '' },
  },
  { collection: 'video_links', versionKey: false },
);
linkSchema.index({ personId: 1 }, { unique: true });

const roomSchema = new Schema<RoomRow>(
  { occasion: { type: String, required: true }, room: { type: String, required: true } },
  { collection: 'video_rooms', versionKey: false },
);
roomSchema.index({ occasion: 1 }, { unique: true });

const linkCollections: readonly PersonalCollection[] = [
  {
    model: 'VideoLink',
    holds: 'a teacher’s own address for video calls',
    exported: { as: 'videoLinks' },
    erasure: 'deletes',
    merge: 'moves',
    retention: 'until the teacher removes it',
  },
];

export interface VideoLinksStore {
  findOwn(personId: string): Promise<OwnLink>;
  saveOwn(personId: string, link: OwnLink): Promise<void>;
  /** Returns the room of an occasion, made when it is first asked for. */
  roomOf(occasion: string): Promise<string>;
  readonly personalData: PersonalData;
}

type Found<Row> = Row & { _id: Types.ObjectId };

export function createVideoLinksStore(connection: Connection): VideoLinksStore {
  const links = modelOf(connection, 'VideoLink', linkSchema);
  const rooms = modelOf(connection, 'VideoRoom', roomSchema);
  const findRoom = async (occasion: string): Promise<string | null> =>
    (await rooms.findOne({ occasion }).lean<Found<RoomRow>>())?.room ?? null;

  return {
    async findOwn(personId) {
      const row = await links.findOne({ personId }).lean<Found<LinkRow>>();
      return { url: row?.url ?? '', password: row?.password ?? '' };
    },
    async saveOwn(personId, { url, password }) {
      await links.updateOne({ personId }, { $set: { url, password } }, { upsert: true });
    },
    async roomOf(occasion) {
      const known = await findRoom(occasion);
      if (known !== null) return known;
      const room = newToken();
      try {
        await rooms.create({ occasion, room });
        return room;
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        // Two came at once: the other has made it.
        return (await findRoom(occasion)) ?? room;
      }
    },
    personalData: {
      collections: linkCollections,
      dataOf: async ({ personId }) => ({
        videoLinks: await links.find({ personId }).lean<Found<LinkRow>[]>(),
      }),
      holds: () => Promise.resolve([]),
      async erase({ personId }) {
        await links.deleteMany({ personId });
      },
      clashes: () => Promise.resolve([]),
      async move(from, to) {
        // The target's own link stays.
        try {
          await links.updateOne({ personId: from.personId }, { $set: { personId: to.personId } });
        } catch (error) {
          if (!isDuplicateKey(error)) throw error;
          await links.deleteOne({ personId: from.personId });
        }
      },
    },
  };
}
