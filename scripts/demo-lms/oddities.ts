import type { Fault } from './faults.js';

/** How real LMSs misbehave, one switch each: `control.behave({ … })`. The defaults are the recorded Moodle's. */
export interface Oddities {
  /** Moodle: another maximum of a column turns the empty grades of its course's students into 0. On by default. */
  rescaleFillsEmpty: boolean;
  /** Moodle, until its cleanup task has run: a launch goes on naming a column that was removed by hand. */
  namesRemovedColumns: boolean;
  /** Open edX: a column whose maximum has a fraction, or whose label has over 100 letters, is refused with 400. */
  strictColumns: boolean;
  /** Chamilo: a score without an `Accept` of its media type is refused with 415. */
  scoresNeedAccept: boolean;
  /** The link to the next page is one of two relations, `rel="prev next"`. */
  joinedRelations: boolean;
  /** Lists come in pages of this size though no limit is asked for; 0: in one. */
  pageSize: number;
  /** The configuration names an `authorization_server`, and a client assertion must be for it; '' names none. */
  authorizationServer: string;
}

export const USUAL: Readonly<Oddities> = {
  rescaleFillsEmpty: true,
  namesRemovedColumns: false,
  strictColumns: false,
  scoresNeedAccept: false,
  joinedRelations: false,
  pageSize: 0,
  authorizationServer: '',
};

/** Answers that real LMSs have given in place of their services', for `control.faults.fail(service, …)`. */
export const ODD_ANSWERS = {
  /** Canvas, when a tool has asked too often. */
  rateLimit: {
    status: 403,
    body: '403 Forbidden (Rate Limit Exceeded)',
    headers: { 'x-rate-limit-remaining': '0.0' },
  },
  /** A proxy in front of an LMS that is being maintained. */
  maintenance: { status: 302, body: '', headers: { location: '/maintenance.html' } },
  /** Taken, and said so in plain text. */
  plainOk: { status: 200, body: 'OK', when: 'after' },
  /** Taken, and answered with a list. */
  emptyList: { status: 200, body: '[]', contentType: 'application/json', when: 'after' },
  /** A token with a status of its own. */
  createdToken: { status: 201, contentType: 'application/json', when: 'after' },
} as const satisfies Record<string, Fault>;
