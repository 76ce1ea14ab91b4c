/**
 * What a person may be in a course, from most to least. The methodist is the deputy director who
 * answers for study and method work (регламент: заместитель директора, методист).
 */
export const ROLES = ['administrator', 'methodist', 'teacher', 'assistant', 'student'] as const;
export type Role = (typeof ROLES)[number];

const rank = (role: Role): number => ROLES.length - ROLES.indexOf(role);

/** True when `role` has at least the rights of `least`. */
export const atLeast = (role: Role, least: Role): boolean => rank(role) >= rank(least);
