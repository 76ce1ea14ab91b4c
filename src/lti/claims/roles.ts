import type { Role } from '../../shared/roles.js';

const VOCAB = 'http://purl.imsglobal.org/vocab/lis/v2/';
const PRINCIPAL_INSTRUCTOR = `${VOCAB}membership#Instructor`;

/** Full URIs of the LIS vocabulary (LTI Core 1.3, appendix A.2) that give rights in a course. */
const RIGHTS: readonly (readonly [RegExp, Role])[] = [
  [/^system\/person#(Administrator|SysAdmin|AccountAdmin)$/, 'administrator'],
  [/^institution\/person#Administrator$/, 'administrator'],
  [/^membership(#Administrator|\/Administrator#\w+)$/, 'administrator'],
  [/^membership(#Manager|\/Manager#(AreaManager|CourseCoordinator))$/, 'methodist'],
  [/^membership\/Instructor#(TeachingAssistant\w*|Grader)$/, 'assistant'],
  [/^membership(#Instructor|\/Instructor#\w+|#ContentDeveloper|\/ContentDeveloper#\w+)$/, 'teacher'],
];

/** Roles that platforms do send, for whoever says what they mean. */
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

/** What one role of one platform means here. */
export interface RoleRule {
  /** As `roleUri` has it. */
  readonly uri: string;
  readonly role: Role;
}

/**
 * The URI of a role as people write it: whole, from `membership#…` on, or by its simple name, which is that of a
 * role in the course (Core A.2.3).
 * @returns null for what can be no role
 */
export function roleUri(written: string): string | null {
  if (/^[A-Za-z]+$/.test(written)) return `${VOCAB}membership#${written}`;
  if (/^(membership|membership\/\w+|institution\/person|system\/person)#\w+$/.test(written)) {
    return VOCAB + written;
  }
  if (/^\w+#\w+$/.test(written)) return `${VOCAB}membership/${written}`;
  return /^(https?:\/\/[\w.-]|urn:[\w-]+:)\S{1,250}$/.test(written) ? written : null;
}

/** The other way: what is the vocabulary's own goes without saying. */
export const shortRole = (uri: string): string => (uri.startsWith(VOCAB) ? uri.slice(VOCAB.length) : uri);

/**
 * Our role for the roles claim of a launch. The most wins, with one exception: platforms send a teaching
 * assistant as Instructor as well (Core A.2.3: a sub-role comes with its principal role), so the principal
 * role alone does not lift an assistant. Institution roles other than administrator say nothing about this
 * course. Unknown or no roles give the least.
 * @param rules what this platform's roles mean where that differs; they name a role exactly
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

/** Of a whole platform; of those who administer a course, or a part of the platform, there are many. */
const PLATFORM_ADMINISTRATOR =
  /^(system\/person#(Administrator|SysAdmin)|institution\/person#Administrator)$/;

/**
 * Whether the roles claim says that somebody administers the platform itself (Core 1.3, A.2.1 and A.2.2). Rules of
 * ours for roles have no say in it: they are about courses.
 */
export const isPlatformAdministrator = (uris: readonly string[]): boolean =>
  uris.some((uri) => uri.startsWith(VOCAB) && PLATFORM_ADMINISTRATOR.test(uri.slice(VOCAB.length)));

const BEST_FIRST = ['administrator', 'methodist', 'teacher', 'assistant'] as const;

/** What a role means everywhere; undefined when it gives nothing. */
export function commonRole(uri: string): Role | undefined {
  if (!uri.startsWith(VOCAB)) return undefined;
  const rest = uri.slice(VOCAB.length);
  return RIGHTS.find(([pattern]) => pattern.test(rest))?.[1];
}
