/**
 * The roles of a course, from most rights to least. The methodist is the deputy director who is responsible for studies
 * and teaching methods (регламент: заместитель директора, методист).
 */
export const ROLES = ['administrator', 'methodist', 'teacher', 'assistant', 'student'] as const;
export type Role = (typeof ROLES)[number];

const rank = (role: Role): number => ROLES.length - ROLES.indexOf(role);

/** Returns true if `role` has at least the rights of `least`. */
export const atLeast = (role: Role, least: Role): boolean => rank(role) >= rank(least);

/** What a person may do for the whole centre, beyond the course of a launch. */
export type CentreRole = Extract<Role, 'administrator' | 'methodist'>;
