import type { bookingErrors as ruErrors, bookingFields as ruFields } from '../ru/errors-booking.js';
import type { English } from '../english.js';

export const bookingErrors: English<typeof ruErrors> = {
  'booking-early': { title: 'Booking is not open yet', text: 'This time opens for booking later.' },
  'reschedule-closed': {
    title: 'Too late to reschedule',
    text: 'It begins too soon. Your booking stays as it is.',
  },
  'undo-late': { title: 'The minute is over', text: 'You can still cancel the booking until its deadline.' },
  'companion-busy': {
    title: 'Not everyone is free',
    text: '{{name}} is busy at this time. No one was booked.',
  },
  'limit-at-once': {
    title: 'No more bookings for now',
    text: 'Upcoming bookings of this type at one time: at most {{count}}. Reschedule or cancel one of them.',
  },
  'limit-week': {
    title: 'No more this week',
    text: 'Bookings of this type per week: at most {{count}}. Choose another week.',
  },
  'limit-term': {
    title: 'No more this term',
    text: 'Bookings of this type per term: at most {{count}}.',
  },
  'limit-series': {
    title: 'No more in this series',
    text: 'Bookings in this series: at most {{count}}.',
  },
  'slot-free': { title: 'There is a seat', text: 'You can book this time; there is no need to wait.' },
  'offer-over': {
    title: 'The seat is no longer kept',
    text: 'The time until which the seat was yours is over. You can join the waiting list again.',
  },
  'slot-move-clash': {
    title: 'Not everyone is free',
    text: 'Busy at the new time: {{names}}. Choose another time, or reschedule their bookings first.',
  },
  'all-booked': { title: 'Everyone has booked', text: 'There is no one to invite.' },
  'none-booked': {
    title: 'No one to write to',
    text: 'No one is booked for this series’ upcoming consultations.',
  },
  'type-stale': {
    title: 'Already changed',
    text: 'While you were writing, another administrator changed this type. Open it again and repeat.',
  },
};

export const bookingFields: English<typeof ruFields> = {
  group: 'A group consultation is for two at least',
  days: 'Days such as 31.12.2026, with commas between, a hundred at most',
  bandsOverlap: 'The hours of one day overlap',
  nothingChosen: 'No time is ticked',
};
