import type { Request } from 'express';
import type { Lms } from '../lms.js';
import { phpJson, type Reply } from './reply.js';
import { SCOPE } from './scopes.js';
import {
  pageOf,
  requireAccept,
  requireCourse,
  requireGrant,
  requireTool,
  type Page,
} from './service-request.js';
import { serviceUrls } from './urls.js';

/** Course Groups Service 1.0, as the plugin for the recorded platform gives it; the platform alone has none. */

const GROUPS = 'application/vnd.ims.lti-gs.v1.contextgroupcontainer+json';
const SETS = 'application/vnd.ims.lti-gs.v1.contextgroupsetcontainer+json';

function begin(lms: Lms, req: Request, courseId: string, typeId: string, type: string): void {
  requireAccept(req, type);
  const grant = requireGrant(lms, req, [SCOPE.groups]);
  requireCourse(lms, courseId);
  requireTool(lms, grant, typeId);
}

const list = (
  type: string,
  url: string,
  key: string,
  { items, from, limit, total }: Page<object>,
): Reply => ({
  status: 200,
  type: `${type}; charset=utf-8`,
  headers:
    limit > 0 && from + limit < total
      ? { link: `<${url}?limit=${limit}&from=${from + limit}>; rel="next"` }
      : {},
  body: phpJson({ id: url, [key]: items }),
});

export function getGroups(lms: Lms, req: Request, courseId: string, typeId: string): Reply {
  begin(lms, req, courseId, typeId, GROUPS);
  const groups = lms.state.groupsIn(courseId).map(({ id, title, set }) => ({
    id,
    name: title,
    ...(set !== undefined && { set_id: set.id }),
  }));
  return list(GROUPS, serviceUrls(lms.origin()).groups(courseId, typeId), 'groups', pageOf(lms, req, groups));
}

export function getGroupSets(lms: Lms, req: Request, courseId: string, typeId: string): Reply {
  begin(lms, req, courseId, typeId, SETS);
  const sets = new Map(
    lms.state.groupsIn(courseId).flatMap(({ set }) => (set === undefined ? [] : [[set.id, set.title]])),
  );
  const items = [...sets].map(([id, name]) => ({ id, name }));
  return list(SETS, serviceUrls(lms.origin()).groupSets(courseId, typeId), 'sets', pageOf(lms, req, items));
}
