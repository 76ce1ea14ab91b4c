import type { Actor } from '../../../shared/actor.js';
import { atLeast, type Role } from '../../../shared/roles.js';

/** Student view without a certain student: shows what the course looks like. */
export const mayLook = (actor: Actor): boolean =>
  actor.viewer === undefined && atLeast(actor.role, 'teacher');

/** With a student's own data: those who answer for the whole course. */
export const mayChoose = (actor: Actor): boolean => mayLook(actor) && atLeast(actor.role, 'methodist');

/** Only students can be viewed as, so that no right is gained. */
export const mayBeLookedAs = (role: Role): boolean => role === 'student';
