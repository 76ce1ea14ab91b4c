import { viewModel } from '../../web/views.js';

/* What the templates of the schedule print beyond their data. */

interface ClosedDaysGiven {
  readonly year: number;
  readonly days: readonly { readonly date: string; readonly title: string }[];
}

viewModel<ClosedDaysGiven>('schedule/closed-days', ({ year, days }) => ({
  // Morning in UTC is the same day in all zones of Russia.
  lines: days.map((day) => ({ ...day, at: `${day.date}T06:00Z` })),
  years: [year - 1, year, year + 1].map((value) => ({ value, here: value === year })),
}));
