import { LOCALES } from '../../i18n/index.js';
import { UNSAID } from '../../shared/centre-settings.js';
import { isZone } from '../../web/context.js';
import { optionalAddress, optionalLine } from '../../web/parse.js';
import { z } from 'zod';
import {
  choiceField,
  defineFields,
  listedField,
  optionalLineField,
  optionalWholeField,
  wholeField,
} from '../forms/index.js';

const NAME_LENGTH = 150;
const SITE_LENGTH = 300;

const site = optionalAddress(SITE_LENGTH);

/** "24, 1": hours, up to a week before; halves of an hour as 0.5. */
export const hoursBefore = optionalLine(60).refine(
  (value) => value === '' || /^\d{1,3}([.]\d)?(\s*,\s*\d{1,3}([.]\d)?){0,4}$/.test(value),
  'errors.field.hoursBefore',
);
/** "01.09, 01.01": days and months; '' for the usual ones. */
const termStarts = optionalLine(60).refine(
  (value) =>
    value === '' ||
    (/^\d{2}\.\d{2}(\s*,\s*\d{2}\.\d{2}){0,5}$/.test(value) &&
      value
        .split(',')
        .every((day) => z.iso.date().safeParse(`2024-${day.trim().split('.').reverse().join('-')}`).success)),
  'errors.field.termStarts',
);
/** `HH:MM`, or '' for the usual time. */
const clockTime = optionalLine(5).refine((value) => value === '' || /^([01]\d|2[0-3]):[0-5]\d$/.test(value));

/** What the administrator sets for the whole centre in one form. */
export const settingsFields = defineFields({
  nameRu: optionalLineField({
    label: 'admin.settings.nameRu',
    hint: 'admin.settings.nameHint',
    most: NAME_LENGTH,
    attrs: { lang: 'ru' },
  }),
  nameEn: optionalLineField({
    label: 'admin.settings.nameEn',
    most: NAME_LENGTH,
    attrs: { lang: 'en' },
  }),
  site: optionalLineField({
    label: 'admin.settings.site',
    hint: 'admin.settings.siteHint',
    most: SITE_LENGTH,
    schema: site,
    type: 'url',
    attrs: { placeholder: 'https://' },
    wide: true,
  }),
  zone: listedField({
    label: 'admin.settings.zone',
    hint: 'admin.settings.zoneHint',
    schema: z.string().max(60).refine(isZone),
    usual: UNSAID.zone,
  }),
  locale: choiceField({
    label: 'admin.settings.locale',
    hint: 'admin.settings.localeHint',
    choices: LOCALES,
    usual: UNSAID.locale,
    choiceText: (locale) => `common.language.${locale}`,
  }),
  /** A course's roster is read again when it is older; 0: only by the button; null: as the environment says. */
  rosterHours: optionalWholeField({
    label: 'admin.settings.roster',
    hint: 'admin.settings.rosterHint',
    least: 0,
    most: 999,
  }),
  /** When bookings are reminded of: hours before the start, with commas between them; '' for never. */
  reminderHours: optionalLineField({
    label: 'admin.settings.reminderHours',
    hint: 'admin.settings.reminderHoursHint',
    most: 60,
    schema: hoursBefore,
    usual: '24, 1',
  }),
  /** The same for classes. */
  classReminderHours: optionalLineField({
    label: 'admin.settings.classReminderHours',
    hint: 'admin.settings.reminderHoursHint',
    most: 60,
    schema: hoursBefore,
    usual: '24, 1',
  }),
  /** Who is told of what an administrator must see to: addresses of e-mail, with commas between them. */
  alarmAddresses: optionalLineField({
    label: 'admin.settings.alarmAddresses',
    hint: 'admin.settings.alarmAddressesHint',
    most: 500,
    wide: true,
  }),
  /** Length of an academic hour, in which consultations are counted. */
  academicMinutes: wholeField({
    label: 'admin.settings.academic',
    hint: 'admin.settings.academicHint',
    least: 20,
    most: 90,
    usual: 45,
  }),
  /** Days on which terms begin, by which bookings of a student are limited: `DD.MM`, with commas between them. */
  termStarts: optionalLineField({
    label: 'admin.settings.termStarts',
    hint: 'admin.settings.termStartsHint',
    most: 60,
    schema: termStarts,
    attrs: { placeholder: '01.09, 01.01' },
  }),
  /** How long before the beginning those who have booked can join a video call. */
  videoMinutes: wholeField({
    label: 'admin.settings.video',
    hint: 'admin.settings.videoHint',
    least: 0,
    most: 120,
    usual: 10,
  }),
  /** When the centre answers questions: the working week, its hours, and how many of them an answer may take. */
  workDays: choiceField({
    label: 'admin.settings.workDays',
    choices: ['five', 'six', 'seven'],
    usual: 'five',
    choiceText: (choice) => `admin.settings.workDaysHow.${choice}`,
  }),
  workFrom: optionalLineField({
    label: 'admin.settings.workFrom',
    most: 5,
    schema: clockTime,
    attrs: { placeholder: '09:00', inputmode: 'numeric' },
  }),
  workTo: optionalLineField({
    label: 'admin.settings.workTo',
    most: 5,
    schema: clockTime,
    attrs: { placeholder: '18:00', inputmode: 'numeric' },
  }),
  /** Working hours; null: 16. */
  answerHours: optionalWholeField({
    label: 'admin.settings.answerHours',
    hint: 'admin.settings.answerHoursHint',
    least: 1,
    most: 200,
  }),
  /** Working hours from the head of an association to the deputies; null: 8. */
  escalateHours: optionalWholeField({
    label: 'admin.settings.escalateHours',
    hint: 'admin.settings.escalateHoursHint',
    least: 1,
    most: 200,
  }),
  /** What becomes of launches from unlisted deployments of platforms that are registered from now on. */
  unknownDeployments: choiceField({
    label: 'admin.settings.unknown',
    hint: 'admin.settings.unknownHint',
    choices: ['ask', 'accept'],
    usual: 'ask',
    choiceText: (choice) => `admin.platforms.unknownHow.${choice}`,
  }),
});
