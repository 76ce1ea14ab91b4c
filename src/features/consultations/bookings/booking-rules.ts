import { assertNever, conflict } from '../../../shared/errors.js';
import type { Standing } from '../consultations.policy.js';

/** @throws DomainError 409 when a slot takes no bookings */
export function demandOpen(now: Standing): void {
  switch (now) {
    case 'open':
      return;
    case 'gone':
      throw conflict('slot-cancelled');
    case 'ended':
      throw conflict('series-ended');
    case 'past':
      throw conflict('slot-past');
    case 'early':
      throw conflict('booking-early');
    case 'closed':
      throw conflict('booking-closed');
    default:
      assertNever(now);
  }
}

/** The teacher's side is not held to the times between which students book. */
export function demandBookable(now: Standing): void {
  if (now !== 'early' && now !== 'closed') demandOpen(now);
}
