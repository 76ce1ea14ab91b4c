import { HOUR } from '../../../shared/clock.js';
import type { ToldBookings } from '../../consultations/index.js';
import { WAYS, type NotificationKind, type Scheduled } from './kind.js';

/** What ended longer ago is asked of no more: so a start after a pause floods nobody. */
const ASKED_MS = 2 * HOUR;

/** The teacher is asked for attendance once a consultation with bookings is over. */
export function attendanceKinds(told: Pick<ToldBookings, 'unmarked' | 'findUnmarked'>): {
  kinds: NotificationKind[];
  scheduled: Scheduled;
} {
  const kind: NotificationKind = {
    name: 'attendance-asked',
    topic: 'consultations',
    to: 'teacher',
    obligatory: false,
    by: WAYS,
    sample: {
      title: 'Алгебра: вопросы по домашней работе',
      when: new Date('2026-12-01T12:00:00Z'),
    },
    sources: [],
    // The subject is `<slot>@<its end>`: a slot that was moved is asked of again.
    async describe({ subjectId, personId }) {
      const [slotId = '', end] = subjectId.split('@');
      const slot = await told.findUnmarked(slotId);
      if (slot?.teacherId !== personId || slot.endsAt.getTime() !== Number(end)) return null;
      return {
        values: { title: slot.title, when: slot.startsAt },
        path: `consultations/slots/${slotId}`,
        zone: slot.zone,
      };
    },
  };
  return {
    kinds: [kind],
    scheduled: {
      schedule(jobs, notifier) {
        jobs.schedule({
          name: 'notify-ended',
          cron: '*/5 * * * *',
          async run({ payload: { slot } }) {
            const now = new Date(slot);
            const found = await told.unmarked(new Date(now.getTime() - ASKED_MS), now);
            const asked = found.map(({ slotId, endsAt, teacherId, courseId }) => ({
              ...{ subjectId: `${slotId}@${endsAt.getTime()}`, personId: teacherId, courseId },
            }));
            await notifier.notify(kind, asked, now);
          },
        });
      },
    },
  };
}
