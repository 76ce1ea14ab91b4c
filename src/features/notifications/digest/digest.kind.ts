import type { NotificationKind } from '../kinds/kind.js';

/** The mail in which a person is told of a day's events together. Its lines are made of the other kinds' subjects. */
export const digestKind: NotificationKind = {
  name: 'digest',
  topic: 'digest',
  to: 'everyone',
  obligatory: false,
  by: ['mail'],
  sample: { day: new Date('2026-12-01T06:00:00Z'), count: 3 },
  sources: [],
  describe: () => Promise.resolve(null),
};

/** Whether a kind may wait for a digest: what is obligatory or by the clock may not. */
export const mayWait = ({
  obligatory,
  byItself,
  topic,
  by,
}: Pick<NotificationKind, 'obligatory' | 'byItself' | 'topic' | 'by'>) =>
  !obligatory &&
  byItself !== true &&
  !['reminders', 'daily', 'digest', 'alarms'].includes(topic) &&
  (by.includes('mail') || by.includes('page'));
