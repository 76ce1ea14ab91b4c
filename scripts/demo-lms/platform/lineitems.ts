import type { Request } from 'express';
import type { Lms } from '../lms.js';
import type { Column, Tool } from '../model.js';
import type { Grant } from '../sessions.js';
import { addColumn, removeColumn, rescaleColumn } from './gradebook.js';
import { phpJson, type Reply } from './reply.js';
import { SCOPE } from './scopes.js';
import { parseJson, record, text, type Sent } from './sent.js';
import {
  ServiceRefusal,
  bodyOf,
  pageOf,
  queryOf,
  requireContentType,
  requireCourse,
  requireExactAccept,
  requireGrant,
  requireTool,
  typographicLinks,
} from './service-request.js';
import { serviceUrls } from './urls.js';

/** The line item service of AGS 2.0 (section 3.2), with the recorded platform's habits. */

const LINE_ITEM = 'application/vnd.ims.lis.v2.lineitem+json';
const LINE_ITEMS = 'application/vnd.ims.lis.v2.lineitemcontainer+json';

const READ: readonly string[] = [SCOPE.lineItem, SCOPE.lineItemReadonly];
const WRITE: readonly string[] = [SCOPE.lineItem];

const ok = (type: string, body: string, extra: Partial<Reply> = {}): Reply => ({
  status: 200,
  type: `${type}; charset=utf-8`,
  body,
  ...extra,
});

const asLineItem = (lms: Lms, column: Column) => ({
  id: serviceUrls(lms.origin()).lineItem(column, column.toolId),
  label: column.label,
  scoreMaximum: column.scoreMaximum,
  resourceId: column.resourceId,
  tag: column.tag,
  ...(column.submissionReview && { submissionReview: column.submissionReview }),
  ...(column.activityId !== null && { resourceLinkId: column.activityId, ltiLinkId: column.activityId }),
});

/**
 * The column an item URL names, if it is of this client and course.
 * @throws ServiceRefusal 404 no such column, 403 another tool's
 */
export function requireColumn(lms: Lms, grant: Grant, courseId: string, itemId: string): Column {
  const column = lms.state.column(itemId);
  if (column?.courseId !== courseId) {
    throw new ServiceRefusal(404, `Not Found: Grade item ${itemId} doesn't exist`);
  }
  const owner = lms.state.tool(column.toolId);
  if (owner?.clientId !== grant.clientId) throw new ServiceRefusal(403, 'Forbidden');
  return column;
}

export function listLineItems(lms: Lms, req: Request, courseId: string): Reply {
  requireExactAccept(req, LINE_ITEMS);
  const grant = requireGrant(lms, req, READ);
  requireCourse(lms, courseId);
  const tool = requireTool(lms, grant, queryOf(req, 'type_id'));
  const filters = {
    resource_link_id: (column: Column) => column.activityId,
    resource_id: (column: Column) => column.resourceId,
    tag: (column: Column) => column.tag,
  };
  const used = Object.entries(filters).flatMap(([name, field]) => {
    const value = queryOf(req, name);
    return value === undefined ? [] : [{ name, value, field }];
  });
  const matching = lms.state
    .columnsOf(courseId)
    .filter((column) => column.toolId === tool.id)
    .filter((column) => used.every(({ value, field }) => field(column) === value));
  const page = pageOf(lms, req, matching);
  const typeId = queryOf(req, 'type_id');
  const headers = typographicLinks(
    `${lms.origin()}${req.path}`,
    [
      ...used.map(({ name, value }) => [name, value] as const),
      ...(typeId === undefined ? [] : [['type_id', typeId] as const]),
    ],
    page,
    lms.oddities,
  );
  return ok(LINE_ITEMS, phpJson(page.items.map((column) => asLineItem(lms, column))), { headers });
}

interface SentLineItem {
  readonly label: string;
  readonly scoreMaximum: number;
  readonly resourceId: string;
  readonly tag: string;
  readonly resourceLinkId: string | null;
  readonly submissionReview: Column['submissionReview'];
  /** Everything that was sent; the answer repeats it. */
  readonly all: Sent;
}

