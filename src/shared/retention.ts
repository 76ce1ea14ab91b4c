/** Records that are removed at an age which an administrator sets. The feature that stores them registers the rule. */
export interface RetentionRule {
  /** kebab-case; stays the same for ever, for it is stored. Its words are `admin.retention.kind.<name>`. */
  readonly name: string;
  /** Ages in months among which an administrator chooses. */
  readonly months: readonly number[];
  /** What holds until one is chosen; null: nothing is removed. */
  readonly usual: number | null;
  /** How many records are older. */
  count(before: Date): Promise<number>;
  /** Removes up to `limit` of them. Returns how many; fewer than `limit` when no more can be removed now. */
  remove(before: Date, limit: number, by: RetentionActor): Promise<number>;
}

/** The administrator who has set the age, as the audit log names actors. */
export interface RetentionActor {
  readonly kind: 'admin' | 'terminal' | 'person' | 'platform-admin' | 'platform' | 'nobody';
  readonly id: string;
  readonly name: string;
}

/** In forms: records that stay for ever. */
export const ENDLESS = 'endless';

/** The moment so many months before another, to the day. */
export function monthsBefore(now: Date, months: number): Date {
  const before = new Date(now);
  before.setUTCMonth(before.getUTCMonth() - months, 1);
  const lastDay = new Date(Date.UTC(before.getUTCFullYear(), before.getUTCMonth() + 1, 0)).getUTCDate();
  before.setUTCDate(Math.min(now.getUTCDate(), lastDay));
  return before;
}
