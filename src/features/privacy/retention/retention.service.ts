import { changed, type Audit, type AuditActor, type AuditValues } from '../../../infra/audit/index.js';
import type { Clock } from '../../../shared/clock.js';
import { DomainError } from '../../../shared/errors.js';
import { monthsBefore, type RetentionRule } from '../../../shared/retention.js';
import type { Periods, RetentionStore } from './retention.store.js';

export interface RetentionServiceDeps {
  readonly store: RetentionStore;
  /** Of all features; asked when needed. */
  readonly rules: () => readonly RetentionRule[];
  readonly audit: Pick<Audit, 'append'>;
  readonly clock: Clock;
}

/** A rule with the age that holds. */
export interface SetRule {
  readonly name: string;
  readonly choices: readonly number[];
  /** Whether its records may stay for ever. */
  readonly endless: boolean;
  readonly months: number | null;
  /** How many records are older now. */
  readonly due: number;
}

/** How long records are kept: set by an administrator, carried out by a job at night. */
export interface RetentionService {
  /** @param wanted ages to look at instead of those that hold */
  list(wanted?: Periods): Promise<{ readonly rules: readonly SetRule[]; readonly version: number }>;
  /** @throws DomainError `settings-stale` (409) when there is another version than was seen */
  save(by: AuditActor, version: number, periods: Periods): Promise<void>;
  /** Removes what is older than its age. May be cut short and repeated. */
  sweep(): Promise<void>;
}

const AT_ONCE = 200;

const ageOf = ({ name, usual }: RetentionRule, periods: Periods): number | null => {
  const set = periods[name];
  return set === undefined ? usual : set;
};

export function createRetention({ store, rules, audit, clock }: RetentionServiceDeps): RetentionService {
  const texts = (periods: Periods): AuditValues =>
    Object.fromEntries(rules().map((rule) => [rule.name, String(ageOf(rule, periods) ?? '')]));

  return {
    async list(wanted) {
      const { periods, version } = await store.find();
      const now = clock.now();
      const set = rules().map(async (rule): Promise<SetRule> => {
        const months = ageOf(rule, wanted ?? periods);
        return {
          name: rule.name,
          choices: rule.months,
          endless: rule.usual === null,
          months,
          due: months === null ? 0 : await rule.count(monthsBefore(now, months)),
        };
      });
      return { rules: await Promise.all(set), version };
    },

    async save(by, version, periods) {
      const before = await store.find();
      if (before.version !== version || !(await store.save(version, periods, by)))
        throw new DomainError('settings-stale', 409, { fields: { version: 'errors.field.settingsStale' } });
      await audit.append({
        actor: by,
        action: 'retention-changed',
        subject: { kind: 'centre', id: '', name: '' },
        ...changed(texts(before.periods), texts(periods)),
      });
    },

    async sweep() {
      const { periods, by } = await store.find();
      for (const rule of rules()) {
        const months = ageOf(rule, periods);
        if (months === null) continue;
        const before = monthsBefore(clock.now(), months);
        let removed = 0;
        for (let part = AT_ONCE; part === AT_ONCE; removed += part)
          part = await rule.remove(before, AT_ONCE, by);
        if (removed === 0) continue;
        await audit.append({
          actor: by,
          action: 'old-records-removed',
          subject: { kind: 'data', id: '', name: '' },
          after: { [rule.name]: String(removed) },
        });
      }
    },
  };
}
