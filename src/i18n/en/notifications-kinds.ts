import type { English } from '../english.js';
import type { kinds as russian } from '../ru/notifications-kinds.js';

/** Words of each kind of message; see src/features/notifications/sending/template.ts for their language. */
export const kinds: English<typeof russian> = {
  'booking-made': {
    title: 'A booking of a consultation',
    subject: 'You are booked: {{title}}',
    text: 'You have booked the consultation “{{title}}”.\n\nWhen: {{when}}\nTeacher: {{teacher}}\nPlace: {{place}}\nVideo call: {{link}}\nYour question: {{question}}\nCourse: {{course}}',
  },
  'booking-taken': {
    title: 'A new booking for the teacher',
    subject: 'New booking: {{title}}',
    text: 'A new booking of the consultation “{{title}}”.\nWho: {{student}}\nWhen: {{when}}\nQuestion: {{question}}',
  },
  'booking-requested': {
    title: 'A request for a consultation',
    subject: 'Request: {{title}}',
    text: 'A request for the consultation “{{title}}”.\nWho: {{student}}\nWhen: {{when}}\nQuestion: {{question}}\n\nApprove or decline it.',
  },
  'booking-approved': {
    title: 'A request is approved',
    subject: 'Booking approved: {{title}}',
    text: 'The teacher has approved your booking of the consultation “{{title}}”.\n\nWhen: {{when}}\nTeacher: {{teacher}}\nPlace: {{place}}\nVideo call: {{link}}\nCourse: {{course}}',
  },
  'booking-moved': {
    title: 'A consultation is moved',
    subject: 'Consultation moved: {{title}}',
    text: 'The consultation “{{title}}” is moved.\n\nBefore: {{before}}\nNow: {{when}}\nReason: {{reason}}\nTeacher: {{teacher}}\nPlace: {{place}}\nVideo call: {{link}}\nCourse: {{course}}',
  },
  'booking-substituted': {
    title: 'The teacher is substituted',
    subject: 'Another teacher: {{title}}',
    text: 'Another teacher holds the consultation “{{title}}”.\n\nWhen: {{when}}\nTeacher: {{teacher}}\nPlace: {{place}}\nCourse: {{course}}',
  },
  'booking-shifted': {
    title: 'The student moves a booking',
    subject: 'Booking moved: {{title}}',
    text: 'A booking of the consultation “{{title}}” is moved by the student.\nWho: {{student}}\nBefore: {{before}}\nNow: {{when}}',
  },
  'consultation-invitation': {
    title: 'Invitation to a consultation',
    subject: 'Please book a consultation: {{title}}',
    text: 'The teacher invites you to book a consultation: {{title}}.\nTeacher: {{teacher}}\nCourse: {{course}}',
  },
  'test-message': {
    title: 'The teacher’s message about a test',
    subject: 'About the test: {{title}}',
    text: '{{text}}\n\nTest: {{title}}\nTeacher: {{teacher}}\nCourse: {{course}}',
  },
  'consultation-message': {
    title: 'The teacher’s message to those who booked',
    subject: 'About the consultation: {{title}}',
    text: '{{text}}\n\nConsultation: {{title}}\nTeacher: {{teacher}}\nCourse: {{course}}',
  },
  'seat-offered': {
    title: 'A seat is held for you',
    subject: 'A seat is free: {{title}}',
    text: 'A seat of the consultation “{{title}}” is held for you.\n\nWhen: {{when}}\nTake it by: {{until}}\nCourse: {{course}}',
  },
  'seat-freed': {
    title: 'A seat is free',
    subject: 'A free seat: {{title}}',
    text: 'There is a free seat of the consultation “{{title}}”.\nWhen: {{when}}\nCourse: {{course}}',
  },
  'booking-cancelled': {
    title: 'A consultation cancelled by the teacher',
    subject: 'Consultation cancelled: {{title}}',
    text: 'The consultation “{{title}}” ({{when}}) does not take place.\n\nReason: {{reason}}\nTeacher: {{teacher}}\nCourse: {{course}}\n\nYou can book another time in the course.',
  },
  'booking-withdrawn': {
    title: 'A booking cancelled by the student',
    subject: 'Booking cancelled: {{title}}',
    text: 'A booking of the consultation “{{title}}” is cancelled by the student.\nWho: {{student}}\nWhen: {{when}}\nReason: {{reason}}',
  },
  'booking-confirmed': {
    title: 'The student confirms',
    subject: 'Confirmed: {{title}}',
    text: 'The consultation “{{title}}” is confirmed.\nWho: {{student}}\nWhen: {{when}}',
  },
  'booking-late': {
    title: 'The student is late',
    subject: 'Late: {{title}}',
    text: 'The student will be late for the consultation “{{title}}”.\nWho: {{student}}\nWhen: {{when}}',
  },
  'booking-reminder': {
    title: 'A reminder of a consultation',
    subject: 'Reminder: {{title}}, {{when.day}}, {{when.time}}',
    text: 'The consultation “{{title}}”.\n\nWhen: {{when}}\nTeacher: {{teacher}}\nPlace: {{place}}\nVideo call: {{link}}\nCourse: {{course}}',
  },
  'slot-reminder': {
    title: 'A reminder for the teacher',
    subject: 'You teach: {{title}}, {{when.day}}, {{when.time}}',
    text: 'You hold the consultation “{{title}}”.\n\nWhen: {{when}}\nBooked: {{booked}}\nPlace: {{place}}\nVideo call: {{link}}\nCourse: {{course}}',
  },
  'daily-list': {
    title: 'The list of a day',
    subject: 'Schedule: {{day.day}}',
    text: 'Consultations, {{day.day}}:',
  },
  'test-opened': {
    title: 'A test opens',
    subject: 'Test open: {{title}}',
    text: 'The test “{{title}}” is open.\nFinish by: {{closes}}\nCourse: {{course}}',
  },
  'test-closing': {
    title: 'A test closes within 24 hours',
    subject: 'Test closes soon: {{title}}',
    text: 'You have not taken the test “{{title}}” yet.\nIt closes: {{closes}}\nCourse: {{course}}',
  },
  'attempt-closed': {
    title: 'An attempt closed by time',
    subject: 'Time is up: {{title}}',
    text: 'The time of the test “{{title}}” is up. Your responses are saved and the attempt is finished.\nCourse: {{course}}',
  },
  'test-marked': {
    title: 'A test marked by hand',
    subject: 'Marked: {{title}}',
    text: 'Your test “{{title}}” is marked: {{score}} of {{maximum}}.\nCourse: {{course}}',
  },
  'grade-delivered': {
    title: 'A grade has reached the gradebook',
    subject: 'Grade in the gradebook: {{title}}',
    text: '“{{title}}”: {{score}} of {{maximum}}.',
  },
  'grade-failed': {
    title: 'A grade could not be delivered',
    subject: 'Grade not delivered: {{title}}',
    text: 'A grade for “{{title}}” could not be delivered to the gradebook.\nStudent: {{student}}\nThe LMS says: {{reason}}',
  },
  'people-changed': {
    title: 'People who joined or left',
    subject: 'People of the course “{{course}}” have changed',
    text: 'Joined: {{joined}}, left: {{left}}.',
  },
  alarm: {
    title: "An administrator's alarm",
    subject: 'Nastavnik needs attention',
    text: '{{what}}',
  },
};
