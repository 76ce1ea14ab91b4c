import { z } from 'zod';
import { translator, type Locale } from '../../i18n/index.js';
import { defineJob, exponential, type Jobs } from '../../infra/jobs/index.js';
import { deliverInJob, isMailAddress, type Mail } from '../../infra/mail/index.js';
import { DAY, HOUR, MINUTE } from '../../shared/clock.js';
import { ALARMS, type AlarmName } from './kinds/alarm.kind.js';
import type { Wording } from './sending/words.service.js';

/** Something that an administrator must see to. */
export interface Alarm {
  readonly name: AlarmName;
  /** What is wrong, such as the name of a platform or a queue. */
  readonly detail: string;
  readonly at: Date;
}

/** Mails alarms to the centre's addresses, each alarm once a day. */
export interface Alarms {
  raise(alarm: Alarm): Promise<void>;
}

export interface AlarmsDeps {
  readonly jobs: Jobs;
  readonly mail: Mail;
  readonly wording: Pick<Wording, 'write'>;
  readonly centre: () => Promise<{
    readonly locale: Locale;
    readonly zone: string;
    readonly alarmAddresses: string;
  }>;
  readonly publicUrl: string;
}

const alarmPayload = z.object({
  name: z.enum(ALARMS),
  detail: z.string(),
  at: z.date(),
  address: z.string(),
});

/** Addresses as the administrator wrote them: with commas, semicolons or spaces between them. */
export const addressesIn = (text: string): string[] => [
  ...new Set(text.split(/[\s,;]+/).filter((address) => isMailAddress(address))),
];

export function createAlarms({ jobs, mail, wording, centre, publicUrl }: AlarmsDeps): Alarms {
  const job = jobs.register(
    defineJob({
      name: 'mail-alarm',
      payload: alarmPayload,
      key: ({ name, detail, at, address }) => `${name}:${detail}:${at.toISOString().slice(0, 10)}:${address}`,
      retry: exponential({ first: MINUTE, factor: 2, upTo: HOUR, giveUp: DAY }),
      async run({ payload: { name, detail, at, address }, key }) {
        const { locale, zone } = await centre();
        const t = translator(locale);
        const values = { what: t(`notifications.alarm.${name}`, { detail }) };
        const { subject, text } = await wording.write({ name: 'alarm' }, { values }, { locale, zone });
        const recipient = { personId: '', name: '', salutation: '', address, locale };
        const action = { label: t('notifications.alarm.look'), url: `${publicUrl}/admin` };
        const content = { subject, paragraphs: text.split('\n\n'), action };
        await deliverInJob(mail, { key: `alarm:${key}`, at, recipient, content });
      },
    }),
  );
  return {
    async raise(alarm) {
      if (mail.mode === 'off') return;
      const { alarmAddresses } = await centre();
      for (const address of addressesIn(alarmAddresses)) await jobs.enqueueOnce(job, { ...alarm, address });
    },
  };
}
