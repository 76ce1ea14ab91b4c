import { atLeast, type CentreRole, type Role } from '../../shared/roles.js';

const VOCAB = 'http://purl.imsglobal.org/vocab/lis/v2/';
const PRINCIPAL_INSTRUCTOR = `${VOCAB}membership#Instructor`;

/** URIs that give rights in a course. https://www.imsglobal.org/spec/lti/v1p3/#role-vocabularies */
const RIGHTS: readonly (readonly [RegExp, Role])[] = [
  [/^system\/person#(Administrator|SysAdmin)$/, 'administrator'],
  [/^membership(#Administrator|\/Administrator#\w+)$/, 'administrator'],
  [/^membership(#Manager|\/Manager#(AreaManager|CourseCoordinator))$/, 'methodist'],
  [/^membership\/Instructor#(TeachingAssistant\w*|Grader)$/, 'assistant'],
  [/^membership(#Instructor|\/Instructor#\w+|#ContentDeveloper|\/ContentDeveloper#\w+)$/, 'teacher'],
];

/** Roles that platforms send, offered to an administrator who maps roles. */
export const COMMON_ROLES: readonly string[] = [
  'membership#Learner',
  'membership#Instructor',
  'membership/Instructor#TeachingAssistant',
  'membership/Instructor#Grader',
  'membership#ContentDeveloper',
  'membership#Manager',
  'membership#Administrator',
  'membership#Mentor',
  'institution/person#Faculty',
  'institution/person#Instructor',
  'institution/person#Staff',
  'institution/person#Administrator',
  'system/person#Administrator',
].map((rest) => VOCAB + rest);

/** Maps one role of one platform to a role of this tool. */
export interface RoleRule {
  /** As `roleUri` returns it. */
  readonly uri: string;
  readonly role: Role;
}

/** LTI 1.1 and 2.0: `urn:lti:role:ims/lis/Instructor/Lecturer`. https://www.imsglobal.org/specs/ltiv1p1/implementation-guide */
const URN = /^urn:lti:(role|instrole|sysrole):ims\/lis\/([A-Za-z]+)(?:\/([A-Za-z]+))?$/;
/** Short names: `Instructor`, `Instructor#Grader`, `Instructor/Grader`. */
const SHORT = /^([A-Za-z]+)(?:[#/]([A-Za-z]+))?$/;

/** Returns a role in a course; a teaching assistant was a role of its own before LTI 1.3. */
function membershipUri(principal: string, sub: string | undefined): string {
  if (principal === 'TeachingAssistant') return `${VOCAB}membership/Instructor#${sub ?? principal}`;
  return `${VOCAB}${sub === undefined ? `membership#${principal}` : `membership/${principal}#${sub}`}`;
}

/**
 * Returns a role in the one form that this tool compares: the URI of LTI 1.3 for short names of roles in a course, for
 * URIs without the vocabulary's address and for the forms of LTI 1.1 and 2.0; any other text unchanged. Launches and
 * rosters send all of them. https://www.imsglobal.org/spec/lti/v1p3/#role-vocabularies
 */
export function canonicalRole(role: string): string {
  const [, urn, principal = '', sub] = URN.exec(role) ?? [];
  if (urn === 'role') return membershipUri(principal, sub);
  if (urn !== undefined)
    return `${VOCAB}${urn === 'instrole' ? 'institution' : 'system'}/person#${principal}`;
  if (/^(membership|membership\/\w+|institution\/person|system\/person)#\w+$/.test(role)) return VOCAB + role;
  const [, short, below] = SHORT.exec(role) ?? [];
  if (short !== undefined) return membershipUri(short, below);
  // LTI 2.0 had one vocabulary for people of the institution, and a sub-role of an assistant's.
  return role
    .replace(`${VOCAB}person#`, `${VOCAB}institution/person#`)
    .replace(`${VOCAB}membership#TeachingAssistant`, `${VOCAB}membership/Instructor#TeachingAssistant`);
}

/**
 * Returns the URI of a role as people write it: in full, from `membership#…` on, or by the simple name of a role in the
 * course. Returns null if it is not a role. https://www.imsglobal.org/spec/lti/v1p3/#role-vocabularies
 */
export function roleUri(written: string): string | null {
  const uri = canonicalRole(written);
  return /^(https?:\/\/[\w.-]|urn:[\w-]+:)\S{1,250}$/.test(uri) ? uri : null;
}

/** Returns a role's URI without the address of the vocabulary. */
export const shortRole = (uri: string): string => (uri.startsWith(VOCAB) ? uri.slice(VOCAB.length) : uri);

const isMembership = (uri: string): boolean => uri.startsWith(`${VOCAB}membership`);

/** Returns this platform's own rule for a role in canonical form, or undefined. */
const ruleFor = (uri: string, rules: readonly RoleRule[]): Role | undefined =>
  rules.find((rule) => rule.uri === uri || canonicalRole(rule.uri) === uri)?.role;

const BEST_FIRST = ['administrator', 'methodist', 'teacher', 'assistant'] as const;

const best = (roles: readonly (Role | undefined)[]): Role =>
  BEST_FIRST.find((role) => roles.includes(role)) ?? 'student';

/**
 * Returns the role in the course for the roles claim of a launch or a roster: the one with the most rights, and student
 * for unknown or no roles. The membership roles decide. A role of the institution or the system counts in two cases:
 * this platform has a rule for it; or it is that of an administrator of the whole platform and no membership role says
 * that the person learns here. (Canvas sends `institution/person#Administrator` beside `membership#Learner`.)
 *
 * Platforms send a teaching assistant as Instructor as well, because a sub-role comes with its principal role; so
 * Instructor beside an assistant's role does not count. https://www.imsglobal.org/spec/lti/v1p3/#role-vocabularies
 * @param rules this platform's mapping, which wins over the common one
 */
export function roleFrom(sent: readonly string[], rules: readonly RoleRule[] = []): Role {
  const uris = sent.map(canonicalRole);
  const assists = uris.some((uri) => commonRole(uri) === 'assistant');
  const counted = uris.filter((uri) => !(assists && uri === PRINCIPAL_INSTRUCTOR));
  const role = best(
    counted.map((uri) => ruleFor(uri, rules) ?? (isMembership(uri) ? commonRole(uri) : undefined)),
  );
  const learns = uris.some(isMembership) && !atLeast(role, 'assistant');
  return !learns && administers(sent, rules) ? 'administrator' : role;
}

/** Returns true for an administrator of the whole platform whose role no rule maps. */
const administers = (sent: readonly string[], rules: readonly RoleRule[]): boolean =>
  sent.some((uri) => isPlatformAdministrator([uri]) && ruleFor(uri, rules) === undefined);

/** Roles of the whole platform, without those who administer one course or one part of the platform. */
const PLATFORM_ADMINISTRATORS = ['Administrator', 'SysAdmin'].map((name) => `${VOCAB}system/person#${name}`);

/**
 * Returns true if the roles claim is that of an administrator of the whole platform. Role mappings do not count,
 * because they are about courses; nor do roles of an institution, which Canvas gives to administrators of a part of it.
 * https://www.imsglobal.org/spec/lti/v1p3/#lis-vocabulary-for-system-roles
 */
export const isPlatformAdministrator = (uris: readonly string[]): boolean =>
  uris.some((uri) => PLATFORM_ADMINISTRATORS.includes(uri));

/**
 * Returns the role for the whole centre: from the system's roles and this platform's rules, never from the common
 * meaning of a role in a course. Returns null for most people.
 */
export function centreRoleFrom(sent: readonly string[], rules: readonly RoleRule[] = []): CentreRole | null {
  const ruled = best(sent.map((uri) => ruleFor(canonicalRole(uri), rules)));
  if (ruled === 'administrator') return ruled;
  if (administers(sent, rules)) return 'administrator';
  return ruled === 'methodist' ? ruled : null;
}

/** Returns the role without a platform's own mapping; undefined if the URI gives no rights. */
export function commonRole(uri: string): Role | undefined {
  if (!uri.startsWith(VOCAB)) return undefined;
  const rest = uri.slice(VOCAB.length);
  return RIGHTS.find(([pattern]) => pattern.test(rest))?.[1];
}
