import { z } from 'zod';
import { choiceField, defineFields, listedField } from '../../../infra/forms/index.js';
import { isZone } from '../../../web/context.js';

/** Hours of the day as the form offers them; '' is none. */
export const HOURS = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0'));

const words = (value: string): string => `notifications.hour.${value === '' ? 'none' : `h${value}`}`;

/** What a person sets of messages, beside the table of topics and channels. */
export const preferenceFields = defineFields({
  /** '' is the centre's own. */
  locale: choiceField({
    label: 'notifications.preferences.locale',
    choices: ['', 'ru', 'en'],
    usual: '',
    choiceText: (locale) =>
      locale === '' ? 'notifications.preferences.localeCentre' : `common.language.${locale}`,
  }),
  /** '' is the centre's own. */
  zone: listedField({
    label: 'notifications.preferences.zone',
    hint: 'notifications.preferences.zoneHint',
    schema: z
      .string()
      .max(60)
      .refine((value) => value === '' || isZone(value), 'errors.field.wrong'),
    usual: '',
  }),
  quietFrom: { ...hourField('quietFrom', '22'), hint: 'notifications.preferences.quietHint' },
  quietTo: hourField('quietTo', '07'),
  /** When the list of the same day is sent. */
  morningAt: hourField('morningAt', '08'),
  /** When the list of the next day is sent. */
  eveningAt: hourField('eveningAt', '18'),
  /** When what may wait is mailed together; '' mails each thing at once. */
  digestAt: { ...hourField('digestAt', ''), hint: 'notifications.preferences.digestHint' },
});

function hourField(name: string, usual: string) {
  return choiceField({
    label: `notifications.preferences.${name}`,
    choices: ['', ...HOURS],
    usual,
    choiceText: words,
  });
}
