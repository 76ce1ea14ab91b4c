import { Schema, type Connection, type Types } from 'mongoose';
import type { MessengerName } from './channel.js';

/**
 * Where a channel reaches a person: a chat of a messenger, a telephone, a browser. Of e-mail, addresses that take nothing
 * any more: the LMS tells the others.
 */
export interface ChannelAddress {
  readonly id: string;
  readonly personId: string;
  readonly channel: MessengerName | 'push' | 'mail';
  /** The messenger's id, a telephone, or a push service's address of a browser. */
  readonly address: string;
  /** Of a browser (RFC 8291); '' elsewhere. */
  readonly p256dh: string;
  readonly auth: string;
  readonly linkedAt: Date;
  /** When the channel said that the person has blocked us or is gone; null while it works. */
  readonly brokenAt: Date | null;
  /** What it said, without addresses; ''. */
  readonly reason: string;
}

/** Rows from before there were reasons have none. */
type Row = Omit<ChannelAddress, 'id' | 'reason'> & { reason?: string };
type Found = Row & { _id: Types.ObjectId };

const schema = new Schema<Row>(
  {
    personId: { type: String, required: true },
    channel: { type: String, required: true },
    address: { type: String, required: true },
    p256dh: { type: String, default: '' },
    auth: { type: String, default: '' },
    linkedAt: { type: Date, required: true },
    brokenAt: { type: Date, default: null },
    reason: { type: String, default: '' },
  },
  { collection: 'notification_addresses', versionKey: false },
);
schema.index({ personId: 1, channel: 1, address: 1 }, { unique: true });
schema.index({ channel: 1, address: 1 });
schema.index({ channel: 1, brokenAt: -1 });

export interface AddressesStore {
  listOf(personId: string): Promise<ChannelAddress[]>;
  /** By person. */
  listOfMany(personIds: readonly string[]): Promise<ReadonlyMap<string, readonly ChannelAddress[]>>;
  /** The people who are reached there; a person may be known in several LMSs. */
  findPeople(channel: MessengerName, address: string): Promise<string[]>;
  /** Links an address; one that was broken works again. Other addresses of a messenger are unlinked. */
  link(address: Pick<Row, 'personId' | 'channel' | 'address'> & Partial<Row>, now: Date): Promise<void>;
  unlink(personId: string, channel: ChannelAddress['channel'], address?: string): Promise<void>;
  /** Notes that an address does not work any more, or works again. */
  setBroken(channel: ChannelAddress['channel'], address: string, at: Date | null): Promise<void>;
  /** Notes that a mailbox takes nothing any more. */
  addBroken(broken: Pick<Row, 'personId' | 'channel' | 'address' | 'reason'>, at: Date): Promise<void>;
  /** Those of a channel that do not work, the latest first. */
  listBroken(channel: ChannelAddress['channel'], limit: number): Promise<ChannelAddress[]>;
  deleteForPerson(personId: string): Promise<void>;
  moveToPerson(from: string, to: string): Promise<void>;
}

const plain = ({ _id, ...row }: Found): ChannelAddress => ({
  ...row,
  reason: row.reason ?? '',
  id: _id.toString(),
});

export function createAddressesStore(connection: Connection): AddressesStore {
  const model = connection.model('NotificationAddress', schema);
  return {
    async listOf(personId) {
      const rows = await model.find({ personId }).lean<Found[]>();
      return rows.map(plain);
    },
    async listOfMany(personIds) {
      const rows = await model.find({ personId: { $in: personIds } }).lean<Found[]>();
      const found = new Map<string, ChannelAddress[]>();
      for (const row of rows) found.set(row.personId, [...(found.get(row.personId) ?? []), plain(row)]);
      return found;
    },
    async findPeople(channel, address) {
      const rows = await model.find({ channel, address }).lean<Found[]>();
      return rows.map(({ personId }) => personId);
    },
    async link({ personId, channel, address, p256dh = '', auth = '' }, now) {
      await model.updateOne(
        { personId, channel, address },
        { $set: { p256dh, auth, linkedAt: now, brokenAt: null } },
        { upsert: true },
      );
      if (channel !== 'push') await model.deleteMany({ personId, channel, address: { $ne: address } });
    },
    async unlink(personId, channel, address) {
      await model.deleteMany({ personId, channel, ...(address !== undefined && { address }) });
    },
    async setBroken(channel, address, at) {
      await model.updateMany({ channel, address }, { $set: { brokenAt: at } });
    },
    async addBroken({ personId, channel, address, reason }, at) {
      await model.updateOne(
        { personId, channel, address },
        { $set: { reason, brokenAt: at }, $setOnInsert: { linkedAt: at, p256dh: '', auth: '' } },
        { upsert: true },
      );
    },
    async listBroken(channel, limit) {
      const rows = await model
        .find({ channel, brokenAt: { $gt: new Date(0) } })
        .sort({ brokenAt: -1 })
        .limit(limit)
        .lean<Found[]>();
      return rows.map(plain);
    },
    async deleteForPerson(personId) {
      await model.deleteMany({ personId });
    },
    async moveToPerson(from, to) {
      for (const { _id, channel, address } of await model.find({ personId: from }).lean<Found[]>()) {
        const there = await model.exists({ personId: to, channel, address });
        if (there === null) await model.updateOne({ _id }, { $set: { personId: to } });
        else await model.deleteOne({ _id });
      }
    },
  };
}
