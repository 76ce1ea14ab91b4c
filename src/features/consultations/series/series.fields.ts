import { z } from 'zod';
import { isRecordId } from '../../../shared/ids.js';
import {
  choiceField,
  defineFields,
  lineField,
  listedField,
  optionalLineField,
  textField,
  wholeField,
} from '../../../infra/forms/index.js';
import { hoursBefore } from '../../../infra/settings/index.js';
import { optionalAddress } from '../../../web/parse.js';
import {
  APPROVALS,
  FILE_LIMITS,
  GRADINGS,
  MODES,
  NAMES,
  QUESTIONS,
  REQUIRED,
  VIDEOS,
} from './series-settings.js';

const LINK_LENGTH = 500;
/** Two weeks: more would keep nearly everybody from booking. */
const MOST_HOURS = 336;
const MOST_OF_ONE = 50;
/** No one is invited earlier before an attestation. */
export const MOST_INVITE_DAYS = 60;
const MOST_BUFFER = 120;

/** Rules that a series takes from its type and may change. */
export const ruleFields = {
  mode: choiceField({
    label: 'consultations.field.mode',
    choices: MODES,
    usual: 'inPerson',
    choiceText: (mode) => `consultations.mode.${mode}`,
    group: 'what',
  }),
  /** Seats in every slot. Only ever rises: a seat once promised stays. */
  capacity: wholeField({
    label: 'consultations.field.capacity',
    least: 1,
    most: 200,
    usual: 1,
    group: 'rules',
  }),
  question: choiceField({
    label: 'consultations.field.question',
    choices: QUESTIONS,
    usual: 'optional',
    choiceText: (rule) => `consultations.question.${rule}`,
    group: 'rules',
  }),
  /** Hours before a slot begins at which booking ends. */
  closesHours: wholeField({
    label: 'consultations.field.closesHours',
    hint: 'consultations.field.hoursHint',
    least: 0,
    most: MOST_HOURS,
    usual: 2,
    group: 'rules',
  }),
  /** Hours before a slot begins at which cancelling by the student ends. */
  cancelHours: wholeField({
    label: 'consultations.field.cancelHours',
    hint: 'consultations.field.hoursHint',
    least: 0,
    most: MOST_HOURS,
    usual: 2,
    group: 'rules',
  }),
  names: choiceField({
    label: 'consultations.field.names',
    choices: NAMES,
    usual: 'hidden',
    choiceText: (rule) => `consultations.names.${rule}`,
    group: 'rules',
  }),
  /** Whether a student is asked for files, how many at most, and how large each may be. */
  files: choiceField({
    label: 'consultations.field.files',
    choices: QUESTIONS,
    usual: 'none',
    choiceText: (rule) => `consultations.filesRule.${rule}`,
    group: 'more',
  }),
  filesMost: wholeField({
    label: 'consultations.field.filesMost',
    least: 1,
    most: FILE_LIMITS.files,
    usual: 3,
    group: 'more',
  }),
  fileMegabytes: wholeField({
    label: 'consultations.field.fileMegabytes',
    least: 1,
    most: FILE_LIMITS.megabytes,
    usual: 10,
    group: 'more',
  }),
  /** Whether each student of the course has to book at least once. */
  required: choiceField({
    label: 'consultations.field.required',
    hint: 'consultations.field.requiredHint',
    choices: REQUIRED,
    usual: 'no',
    choiceText: (answer) => `consultations.required.${answer}`,
    group: 'more',
  }),
  /** Days before an attestation at which those who have not booked are invited; 0: only by the button. */
  inviteDays: wholeField({
    label: 'consultations.field.inviteDays',
    hint: 'consultations.field.inviteDaysHint',
    least: 0,
    most: MOST_INVITE_DAYS,
    usual: 0,
    group: 'more',
  }),
  /** Hours before the start at which reminders are sent, with commas between them; '' for those of the centre. */
  reminderHours: optionalLineField({
    label: 'consultations.field.reminderHours',
    hint: 'consultations.field.reminderHoursHint',
    most: 60,
    schema: hoursBefore,
    group: 'more',
  }),
  approval: choiceField({
    label: 'consultations.field.approval',
    choices: APPROVALS,
    usual: 'none',
    choiceText: (rule) => `consultations.approval.${rule}`,
    group: 'more',
  }),
  /** Days before a slot begins (before an attestation: before its date) at which booking begins; 0: at once. */
  opensDays: wholeField({
    label: 'consultations.field.opensDays',
    hint: 'consultations.field.opensHint',
    least: 0,
    most: 366,
    usual: 0,
    group: 'more',
  }),
  /** Hours before a slot begins at which the student may no longer move the booking. */
  rescheduleHours: wholeField({
    label: 'consultations.field.rescheduleHours',
    hint: 'consultations.field.hoursHint',
    least: 0,
    most: MOST_HOURS,
    usual: 2,
    group: 'more',
  }),
  /** Limits of one student; 0: none. At once and per week all series of the type count, in all courses. */
  limitAtOnce: wholeField({
    label: 'consultations.field.limitAtOnce',
    hint: 'consultations.field.limitTypeHint',
    least: 0,
    most: MOST_OF_ONE,
    usual: 0,
    group: 'more',
  }),
  limitWeek: wholeField({
    label: 'consultations.field.limitWeek',
    hint: 'consultations.field.limitTypeHint',
    least: 0,
    most: MOST_OF_ONE,
    usual: 0,
    group: 'more',
  }),
  /** A term is as the centre says. */
  limitTerm: wholeField({
    label: 'consultations.field.limitTerm',
    hint: 'consultations.field.limitTypeHint',
    least: 0,
    most: MOST_OF_ONE,
    usual: 0,
    group: 'more',
  }),
  limitSeries: wholeField({
    label: 'consultations.field.limitSeries',
    hint: 'consultations.field.limitHint',
    least: 0,
    most: MOST_OF_ONE,
    usual: 0,
    group: 'more',
  }),
  /** Minutes of the teacher's time before and after each slot that nothing else takes. */
  bufferBefore: wholeField({
    label: 'consultations.field.bufferBefore',
    least: 0,
    most: MOST_BUFFER,
    usual: 0,
    group: 'more',
  }),
  bufferAfter: wholeField({
    label: 'consultations.field.bufferAfter',
    least: 0,
    most: MOST_BUFFER,
    usual: 0,
    group: 'more',
  }),
  grading: choiceField({
    label: 'consultations.field.grading',
    hint: 'consultations.field.gradingHint',
    choices: GRADINGS,
    usual: 'none',
    choiceText: (rule) => `consultations.grading.${rule}`,
    group: 'more',
  }),
  /** Of the line item, and of the points of one attendance. */
  gradeMaximum: wholeField({
    label: 'consultations.field.gradeMaximum',
    hint: 'consultations.field.gradeMaximumHint',
    least: 1,
    most: 1_000,
    usual: 10,
    group: 'more',
  }),
};

