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
    text: 'A new booking for the consultation “{{title}}”.\n\nWho: {{student}}\nWhen: {{when}}\nQuestion: {{question}}\nCourse: {{course}}',
  },
  'booking-requested': {
    title: 'A request for a consultation',
    subject: 'Request: {{title}}',
    text: 'A request for the consultation “{{title}}”.\n\nWho: {{student}}\nWhen: {{when}}\nQuestion: {{question}}\nCourse: {{course}}\n\nApprove or decline it.',
  },
  'booking-approved': {
    title: 'A request is approved',
    subject: 'Booking approved: {{title}}',
    text: 'The teacher has approved your booking for the consultation “{{title}}”.\n\nWhen: {{when}}\nTeacher: {{teacher}}\nPlace: {{place}}\nVideo call: {{link}}\nCourse: {{course}}',
  },
  'booking-moved': {
    title: 'A consultation is moved',
    subject: 'Consultation moved: {{title}}',
    text: 'The consultation “{{title}}” has been moved.\n\nBefore: {{before}}\nNow: {{when}}\nReason: {{reason}}\nTeacher: {{teacher}}\nPlace: {{place}}\nVideo call: {{link}}\nCourse: {{course}}',
  },
  'booking-substituted': {
    title: 'The teacher is substituted',
    subject: 'Another teacher: {{title}}',
    text: 'Another teacher will hold the consultation “{{title}}”.\n\nWhen: {{when}}\nTeacher: {{teacher}}\nPlace: {{place}}\nVideo call: {{link}}\nCourse: {{course}}',
  },
  'booking-dropped': {
    title: 'A booking that the student cancels',
    subject: 'The booking is cancelled: {{title}}',
    text: 'The booking for the consultation “{{title}}” is cancelled.\n\nWhen: {{when}}\nTeacher: {{teacher}}\nReason: {{reason}}\nCourse: {{course}}',
  },
  'booking-relocated': {
    title: 'A consultation takes place elsewhere',
    subject: 'Another place: {{title}}',
    text: 'The consultation “{{title}}” will take place elsewhere.\n\nWhen: {{when}}\nPlace: {{place}}\nVideo call: {{link}}\nTeacher: {{teacher}}\nCourse: {{course}}',
  },
  'booking-shifted': {
    title: 'The student moves a booking',
    subject: 'Booking moved: {{title}}',
    text: 'A student has moved a booking for the consultation “{{title}}”.\n\nWho: {{student}}\nBefore: {{before}}\nNow: {{when}}\nCourse: {{course}}',
  },
  'consultation-invitation': {
    title: 'Invitation to a consultation',
    subject: 'Please book a consultation: {{title}}',
    text: 'The teacher invites you to book the consultation “{{title}}”. Choose a time in the course.\n\nTeacher: {{teacher}}\nCourse: {{course}}',
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
    text: 'A seat in the consultation “{{title}}” is held for you. If you do not confirm it in time, it goes to the next student.\n\nWhen: {{when}}\nConfirm by: {{until}}\nCourse: {{course}}',
  },
  'seat-freed': {
    title: 'A seat is free',
    subject: 'A free seat: {{title}}',
    text: 'A seat in the consultation “{{title}}” is free. Book it before it is taken.\n\nWhen: {{when}}\nCourse: {{course}}',
  },
  'booking-cancelled': {
    title: 'A consultation cancelled by the teacher',
    subject: 'Consultation cancelled: {{title}}',
    text: 'The consultation “{{title}}” will not take place.\n\nWhen: {{when}}\nReason: {{reason}}\nTeacher: {{teacher}}\nCourse: {{course}}\n\nYou can book another time in the course.',
  },
  'booking-withdrawn': {
    title: 'A booking cancelled by the student',
    subject: 'Booking cancelled: {{title}}',
    text: 'A student has cancelled a booking for the consultation “{{title}}”.\n\nWho: {{student}}\nWhen: {{when}}\nReason: {{reason}}\nCourse: {{course}}',
  },
  'booking-confirmed': {
    title: 'The student confirms',
    subject: 'Confirmed: {{title}}',
    text: 'A student will come to the consultation “{{title}}”.\n\nWho: {{student}}\nWhen: {{when}}\nCourse: {{course}}',
  },
  'booking-late': {
    title: 'The student is late',
    subject: 'Late: {{title}}',
    text: 'A student is late for the consultation “{{title}}”.\n\nWho: {{student}}\nWhen: {{when}}\nCourse: {{course}}',
  },
  'booking-reminder': {
    title: 'A reminder of a consultation',
    subject: 'Reminder: {{title}}, {{when.day}}, {{when.time}}',
    text: 'This is a reminder of the consultation “{{title}}”.\n\nWhen: {{when}}\nTeacher: {{teacher}}\nPlace: {{place}}\nVideo call: {{link}}\nCourse: {{course}}',
  },
  'slot-reminder': {
    title: 'A reminder for the teacher',
    subject: 'You teach: {{title}}, {{when.day}}, {{when.time}}',
    text: 'You hold the consultation “{{title}}”.\n\nWhen: {{when}}\nBooked: {{booked}}\nPlace: {{place}}\nVideo call: {{link}}\nCourse: {{course}}',
  },
  'daily-list': {
    title: 'The list of a day',
    subject: 'Schedule: {{day.day}}',
    text: 'Classes and consultations: {{day.day}}.\n{{day.zone}}.\n',
  },
  'test-opened': {
    title: 'A test opens',
    subject: 'Test open: {{title}}',
    text: 'The test “{{title}}” is open.\n\nFinish by: {{closes}}\nCourse: {{course}}',
  },
  'test-closing': {
    title: 'A test closes within 24 hours',
    subject: 'Test closes soon: {{title}}',
    text: 'You have not taken the test “{{title}}” yet, and it closes soon.\n\nIt closes: {{closes}}\nCourse: {{course}}',
  },
  'attempt-closed': {
    title: 'An attempt closed by time',
    subject: 'Time is up: {{title}}',
    text: 'The time of the test “{{title}}” is up. Your responses are saved and the attempt is finished.\n\nCourse: {{course}}',
  },
  'test-marked': {
    title: 'A test marked by hand',
    subject: 'Marked: {{title}}',
    text: 'Your test “{{title}}” is marked: {{score}} out of {{maximum}}.\n\nCourse: {{course}}',
  },
  'grade-delivered': {
    title: 'A grade has reached the gradebook',
    subject: 'Grade in the gradebook: {{title}}',
    text: 'Your grade for “{{title}}” is in the gradebook: {{score}} out of {{maximum}}.\n\nCourse: {{course}}',
  },
  'grade-failed': {
    title: 'A grade could not be delivered',
    subject: 'Grade not delivered: {{title}}',
    text: 'A grade for “{{title}}” could not be delivered to the gradebook.\n\nStudent: {{student}}\nThe LMS says: {{reason}}\nCourse: {{course}}\n\nThe page of grades shows what you can do.',
  },
  'people-changed': {
    title: 'People who joined or left',
    subject: 'People of the course “{{course}}” have changed',
    text: 'The people of the course have changed.\n\nJoined: {{joined}}\nLeft: {{left}}',
  },
  'question-asked': {
    title: 'A question to a teacher',
    subject: 'New question: {{title}}',
    text: 'You have been asked a question.\n\nQuestion: {{title}}\nWho: {{student}}\nTo be answered by: {{until}}\nCourse: {{course}}',
  },
  'question-taken': {
    title: 'A teacher takes a question',
    subject: 'Being answered: {{title}}',
    text: 'Your question “{{title}}” is being answered.\n\nTeacher: {{teacher}}\nCourse: {{course}}',
  },
  'question-answered': {
    title: 'An answer to a question',
    subject: 'Your question is answered: {{title}}',
    text: 'Your question “{{title}}” has been answered.\n\nCourse: {{course}}',
  },
  'question-due': {
    title: 'The deadline of an answer is near',
    subject: 'Answer due soon: {{title}}',
    text: 'The question “{{title}}” is still waiting for an answer.\n\nWho: {{student}}\nTo be answered by: {{until}}\nCourse: {{course}}',
  },
  'question-escalated': {
    title: 'A question was left unanswered',
    subject: 'Unanswered question: {{title}}',
    text: 'The question “{{title}}” was left unanswered.\n\nIt was due by: {{until}}\nWho answers: {{teacher}}\nCourse: {{course}}',
  },
  'class-cancelled': {
    title: 'A class is cancelled',
    subject: 'Class cancelled: {{title}}',
    text: 'The class “{{title}}” will not take place.\n\nWhen: {{when}}\nReason: {{reason}}\nTeacher: {{teacher}}\nCourse: {{course}}',
  },
  'class-restored': {
    title: 'A cancelled class takes place',
    subject: 'The class takes place: {{title}}',
    text: 'The class “{{title}}”, which was cancelled, will take place after all.\n\nWhen: {{when}}\nTeacher: {{teacher}}\nPlace: {{place}}\nVideo call: {{link}}\nCourse: {{course}}',
  },
  'class-moved': {
    title: 'A class is moved',
    subject: 'Class moved: {{title}}',
    text: 'The class “{{title}}” has been moved.\n\nBefore: {{before}}\nNow: {{when}}\nReason: {{reason}}\nTeacher: {{teacher}}\nPlace: {{place}}\nVideo call: {{link}}\nCourse: {{course}}',
  },
  'class-substituted': {
    title: 'Another teacher gives a class',
    subject: 'Another teacher: {{title}}',
    text: 'Another teacher will give the class “{{title}}”.\n\nWhen: {{when}}\nTeacher: {{teacher}}\nPlace: {{place}}\nVideo call: {{link}}\nCourse: {{course}}',
  },
  'class-given': {
    title: 'A teacher is to give a class',
    subject: 'You will teach: {{title}}',
    text: 'You will teach the class “{{title}}”.\n\nWhen: {{when}}\nReason for the substitution: {{reason}}\nPlace: {{place}}\nVideo call: {{link}}\nCourse: {{course}}',
  },
  'class-reminder': {
    title: 'A reminder of a class',
    subject: 'Reminder: {{title}}, {{when.day}}, {{when.time}}',
    text: 'This is a reminder of the class “{{title}}”.\n\nWhen: {{when}}\nTeacher: {{teacher}}\nPlace: {{place}}\nVideo call: {{link}}\nCourse: {{course}}',
  },
  'lesson-reminder': {
    title: 'A reminder of a class for the teacher',
    subject: 'You teach: {{title}}, {{when.day}}, {{when.time}}',
    text: 'You teach the class “{{title}}”.\n\nWhen: {{when}}\nPlace: {{place}}\nVideo call: {{link}}\nCourse: {{course}}',
  },
  'attendance-asked': {
    title: 'Attendance is to be marked',
    subject: 'Mark the attendance: {{title}}',
    text: 'The consultation “{{title}}” is over. Mark who was there.\n\nWhen: {{when}}\nCourse: {{course}}',
  },
  'seat-lost': {
    title: 'A seat that was held is given to another',
    subject: 'Your seat was not kept: {{title}}',
    text: 'Your seat in the consultation “{{title}}” was not confirmed in time and has been offered to the next student.\n\nWhen: {{when}}\nCourse: {{course}}',
  },
  'material-published': {
    title: 'New materials of a teacher',
    subject: 'New materials: {{teacher}}',
    text: 'Your teacher has added materials.\n\nTeacher: {{teacher}}\nMaterials: {{titles}}',
  },
  'teacher-letter': {
    title: 'A teacher’s contacts and materials',
    subject: 'Contacts and materials of {{teacher.genitive}}: {{course}}',
    text: '{{note}}\n\n{{contacts}}\n\n{{materials}}\n\nTeacher: {{teacher}}\nCourse: {{course}}',
  },
  'teacher-message': {
    title: 'A teacher’s message to the course',
    subject: 'A message from your teacher: {{course}}',
    text: '{{note}}\n\nTeacher: {{teacher}}\nCourse: {{course}}',
  },
  'attempt-ending': {
    title: 'The time of an attempt is nearly up',
    subject: 'Time is nearly up: {{title}}',
    text: 'You have started the test “{{title}}” and have not finished it.\n\nFinish by: {{closes}}\nCourse: {{course}}',
  },
  digest: {
    title: 'The digest of a day',
    subject: 'Digest: {{day.day}}',
    text: 'What has happened in the last 24 hours:',
  },
  alarm: {
    title: "An administrator's alarm",
    subject: 'Nastavnik needs attention',
    text: '{{what}}',
  },
};
