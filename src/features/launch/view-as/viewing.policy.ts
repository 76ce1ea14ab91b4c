import type { Actor } from '../../../shared/actor.js';
import { atLeast, type Role } from '../../../shared/roles.js';

/** As a student, but with nobody's data: whoever teaches may want to know what the course looks like. */
export const mayLook = (actor: Actor): boolean =>
  actor.viewer === undefined && atLeast(actor.role, 'teacher');

/** With a student's own data: those who answer for the whole course. */
export const mayChoose = (actor: Actor): boolean => mayLook(actor) && atLeast(actor.role, 'methodist');

/** Students alone are looked as: nobody gains a right by it. */
export const mayBeLookedAs = (role: Role): boolean => role === 'student';
