import type { Role } from '../shared/roles.js';

const VOCAB = 'http://purl.imsglobal.org/vocab/lis/v2/';

/** Full URIs of the LIS vocabulary (LTI Core 1.3, appendix A.2) that give rights in a course. */
const RIGHTS: readonly (readonly [RegExp, Role])[] = [
  [/^system\/person#(Administrator|SysAdmin|AccountAdmin)$/, 'administrator'],
  [/^institution\/person#Administrator$/, 'administrator'],
  [/^membership(#Administrator|\/Administrator#\w+)$/, 'administrator'],
  [/^membership(#Manager|\/Manager#(AreaManager|CourseCoordinator))$/, 'methodist'],
  [/^membership\/Instructor#(TeachingAssistant\w*|Grader)$/, 'assistant'],
  [/^membership(#Instructor|\/Instructor#\w+|#ContentDeveloper|\/ContentDeveloper#\w+)$/, 'teacher'],
];

/**
 * Our role for the roles claim of a launch. The most wins, with one exception: platforms send a teaching
 * assistant as Instructor as well (Core A.2.3: a sub-role comes with its principal role), so the principal
 * role alone does not lift an assistant. Institution roles other than administrator say nothing about this
 * course. Unknown or no roles give the least.
 */
export function roleFrom(uris: readonly string[]): Role {
  const found = new Set(uris.map(roleOf));
  for (const role of ['administrator', 'methodist'] as const) if (found.has(role)) return role;
  const beyondPrincipal = uris.some(
    (uri) => roleOf(uri) === 'teacher' && uri !== `${VOCAB}membership#Instructor`,
  );
  if (found.has('assistant') && !beyondPrincipal) return 'assistant';
  return found.has('teacher') ? 'teacher' : 'student';
}

function roleOf(uri: string): Role | undefined {
  if (!uri.startsWith(VOCAB)) return undefined;
  const rest = uri.slice(VOCAB.length);
  return RIGHTS.find(([pattern]) => pattern.test(rest))?.[1];
}
