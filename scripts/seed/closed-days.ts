import type { ScheduleFeature } from '../../src/features/schedule/index.js';
import { translator } from '../../src/i18n/index.js';
import type { SeedContext } from './context.js';

const BY = { kind: 'terminal', id: '', name: 'demo' } as const;

/** The public holidays of this year and the next. Only when no day is listed. */
export async function seedClosedDays({ closedDays }: ScheduleFeature, { now }: SeedContext): Promise<void> {
  const t = translator('ru');
  const year = now.getUTCFullYear();
  if ((await closedDays.list(`${year}-01-01`, `${year + 1}-12-31`)).length > 0) return;
  for (const filled of [year, year + 1]) {
    await closedDays.fillYear(BY, filled, (key) => t(`schedule.holiday.${key}`));
  }
}
