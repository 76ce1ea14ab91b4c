import type { Fault } from './faults.js';

/**
 * Ways in which other LMSs differ from the recorded one, each seen in the field. Each is a switch, so that its story can
 * be replayed: `control.setOddity(name)`, `POST /control/oddities`, or `LMS_ODDITIES=name,name` for the process.
 */
export const ODDITIES = [
  /** Moodle's PHP: no custom parameters are `[]`. */
  'empty-custom',
  /** Canvas: the grading scheme is a list among the custom parameters. */
  'list-in-custom',
  /** Deep Linking settings with `data: null`. */
  'null-data',
  /** Deep Linking settings with `data` that is no text. */
  'object-data',
  /** A service without an address: `{}`. */
  'empty-nrps',
  /** A login with `client_id=` and `lti_deployment_id=`. */
  'blank-client-id',
  /** A link with a description of 200 KB. */
  'long-description',
  /** Open edX: a `lti_message_hint` of 20 KB. */
  'long-hint',
  /** Canvas: an administrator of a part of it has a role of the institution beside the one in the course. */
  'institution-administrator',
  /** Roles in a course by their short names, at launch as in the roster. */
  'short-roles',
  /** Roles in a course as LTI 1.1 wrote them. */
  'old-roles',
  /** Canvas: a link's custom parameters win over the tool's. */
  'link-custom-wins',
  /** A token without `kid`. */
  'no-kid',
  /** Unlike Moodle: another maximum of a column leaves empty grades empty. */
  'rescaling-keeps-empty',
  /** Moodle, until its cleanup task has run: a launch goes on naming a column that was removed by hand. */
  'names-removed-columns',
  /** Open edX: a column whose maximum has a fraction, or whose label has over 100 letters, is refused with 400. */
  'strict-columns',
  /** Chamilo: a score without an `Accept` of its media type is refused with 415. */
  'scores-need-accept',
  /** The link to the next page is one of two relations, `rel="prev next"`. */
  'joined-relations',
  /** Lists come in pages of ten though no limit is asked for. */
  'small-pages',
  /** The configuration names an `authorization_server`, and a client assertion must be for it. */
  'authorization-server',
] as const;
export type Oddity = (typeof ODDITIES)[number];

export type Oddities = Set<Oddity>;

export const isOddity = (name: unknown): name is Oddity => ODDITIES.some((oddity) => oddity === name);

/** With `authorization-server`. */
export const AUTHORIZATION_SERVER = 'urn:lms:tokens';

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
} as const satisfies Record<string, Fault>;
