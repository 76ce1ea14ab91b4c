import type { English } from '../english.js';
import type { home as ru } from '../ru/home.js';

export const home: English<typeof ru> = {
  title: 'Up next',
  news: 'New',
  allNews: 'All notifications',
  consultations: 'Upcoming consultations',
  noneBooked: 'You have no bookings yet.',
  noneHeld: 'No upcoming consultations.',
  booked: '{{booked}} of {{capacity}} booked',
  calendar: 'All consultations',
  book: 'Book a consultation',
  tests: 'Tests',
  noTests: 'There are no tests to take now.',
  noResults: 'No new results.',
  due: 'Due',
  take: 'Take',
  retake: 'Take again',
  resume: 'Continue',
  results_one: '{{count}} new result',
  results_other: '{{count}} new results',
  allTests: 'All tests',
};
