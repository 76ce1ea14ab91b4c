import type { JWK } from 'jose';
import type { Post } from './centre.js';

/** What the LMS remembers. Everything is plain JSON; URLs of the LMS itself are made when asked for. */

export interface Person {
  id: string;
  username: string;
  /** Sorts the list of people; roles come from enrolments. */
  post: Post;
  familyName: string;
  /** May hold the patronymic too, as in many Russian schools. */
  givenName: string;
  middleName: string;
  email: string;
  idNumber: string;
  language: 'ru' | 'en';
  /** IANA name, or '99' for the server's. */
  timezone: string;
  private: boolean;
}

/** Moodle's names: `manager` may edit every course it is in, `teacher` is the one who may not edit. */
export type CourseRole = 'manager' | 'editingteacher' | 'teacher' | 'student';

export interface Enrolment {
  courseId: string;
  personId: string;
  role: CourseRole;
  suspended: boolean;
}

export interface Group {
  id: string;
  courseId: string;
  title: string;
  /** Moodle's "grouping". */
  set?: { id: string; title: string };
  memberIds: string[];
}

export interface Course {
  id: string;
  label: string;
  title: string;
  idNumber: string;
  /** ISO 8601. */
  startsAt: string;
  /** Ids of the courses this one was copied from, the nearest first. */
  history: string[];
}

export interface Tool {
  /** Moodle's "type id"; it stands in service URLs, and is the deployment id unless another is given. */
  id: string;
  deploymentId: string;
  clientId: string;
  name: string;
  description: string;
  state: 'pending' | 'active';
  loginUrl: string;
  targetLinkUrl: string;
  /** Empty when the tool does no Deep Linking. */
  deepLinkingUrl: string;
  redirectUrls: string[];
  jwksUrl: string;
  /** A key set given by hand; when present, `jwksUrl` is not fetched. */
  jwks: { keys: JWK[] } | null;
  iconUrl: string;
  /** Lines `key=value`. */
  custom: string;
  scopes: string[];
  sendName: boolean;
  sendEmail: boolean;
  /** `always`: every link gets a gradebook column. `delegate`: a link gets one when its item asks for it. */
  acceptGrades: 'always' | 'delegate';
  /** Notice type → address. */
  noticeHandlers?: Record<string, string>;
  /** Opens this registration to the tool itself. */
  registrationToken?: string;
}

/** A resource link. */
export interface Activity {
  id: string;
  /** The "course module" id, which addresses the launch page. */
  cmid: string;
  courseId: string;
  toolId: string;
  title: string;
  text: string;
  /** Empty: the tool's own target. */
  url: string;
  iconUrl: string;
  /** Lines `key=value`. */
  custom: string;
  /** The link "course tool", made without Deep Linking. */
  home: boolean;
  /** Where to send a Submission Review; empty url: the link's own target. */
  submissionReview: { url: string; custom: string };
  /** A column of its that was removed by hand, and that launches go on naming. */
  removedColumnId?: string;
}

/** A gradebook column, "line item" in AGS. */
export interface Column {
  id: string;
  courseId: string;
  toolId: string;
  activityId: string | null;
  /** The activity's own column, made with it; others are made through the line item service. */
  own: boolean;
  label: string;
  scoreMaximum: number;
  resourceId: string;
  tag: string;
  /** Grade type "none": scores are taken with 200, and nothing is kept. */
  ungraded?: boolean;
  /** As a tool gave it; its address and parameters are kept. */
  submissionReview?: { url?: string; custom?: Record<string, string> };
}

export interface Grade {
  columnId: string;
  personId: string;
  /** On the scale of the column; null: nothing, or erased. */
  score: number | null;
  comment: string;
  /** Milliseconds; what later scores are compared with, and what results report. */
  storedAt: number;
  /** Set by a person in the gradebook: the tool's scores no longer change it. */
  overridden: boolean;
}

export interface LmsData {
  version: 1;
  guid: string;
  /** Private keys; the first one signs, all are published. */
  keys: JWK[];
  people: Person[];
  courses: Course[];
  enrolments: Enrolment[];
  groups: Group[];
  tools: Tool[];
  activities: Activity[];
  columns: Column[];
  grades: Grade[];
  /** The last number given out, per kind of thing. */
  counters: Record<Counter, number>;
}

export type Counter = 'course' | 'group' | 'tool' | 'activity' | 'cmid' | 'column' | 'person';
