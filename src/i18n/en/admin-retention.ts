import type { retention as ru } from '../ru/admin-retention.js';
import type { English } from '../english.js';

export const retention: English<typeof ru> = {
  title: 'Retention',
  text: 'Records older than their age are removed every night by themselves. Everything else is kept until it is removed.',
  period: {
    1: '1 month',
    3: '3 months',
    6: '6 months',
    12: '1 year',
    24: '2 years',
    36: '3 years',
    60: '5 years',
    120: '10 years',
    endless: 'without end',
  },
  kind: {
    people: 'Students who have left all courses',
    consultations: 'Past consultations, and messages about them',
    questions: 'Answered and closed questions',
    classes: 'Past classes',
    notifications: 'Notifications on the pages',
    audit: 'Audit log',
  },
  removes: {
    people:
      'Counted from leaving the last course. All data is erased, as by the button on the page of a person; grades in the LMS stay.',
    consultations:
      'Counted from the day of the consultation. Removed with bookings, attendance, notes and files; grades in the LMS stay.',
    questions: 'Counted from the last message. Removed with files; published ones stay.',
    classes: 'Counted from the day of the class. Removed with attendance, homework and materials.',
    notifications: 'Read or not. Mail and messengers are not touched.',
    audit: 'Who changed what. Without an age the whole log is kept.',
  },
  due_one: '{{count}} record is older now, and will be removed',
  due_other: '{{count}} records are older now, and will be removed',
  records_one: '{{count}} record',
  records_other: '{{count}} records',
  older: 'age: {{period}}',
  sureTitle: 'What will be removed',
  sureText: 'By the new ages, what is older is removed the next night',
  noWay: 'What is removed comes back from a backup alone.',
  sureDo: 'Set the ages',
};
