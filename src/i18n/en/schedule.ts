import type { schedule as ru } from '../ru/schedule.js';
import type { English } from '../english.js';

export const schedule: English<typeof ru> = {
  closedDays: {
    title: 'Closed days',
    text: 'New series offer nothing on these days. Consultations that exist stay.',
    year: 'Year',
    empty: 'No closed days are listed for {{year}}.',
    fill: 'Add the public holidays of Russia for {{year}}',
    fillHint: 'By article 112 of the Labour Code; check and correct what decrees have moved.',
    add: 'Add a day',
    name: 'Name',
  },
  holiday: {
    newYear: 'New Year holidays',
    christmas: 'Orthodox Christmas',
    defender: 'Defender of the Fatherland Day',
    women: 'International Women’s Day',
    labour: 'Spring and Labour Day',
    victory: 'Victory Day',
    russia: 'Russia Day',
    unity: 'National Unity Day',
    moved: 'Moved day off',
  },
  done: { dayAdded: 'Day added', dayRemoved: 'Day removed', yearFilled: 'Holidays added' },
};