/** What a series is called and what rules it has; may change while it runs. */
export const seriesFields = defineFields({
  title: lineField({
    label: 'consultations.field.title',
    hint: 'consultations.field.titleHint',
    most: 120,
    group: 'what',
    wide: true,
  }),
  /** A room of the centre, whose time the slots claim; '' for none. */
  roomId: listedField({
    label: 'consultations.field.room',
    hint: 'consultations.field.roomHint',
    schema: z
      .string()
      .default('')
      .refine((value) => value === '' || isRecordId(value)),
    usual: '',
    optional: true,
    group: 'what',
  }),
  /** Where in words; empty when it takes place by `link` alone. */
  place: optionalLineField({
    label: 'consultations.field.place',
    hint: 'consultations.field.placeHint',
    most: 200,
    group: 'what',
  }),
  /** How the video call is made; `link`: at the address of the series. */
  video: choiceField({
    label: 'consultations.field.video',
    hint: 'consultations.field.videoHint',
    choices: VIDEOS,
    usual: 'link',
    choiceText: (way) => `consultations.videoWay.${way}`,
    group: 'what',
  }),
  /** Address of the video call; empty when there is none. Shown to those who have booked. */
  link: optionalLineField({
    label: 'consultations.field.link',
    hint: 'consultations.field.linkHint',
    most: LINK_LENGTH,
    schema: optionalAddress(LINK_LENGTH),
    type: 'url',
    group: 'what',
  }),
  description: textField({
    label: 'consultations.field.description',
    most: 2_000,
    group: 'what',
    wide: true,
  }),
  ...ruleFields,
});

export type Terms = typeof seriesFields.usual;
