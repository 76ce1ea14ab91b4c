import type { Audit, AuditActor } from '../../../infra/audit/index.js';
import type { ClosedDay, ClosedDaysStore } from './closed-days.store.js';
import { russianHolidays } from './russian-holidays.js';

export interface ClosedDaysService {
  listYear(year: number): Promise<ClosedDay[]>;
  /** Days from one to another, both included. */
  list(from: string, to: string): Promise<ClosedDay[]>;
  add(by: AuditActor, day: ClosedDay): Promise<void>;
  /** Adds the days off of Russia; days that are there keep their titles. */
  fillYear(by: AuditActor, year: number, nameOf: (key: string) => string): Promise<void>;
  remove(by: AuditActor, date: string): Promise<void>;
}

export interface ClosedDaysDeps {
  readonly days: ClosedDaysStore;
  readonly audit: Pick<Audit, 'append'>;
}

export function createClosedDaysService({ days, audit }: ClosedDaysDeps): ClosedDaysService {
  const listYear = (year: number): Promise<ClosedDay[]> => days.list(`${year}-01-01`, `${year}-12-31`);
  const note = (by: AuditActor, after: Readonly<Record<string, string>>): Promise<void> =>
    audit.append({
      actor: by,
      action: 'closed-days-changed',
      subject: { kind: 'centre', id: '', name: '' },
      after,
    });
  return {
    listYear,
    list: (from, to) => days.list(from, to),

    async add(by, day) {
      await days.save([day]);
      await note(by, { added: `${day.date} ${day.title}`.trim() });
    },

    async fillYear(by, year, nameOf) {
      const known = new Set((await listYear(year)).map(({ date }) => date));
      const missing = russianHolidays(year).filter(({ date }) => !known.has(date));
      await days.save(missing.map(({ date, key }) => ({ date, title: nameOf(key) })));
      await note(by, { filled: String(year) });
    },

    async remove(by, date) {
      await days.remove(date);
      await note(by, { removed: date });
    },
  };
}