/** Of a review the platform keeps the address and the parameters. */
const reviewOf = ({ url, custom }: Sent): NonNullable<Column['submissionReview']> => ({
  ...(typeof url === 'string' && { url }),
  ...(custom !== undefined && {
    custom: Object.fromEntries(Object.entries(record(custom)).map(([name, value]) => [name, text(value)])),
  }),
});

const LONGEST_STRICT_LABEL = 100;

function sentLineItem({ oddities }: Lms, req: Request): SentLineItem {
  const all = record(parseJson(bodyOf(req)));
  const { label, scoreMaximum } = all;
  if (typeof label !== 'string' || label === '' || typeof scoreMaximum !== 'number' || scoreMaximum < 0) {
    throw new ServiceRefusal(400, 'No label or Score Maximum');
  }
  if (oddities.has('strict-columns') && !Number.isInteger(scoreMaximum)) {
    throw new ServiceRefusal(400, 'scoreMaximum: A valid integer is required.');
  }
  if (oddities.has('strict-columns') && label.length > LONGEST_STRICT_LABEL) {
    throw new ServiceRefusal(400, 'label: Ensure this field has no more than 100 characters.');
  }
  const link = all.resourceLinkId;
  return {
    label,
    scoreMaximum,
    resourceId: text(all.resourceId),
    tag: text(all.tag),
    resourceLinkId: typeof link === 'string' || typeof link === 'number' ? String(link) : null,
    submissionReview: all.submissionReview === undefined ? undefined : reviewOf(record(all.submissionReview)),
    all,
  };
}

function requireOwnLink(lms: Lms, tool: Tool, courseId: string, linkId: string | null): string | null {
  if (linkId === null) return null;
  const activity = lms.state.activity(linkId);
  if (activity?.courseId !== courseId || activity.toolId !== tool.id) {
    throw new ServiceRefusal(403, 'Forbidden');
  }
  return activity.id;
}

export function createLineItem(lms: Lms, req: Request, courseId: string): Reply {
  requireContentType(req, LINE_ITEM);
  const grant = requireGrant(lms, req, WRITE);
  requireCourse(lms, courseId);
  const tool = requireTool(lms, grant, queryOf(req, 'type_id'));
  const { resourceLinkId, all, submissionReview, ...sent } = sentLineItem(lms, req);
  const activityId = requireOwnLink(lms, tool, courseId, resourceLinkId);
  const column = addColumn(lms.state, {
    courseId,
    toolId: tool.id,
    activityId,
    own: false,
    ...sent,
    ...(submissionReview && { submissionReview }),
  });
  lms.state.commit();
  const id = serviceUrls(lms.origin()).lineItem(column, tool.id);
  return ok(LINE_ITEM, phpJson({ ...all, id }, { slashes: false }), { status: 201 });
}

export function getLineItem(lms: Lms, req: Request, courseId: string, itemId: string): Reply {
  requireExactAccept(req, LINE_ITEM);
  const grant = requireGrant(lms, req, READ);
  const column = requireColumn(lms, grant, courseId, itemId);
  return ok(LINE_ITEM, phpJson(asLineItem(lms, column)));
}

export function putLineItem(lms: Lms, req: Request, courseId: string, itemId: string): Reply {
  requireContentType(req, LINE_ITEM);
  const grant = requireGrant(lms, req, WRITE);
  const column = requireColumn(lms, grant, courseId, itemId);
  const { label, scoreMaximum, resourceId, tag, submissionReview, all } = sentLineItem(lms, req);
  // The item is replaced: what is not sent again is gone.
  delete column.submissionReview;
  if (submissionReview) column.submissionReview = submissionReview;
  if (scoreMaximum !== column.scoreMaximum) rescaleColumn(lms, column, scoreMaximum);
  Object.assign(column, { label, resourceId, tag });
  lms.state.commit();
  return ok(LINE_ITEM, phpJson(all, { slashes: false }));
}

/** Even an activity's own column goes, with everybody's grades: tools must not ask for it. */
export function deleteLineItem(lms: Lms, req: Request, courseId: string, itemId: string): Reply {
  const grant = requireGrant(lms, req, WRITE);
  removeColumn(lms.state, requireColumn(lms, grant, courseId, itemId));
  lms.state.commit();
  return { status: 204, reason: 'OK', type: 'text/html; charset=utf-8', body: '' };
}
