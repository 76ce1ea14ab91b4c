import type { English } from '../english.js';
import type { errors as ru } from '../ru/errors.js';
import { adminErrors, adminFields } from './errors-admin.js';
import { assessmentErrors, assessmentFields } from './errors-assessments.js';
import { bookingErrors, bookingFields } from './errors-booking.js';
import { fileErrors, fileFields } from './errors-files.js';
import { questionErrors, questionFields } from './errors-questions.js';
import { ltiErrors } from './errors-lti.js';

export const errors: English<typeof ru> = {
  ...ltiErrors,
  ...assessmentErrors,
  ...adminErrors,
  ...fileErrors,
  ...bookingErrors,
  ...questionErrors,
  field: {
    webAddress: 'Enter the address of a page, such as https://school.example.org/page',
    tableEmpty: 'The table is empty',
    tableKind: 'This is no CSV or XLSX table',
    videoHost: 'Videos of Rutube, VK Video and YouTube are embedded: paste a link to the video',
    ...assessmentFields,
    ...adminFields,
    ...fileFields,
    ...bookingFields,
    ...questionFields,
    missing: 'Fill in this field',
    wrong: 'This value is not valid',
    tooLong: 'Too long',
    tooBig: 'Too much',
    tooSmall: 'Too little',
    pastDate: 'This date has passed',
    endBeforeStart: 'The end is before the start',
    chooseOne: 'Choose at least one',
    onlyOne: 'Only one can be added here',
    httpsAddress: 'An address that begins with https:// is needed',
    privateAddress: 'This is an address of a private network',
    // The directory's.
    consent: 'Tick the consent: something here becomes visible to everyone for the first time',
    stale: 'What is shown here is older than what is saved now',
    taken: 'Already exists',
    termStarts: 'Days and months with commas between them, such as 01.09, 01.01',
    hoursBefore: 'Hours with commas between them, such as 24, 1',
    unknownVariable: 'There is a variable that is not in the list, or a brace too many',
    // consultations
    fiveMinutes: 'In steps of five minutes',
    placeOrLink: 'Give a place or a video call link',
    individual: 'An individual consultation is for one',
    onlyMore: 'The number of seats can only be increased',
    tooFar: 'No further than a year ahead',
    tooManySlots: 'This makes more than 500 consultations; shorten the range',
    noSuchDay: 'There are no such days of the week in this range',
    doesNotFit: 'No consultation fits between start and end',
    pastTime: 'This time has passed',
    allTaken: 'All of this time is taken by other consultations',
    teacherBusy: 'The teacher is busy at this time',
    roomTaken: 'The room is taken at this time',
    roomTooSmall: 'The room has fewer seats',
    timeTaken: 'The teacher has another consultation at this time',
  },
  received: 'What was received',
  resend: 'Send again',
  toSite: 'To the first page of the centre',
  code: 'Code: {{code}}',
  request: 'Request number: {{id}}',
  'bad-input': { title: 'Check the fields', text: 'Something is not filled in right. Nothing was saved.' },
  'bad-request': { title: 'Request not understood', text: 'Go back to the course page and try again.' },
  'no-such-page': { title: 'No such page', text: 'The link may be old or mistyped.' },
  'not-found': {
    title: 'Not found',
    text: 'This is not in your course. It may have been removed.',
  },
  forbidden: { title: 'Not allowed', text: 'Your role in the course does not allow this.' },
  'viewing-only': {
    title: 'You can only look now',
    text: 'You are viewing the course as a student. To change something, exit the student view: the button is at the top of the page.',
  },
  'session-needed': {
    title: 'Open it from the course',
    text: 'This page opens from a course in your LMS. Go back to the course and open the activity again.',
  },
  'foreign-origin': {
    title: 'Request from another site',
    text: 'Changes are accepted from pages of Nastavnik only.',
  },
  csrf: {
    title: 'This page is out of date',
    text: 'This page is out of date or was opened by another person. Open it again and repeat.',
  },
  'too-many-requests': {
    title: 'Too many requests',
    text: 'Wait {{count}} s and try again.',
  },
  'too-large': { title: 'Too much data', text: 'The request is larger than allowed. Nothing was saved.' },
  'wrong-content-type': {
    title: 'Unsuitable format',
    text: 'The data came in a format that is not accepted here.',
  },
  // The directory's.
  'directory-nobody': {
    title: 'Not in the directory',
    text: 'The card or association has been removed or hidden, or the address is mistyped.',
  },
  'directory-stale': {
    title: 'Changed already',
    text: 'Another person changed this while you were writing. Nothing was saved: open it again and repeat.',
  },
  'directory-title-taken': { title: 'This association already exists', text: 'Choose another title.' },
  internal: {
    title: 'An error on our side',
    text: 'We have noted what happened. Try again; if it repeats, tell the administrator the request number.',
  },
  'database-full': {
    title: 'Nothing can be saved now',
    text: 'The server has no space left. Pages can be read. What you entered is not saved yet: keep this page open and send it again later. If it happens again, tell the administrator.',
  },
  'database-unavailable': {
    title: 'The database is not available now',
    text: 'Try again in a minute. If you were sending something, it is not saved yet.',
  },
  'not-ready': { title: 'Starting up', text: 'Try again in a few seconds.' },
  // consultations
  'slot-full': { title: 'No seats left', text: 'The last seat has just been taken. Choose another time.' },
  'too-many-bookings': {
    title: 'Too many bookings',
    text: 'You have a hundred bookings ahead in this course. Cancel some to book again.',
  },
  'already-booked': { title: 'You are already booked', text: 'This consultation needs no second booking.' },
  'booking-overlaps': {
    title: 'You are busy at this time',
    text: 'You are already booked: “{{title}}”, {{when}}. Cancel that booking or choose another time.',
  },
  'booking-closed': { title: 'Booking is closed', text: 'It starts too soon. Choose another time.' },
  'cancel-closed': {
    title: 'Too late to cancel',
    text: 'It starts too soon. If you cannot come, tell the teacher.',
  },
  'action-used': { title: 'Done already', text: 'This button has been pressed; it works once.' },
  'booking-gone': { title: 'No booking any more', text: 'This booking of a consultation is cancelled.' },
  'channel-refused': { title: 'Not sent', text: 'The message could not be sent. Try later.' },
  'mail-refused': { title: 'Not sent', text: 'The mail server did not take the message.' },
  'too-many-parents': {
    title: 'Too many addresses',
    text: 'There can be four addresses of parents at most.',
  },
  'slot-past': { title: 'The time has passed', text: 'This consultation has begun or is over.' },
  'slot-cancelled': { title: 'Time cancelled', text: 'The teacher has cancelled this time. Choose another.' },
  'slot-booked': {
    title: 'This time is booked',
    text: 'It cannot simply be removed. Cancel the consultation and give a reason.',
  },
  'series-filled': {
    title: 'There is a timetable already',
    text: 'Another person has just filled it in. Times can be added on the page of the series.',
  },
  'series-unfilled': { title: 'No timetable yet', text: 'Fill in the timetable of the series first.' },
  'series-ended': { title: 'The series has ended', text: 'It takes no new bookings or times.' },
  'slot-not-begun': {
    title: 'The consultation has not begun',
    text: 'Attendance, notes and files can be entered here once it begins.',
  },
  'attendance-stale': {
    title: 'Changed meanwhile',
    text: 'Another person has changed the attendance. Open the page again and repeat.',
  },
  'place-stale': {
    title: 'Changed meanwhile',
    text: 'Another person has changed this. Open the page again and repeat.',
  },
  'place-has-rooms': {
    title: 'The building has rooms',
    text: 'A building with rooms cannot be removed. Rooms that are not needed can be closed.',
  },
  'video-missing': {
    title: 'No video call',
    text: 'No video call is set up for this consultation yet. Ask the teacher.',
  },
  'video-not-booked': {
    title: 'Book first',
    text: 'Those who have booked this consultation can join the video call.',
  },
  'video-failed': {
    title: 'The video server does not answer',
    text: 'Try again in a few seconds. The server said: {{reason}}',
  },
  'roster-launched': {
    title: 'The LMS has told the role',
    text: 'The person has been here, and the LMS has told their role. It can be changed there.',
  },
  'roster-none': {
    title: 'No list',
    text: 'The LMS has not said where its list of participants is. Open an activity from the course and try again.',
  },
  'try-again': { title: 'Try again', text: 'Another person was changing the same thing just now.' },
};
