import type { NotificationKind } from './kind.js';

/** Words for the administrator's alarms stand under `notifications.alarm.…`; they go to the centre's addresses. */
export const ALARMS = ['lms', 'queue', 'disk', 'certificate'] as const;
export type AlarmName = (typeof ALARMS)[number];

/** Alarms have no person: they are sent to addresses, so that nothing is described here. */
export const alarmKind: NotificationKind = {
  name: 'alarm',
  topic: 'alarms',
  to: 'administrator',
  obligatory: true,
  by: ['mail'],
  sample: { what: 'Очередь «Передача оценок» стоит с 09:15' },
  sources: [],
  describe: () => Promise.resolve(null),
};
