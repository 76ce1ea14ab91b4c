import type { Request } from 'express';
import type { Lms } from '../lms.js';
import type { CourseRole, Group, Person, Tool } from '../model.js';
import { CLAIM, maySeeEmail, maySeeName } from './claims.js';
import { fullName } from './custom.js';
import { phpJson, type Reply } from './reply.js';
import { SCOPE } from './scopes.js';
import {
  ServiceRefusal,
  pageOf,
  queryOf,
  requireAccept,
  requireCourse,
  requireGrant,
  requireTool,
} from './service-request.js';
import { serviceUrls } from './urls.js';

/** Names and Role Provisioning Services 2.0, with the recorded platform's habits. */

const MEMBERSHIPS = 'application/vnd.ims.lti-nrps.v2.membershipcontainer+json';

/** Roles are short here, and who may not edit the course is a Learner, teacher or not. */
const rosterRole = (role: CourseRole): string =>
  role === 'manager' || role === 'editingteacher' ? 'Instructor' : 'Learner';

/** The roster writes these as HTML does, though it is JSON. */
const asHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

function asMember(
  tool: Tool,
  person: Person,
  role: CourseRole,
  { linkId, groups }: { linkId: string | undefined; groups: readonly Group[] | null },
) {
  const named = maySeeName(tool, person);
  return {
    status: 'Active',
    roles: [rosterRole(role)],
    ...(linkId !== undefined && { message: [{ [`${CLAIM}/message_type`]: 'LtiResourceLinkRequest' }] }),
    user_id: person.id,
    lis_person_sourcedid: person.idNumber,
    ...(named && {
      name: asHtml(fullName(person)),
      given_name: asHtml(person.givenName),
      family_name: asHtml(person.familyName),
    }),
    ...(maySeeEmail(tool, person) && { email: person.email }),
    ...(named && { ext_user_username: person.username }),
    ...(groups !== null && { group_enrollments: groups.map(({ id }) => ({ group_id: id })) }),
  };
}

/** The link to the next page forgets the role it was asked for. */
function nextLink(
  url: string,
  from: number,
  limit: number,
  { linkId, grouped, relation }: { linkId: string | undefined; grouped: boolean; relation: string },
): string {
  const link = `${linkId === undefined ? '' : `&rlid=${encodeURIComponent(linkId)}`}${grouped ? '&groups=true' : ''}`;
  return `<${url}?limit=${limit}&from=${from + limit}${link}>; rel="${relation}"`;
}

export function getMemberships(lms: Lms, req: Request, courseId: string, typeId: string): Reply {
  requireAccept(req, MEMBERSHIPS);
  const grant = requireGrant(lms, req, [SCOPE.memberships]);
  requireCourse(lms, courseId);
  const tool = requireTool(lms, grant, typeId);
  const linkId = queryOf(req, 'rlid');
  // Any link of the course will do, another tool's too.
  if (linkId !== undefined && lms.state.activity(linkId)?.courseId !== courseId) {
    throw new ServiceRefusal(404, `Not Found: LTI link ${linkId} doesn't exist`);
  }
  const wanted = queryOf(req, 'role')?.split('#').at(-1);
  const members = lms.state
    .members(courseId)
    .filter(({ role }) => wanted === undefined || rosterRole(role) === wanted);
  const page = pageOf(lms, req, members);
  const url = serviceUrls(lms.origin()).memberships(courseId, tool.id);
  const course = lms.state.course(courseId);
  // Only a tool that may read groups is told of them, and only when it asks.
  const grouped = queryOf(req, 'groups') === 'true' && tool.scopes.includes(SCOPE.groups);
  const more = page.limit > 0 && page.from + page.limit < page.total;
  const relation = lms.oddities.has('joined-relations') ? 'prev next' : 'next';
  return {
    status: 200,
    type: `${MEMBERSHIPS}; charset=utf-8`,
    headers: more ? { link: nextLink(url, page.from, page.limit, { linkId, grouped, relation }) } : {},
    body: phpJson({
      id: url,
      context: { id: courseId, label: course?.label, title: course?.title },
      members: page.items.map(({ person, role }) =>
        asMember(tool, person, role, {
          linkId,
          groups: grouped ? lms.state.groupsOf(courseId, person.id) : null,
        }),
      ),
    }),
  };
}
