import type { Request } from 'express';
import { serverTime } from '../clock.js';
import type { Lms } from '../lms.js';
import type { Column, Grade } from '../model.js';
import { gradesOf } from './gradebook.js';
import { requireColumn } from './lineitems.js';
import { phpJson, type Reply } from './reply.js';
import { SCOPE } from './scopes.js';
import { pageOf, queryOf, requireAccept, requireGrant, typographicLinks } from './service-request.js';
import { serviceUrls } from './urls.js';

/** The result service of AGS 2.0 (section 3.3), with the recorded platform's habits. */

const RESULTS = 'application/vnd.ims.lis.v2.resultcontainer+json';

/** Its URLs carry the type id only when the question did. */
function asResult(lms: Lms, column: Column, grade: Grade, typeId: string | null) {
  const urls = serviceUrls(lms.origin());
  const typed = typeId === null ? '' : `type_id=${typeId}&`;
  return {
    id: `${urls.results(column)}?${typed}user_id=${grade.personId}`,
    userId: grade.personId,
    ...(grade.score !== null && {
      resultScore: grade.score,
      resultMaximum: column.scoreMaximum,
      ...(grade.comment !== '' && { comment: grade.comment }),
      scoreOf: urls.lineItem(column, typeId),
      timestamp: serverTime(grade.storedAt),
    }),
  };
}

/** The recorded platform breaks down when both `limit` and `type_id` are given. */
const BREAKDOWN: Reply = {
  status: 404,
  reason: 'Not Found',
  type: 'text/html; charset=utf-8',
  body: '<!DOCTYPE html>\n<html lang="ru"><head><title>Error</title></head><body><p>Error</p></body></html>\n',
};

export function getResults(lms: Lms, req: Request, courseId: string, itemId: string): Reply {
  requireAccept(req, RESULTS);
  const grant = requireGrant(lms, req, [SCOPE.resultReadonly]);
  const column = requireColumn(lms, grant, courseId, itemId);
  const typeId = queryOf(req, 'type_id') ?? null;
  const userId = queryOf(req, 'user_id');
  const grades = gradesOf(lms.state, column.id).filter(
    (grade) => userId === undefined || grade.personId === userId,
  );
  const page = pageOf(lms, req, grades);
  if (queryOf(req, 'limit') !== undefined && page.limit > 0 && typeId !== null) return BREAKDOWN;
  return {
    status: 200,
    type: `${RESULTS}; charset=utf-8`,
    headers: typographicLinks(serviceUrls(lms.origin()).results(column), [], page, lms.oddities),
    body: phpJson(page.items.map((grade) => asResult(lms, column, grade, typeId))),
  };
}
