import { Schema, type Connection } from 'mongoose';
import { isOver } from '../../../shared/clock.js';
import { networkOf } from '../../../shared/addresses.js';
import { isDuplicateKey } from '../../../storage/index.js';
import { digest } from '../../../shared/ids.js';

/** How many tries are free, and how the pauses after them grow. Milliseconds. */
export interface TriesRule {
  readonly free: number;
  readonly firstPause: number;
  readonly longestPause: number;
  /** Without a try for this long, all is forgotten. */
  readonly forget: number;
}

interface Row {
  _id: string;
  tries: number;
  pausedUntil: Date;
  expiresAt: Date;
}

const schema = new Schema<Row>(
  {
    _id: { type: String, required: true },
    tries: { type: Number, required: true },
    pausedUntil: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'admin_tries', versionKey: false },
);
schema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

const NEVER = new Date(0);

/** What tries are counted by. */
export const triesAt = {
  /** Over all networks. */
  login: (loginKey: string): string => `login ${loginKey}`,
  loginFrom: (loginKey: string, address: string): string => `login ${loginKey} from ${networkOf(address)}`,
  browser: (id: string): string => `browser ${id}`,
  /** A second factor, asked of those who know the password. */
  code: (adminId: string): string => `code ${adminId}`,
  /** The password of a signed-in administrator, asked once more. */
  own: (adminId: string): string => `own ${adminId}`,
  address: (address: string): string => `address ${networkOf(address)}`,
};

/**
 * Tries at logins, counted before their outcome is known: of any number that come together, over any number of
 * processes, no more than the rule allows are looked at.
 */
export interface TriesStore {
  /**
   * Counts one try at `what`.
   * @returns null when it may go on; else the moment until which nothing is tried
   */
  claim(what: string, rule: TriesRule, now: Date): Promise<Date | null>;
  /** This try was none: it succeeded. Those before it still count. */
  refund(what: string): Promise<void>;
  forget(what: string): Promise<void>;
}

export function createTriesStore(connection: Connection): TriesStore {
  const model = connection.model('AdminTry', schema);
  return {
    async claim(what: string, rule: TriesRule, now: Date): Promise<Date | null> {
      const _id = digest(what);
      const counted = (tries: number): Omit<Row, '_id'> => ({
        tries,
        pausedUntil: tries < rule.free ? NEVER : new Date(now.getTime() + pause(rule, tries)),
        expiresAt: new Date(now.getTime() + rule.forget),
      });
      for (;;) {
        const known = await model.findById(_id).lean();
        if (known === null) {
          try {
            await model.create({ _id, ...counted(1) });
            return null;
          } catch (error) {
            if (!isDuplicateKey(error)) throw error;
            continue;
          }
        }
        if (!isOver(known.pausedUntil.getTime(), rule.longestPause, now.getTime())) return known.pausedUntil;
        const tries = known.expiresAt <= now ? 1 : known.tries + 1;
        const { tries: before, pausedUntil } = known;
        const won = await model.updateOne({ _id, tries: before, pausedUntil }, { $set: counted(tries) });
        if (won.matchedCount > 0) return null;
      }
    },
    async refund(what: string): Promise<void> {
      await model.updateOne(
        { _id: digest(what), tries: { $gt: 0 } },
        { $inc: { tries: -1 }, $set: { pausedUntil: NEVER } },
      );
    },
    async forget(what: string): Promise<void> {
      await model.deleteOne({ _id: digest(what) });
    },
  };
}

const pause = ({ free, firstPause, longestPause }: TriesRule, tries: number): number =>
  Math.min(firstPause * 2 ** Math.min(tries - free, 30), longestPause);
