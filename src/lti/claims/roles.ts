import type { Role } from '../../shared/roles.js';

const VOCAB = 'http://purl.imsglobal.org/vocab/lis/v2/';
const PRINCIPAL_INSTRUCTOR = `${VOCAB}membership#Instructor`;

/** URIs that give rights in a course. https://www.imsglobal.org/spec/lti/v1p3/#role-vocabularies */
const RIGHTS: readonly (readonly [RegExp, Role])[] = [
  [/^system\/person#(Administrator|SysAdmin|AccountAdmin)$/, 'administrator'],
  [/^institution\/person#Administrator$/, 'administrator'],
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

/**
 * Returns the URI of a role as people write it: in full, from `membership#…` on, or by the simple name of a role in the
 * course. Returns null if it is not a role. https://www.imsglobal.org/spec/lti/v1p3/#role-vocabularies
 */
export function roleUri(written: string): string | null {
  if (/^[A-Za-z]+$/.test(written)) return `${VOCAB}membership#${written}`;
  if (/^(membership|membership\/\w+|institution\/person|system\/person)#\w+$/.test(written)) {
    return VOCAB + written;
  }
  if (/^\w+#\w+$/.test(written)) return `${VOCAB}membership/${written}`;
  return /^(https?:\/\/[\w.-]|urn:[\w-]+:)\S{1,250}$/.test(written) ? written : null;
}

/** Returns a role's URI without the address of the vocabulary. */
export const shortRole = (uri: string): string => (uri.startsWith(VOCAB) ? uri.slice(VOCAB.length) : uri);

/**
 * Returns the role for the roles claim of a launch: the one with the most rights, and student for unknown or no roles.
 * Platforms send a teaching assistant as Instructor as well, because a sub-role comes with its principal role; so
 * Instructor beside an assistant's role does not count. Institution roles other than administrator do not count either.
 * https://www.imsglobal.org/spec/lti/v1p3/#role-vocabularies
 * @param rules this platform's mapping, which wins over the common one
 */
export function roleFrom(uris: readonly string[], rules: readonly RoleRule[] = []): Role {
  const assists = uris.some((uri) => commonRole(uri) === 'assistant');
  const found = new Set(
    uris
      .filter((uri) => !(assists && uri === PRINCIPAL_INSTRUCTOR))
      .map((uri) => {
        const whole = rules.length === 0 ? null : roleUri(uri);
        return rules.find((rule) => rule.uri === uri || rule.uri === whole)?.role ?? commonRole(uri);
      }),
  );
  return BEST_FIRST.find((role) => found.has(role)) ?? 'student';
}

/** Roles of the whole platform, without those who administer one course or one part of the platform. */
const PLATFORM_ADMINISTRATOR =
  /^(system\/person#(Administrator|SysAdmin)|institution\/person#Administrator)$/;

/**
 * Returns true if the roles claim is that of an administrator of the whole platform. Role mappings do not count,
 * because they are about courses. https://www.imsglobal.org/spec/lti/v1p3/#lis-vocabulary-for-system-roles
 */
export const isPlatformAdministrator = (uris: readonly string[]): boolean =>
  uris.some((uri) => uri.startsWith(VOCAB) && PLATFORM_ADMINISTRATOR.test(uri.slice(VOCAB.length)));

const BEST_FIRST = ['administrator', 'methodist', 'teacher', 'assistant'] as const;

/** Returns the role without a platform's own mapping; undefined if the URI gives no rights. */
export function commonRole(uri: string): Role | undefined {
  if (!uri.startsWith(VOCAB)) return undefined;
  const rest = uri.slice(VOCAB.length);
  return RIGHTS.find(([pattern]) => pattern.test(rest))?.[1];
}
