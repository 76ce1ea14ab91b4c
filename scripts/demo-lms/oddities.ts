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
] as const;
export type Oddity = (typeof ODDITIES)[number];

export type Oddities = Set<Oddity>;

export const isOddity = (name: unknown): name is Oddity => ODDITIES.some((oddity) => oddity === name);
