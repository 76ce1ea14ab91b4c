import type { English } from '../english.js';
import type { home as ru } from '../ru/home.js';

export const home: English<typeof ru> = {
  title: 'What is next',
  consultations: 'Next consultations',
  noneBooked: 'You have booked nothing.',
  noneHeld: 'No consultations soon.',
  booked: '{{booked}} of {{capacity}} booked',
  calendar: 'All consultations',
  book: 'Book a consultation',
  tests: 'Tests',
  noTests: 'Nothing to take now.',
  noResults: 'No new results.',
  due: 'Until',
  take: 'Take',
  retake: 'Take again',
  resume: 'Continue',
  results_one: '{{count}} new result',
  results_other: '{{count}} new results',
  allTests: 'All tests',
};
