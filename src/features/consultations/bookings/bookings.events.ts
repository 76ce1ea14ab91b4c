import { z } from 'zod';
import { defineEvent } from '../../../infra/events/index.js';

const side = z.enum(['student', 'teacher']);

/* What happens to a booking; the event's document is the booking. `side`: who did it. */

export const bookingCreated = defineEvent('booking.created', z.object({ side, state: z.string() }));

export const bookingApproved = defineEvent('booking.approved', z.object({}));

/** A booking was cancelled, by the teacher's side also if it was declined. */
export const bookingCancelled = defineEvent('booking.cancelled', z.object({ side }));

/** A booking has another time: it was moved to another slot, or its slot was moved. */
export const bookingMoved = defineEvent('booking.moved', z.object({ side }));

/** Another teacher holds the consultation of a booking. */
export const bookingTeacherChanged = defineEvent('booking.teacher-changed', z.object({}));

/** The consultation of a booking takes place elsewhere: another room or another address of the call. */
export const bookingPlaceChanged = defineEvent('booking.place-changed', z.object({}));

/** A seat is held for someone of the waiting list. */
export const seatOffered = defineEvent('seat.offered', z.object({}));

/** A seat is free, and the person wanted to be told. */
export const seatFreed = defineEvent('seat.freed', z.object({}));

/** One of several people has left a booking, and a seat is free. */
export const seatLeft = defineEvent('seat.left', z.object({}));
