import type { Request } from 'express';
import { SERVER_OFFSET } from '../clock.js';
import type { Lms } from '../lms.js';
import type { Column } from '../model.js';
import { onScale, storeToolGrade } from './gradebook.js';
import { requireColumn } from './lineitems.js';
import type { Reply } from './reply.js';
import { SCOPE } from './scopes.js';
import { parseJson, record } from './sent.js';
import {
  ServiceRefusal,
  bodyOf,
  requireAccept,
  requireContentType,
  requireGrant,
} from './service-request.js';

/** The score service of AGS 2.0 (section 3.4), with the recorded platform's habits. */

const SCORE = 'application/vnd.ims.lis.v1.score+json';

interface Score {
  readonly userId: string;
  /** Null unless this is a final score; anything else erases. */
  readonly final: { readonly given: number; readonly maximum: number } | null;
  readonly comment: string;
  /** Milliseconds. */
  readonly timestamp: number;
}

/** A date and a time with seconds optional; without a zone it is the server's. A bare number is no time. */
function parseTimestamp(text: unknown): number | null {
  if (typeof text !== 'string') return null;
  const parts = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d)?(\.\d+)?(Z|[+-]\d\d:?\d\d)?$/.exec(text);
  if (parts === null) return null;
  const [, date = '', minutes = '', secondsPart = ':00', , zone = SERVER_OFFSET] = parts;
  const milliseconds = Date.parse(`${date}T${minutes}${secondsPart}${zone}`);
  return Number.isNaN(milliseconds) ? null : milliseconds;
}

/** Null when it cannot be a score. */
function parseScore(raw: string): Score | null {
  const { userId, scoreGiven, scoreMaximum, activityProgress, gradingProgress, comment, timestamp } = record(
    parseJson(raw),
  );
  const at = parseTimestamp(timestamp);
  const known = typeof userId === 'string' || typeof userId === 'number';
  if (!known || typeof activityProgress !== 'string' || typeof gradingProgress !== 'string' || at === null) {
    return null;
  }
  const given = typeof scoreGiven === 'number' ? scoreGiven : null;
  const maximum = typeof scoreMaximum === 'number' ? scoreMaximum : null;
  if (given !== null && maximum === null) return null;
  return {
    userId: String(userId),
    final:
      gradingProgress === 'FullyGraded' && given !== null && maximum !== null ? { given, maximum } : null,
    comment: typeof comment === 'string' ? comment : '',
    timestamp: at,
  };
}

const answer = (extra: Partial<Reply>): Reply => ({
  status: 200,
  type: `${SCORE}; charset=utf-8`,
  body: '[]',
  ...extra,
});

/**
 * A refusal puts what was sent into the status line; where that has a line break, the status cannot be set
 * and the refusal comes as 200. Only its body, `[]`, gives it away.
 */
const refusal = (status: number, reason: string): Reply =>
  answer(/[\r\n]/.test(reason) ? {} : { status, reason });

/** A user id that is no number brings the recorded platform down. */
const CRASH: Reply = {
  status: 502,
  reason: 'Bad Gateway',
  type: 'text/html',
  body: '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n',
};

const wholeSeconds = (milliseconds: number): number => Math.floor(milliseconds / 1000);

/** Takes a score into the gradebook, or says why not. */
function take(lms: Lms, column: Column, raw: string): { reply: Reply; applied: boolean } {
  const no = (reply: Reply) => ({ reply, applied: false });
  const { state } = lms;
  const score = parseScore(raw);
  if (score === null) return no(refusal(400, `Incorrect score received${raw}`));
  if (!/^\d+$/.test(score.userId)) return no(CRASH);
  if (!state.isGradable(column.courseId, score.userId)) {
    return no(refusal(400, `Incorrect score received${raw}`));
  }
  const stored = state.grade(column.id, score.userId);
  if (stored !== undefined && wholeSeconds(stored.storedAt) >= wholeSeconds(score.timestamp)) {
    return no(
      refusal(409, `Refusing score with an earlier timestamp for item ${column.id} and user ${score.userId}`),
    );
  }
  if (column.ungraded === true) return { reply: answer({ body: '' }), applied: false };
  storeToolGrade(state, column, score.userId, {
    score: score.final === null ? null : onScale(column, score.final.given, score.final.maximum),
    comment: score.comment,
    // An activity's own column remembers the server's time of the write, another one the score's own time.
    storedAt: column.own ? lms.clock.now().getTime() : score.timestamp,
  });
  state.commit();
  return { reply: answer({ body: '' }), applied: true };
}

/** The log is for looking at, not for ever. */
const KEPT_SCORES = 10_000;

export function postScore(lms: Lms, req: Request, courseId: string, itemId: string): Reply {
  requireContentType(req, SCORE);
  if (lms.oddities.has('scores-need-accept') && req.get('accept') !== SCORE) {
    throw new ServiceRefusal(415, 'Unsupported Media Type');
  }
  const grant = requireGrant(lms, req, [SCOPE.score]);
  const column = requireColumn(lms, grant, courseId, itemId);
  const raw = bodyOf(req);
  const { reply, applied } = take(lms, column, raw);
  if (lms.scoreLog.length >= KEPT_SCORES) lms.scoreLog.shift();
  lms.scoreLog.push({
    at: lms.clock.now(),
    columnId: column.id,
    clientId: grant.clientId,
    raw,
    body: parseJson(raw),
    status: reply.status,
    applied,
  });
  return reply;
}

export function getScores(_lms: Lms, req: Request): Reply {
  requireAccept(req, SCORE);
  throw new ServiceRefusal(405, 'Method Not Allowed');
}
