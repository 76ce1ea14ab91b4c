import type { KeyObject } from 'node:crypto';
import type { AdjustableClock } from './clock.js';
import type { Faults } from './faults.js';
import { formsOf } from './forms.js';
import { newSigningKey, privateKeyOf, publicPem, signToken } from './keys.js';
import type { Lms, ReceivedScore } from './lms.js';
import type { Activity, Column, Course, CourseRole, Grade, Group, Person, Tool } from './model.js';
import type { Oddity } from './oddities.js';
import { addActivity, copyCourse, type NewActivity } from './platform/activities.js';
import { addColumn, gradesOf, removeByHand, removeColumn, storeManualGrade } from './platform/gradebook.js';
import { initiateLink, initiateReview, initiateSelection, type Initiation } from './platform/initiation.js';
import { copyClaims, noticeClaims, sendNotices } from './platform/notices.js';
import { registrationUrl } from './platform/registration.js';
import { activateTool, addTool, type ToolInput } from './platform/tools.js';
import { SESSION_COOKIE } from './sessions.js';

export interface LmsSession {
  readonly personId: string;
  /** For a Cookie header: `name=value`. */
  readonly cookie: string;
}

export interface AuthenticationResult {
  readonly status: number;
  /** The form to post to the tool; null when the LMS shows a page of its own. */
  readonly form: { readonly action: string; readonly fields: Readonly<Record<string, string>> } | null;
  readonly page: string;
}

export interface SigningOptions {
  /** Merged over `{typ, alg: 'RS256', kid}` of the LMS's key; a member set to undefined is left out. */
  readonly header?: Readonly<Record<string, unknown>>;
  /** Instead of the LMS's private key. Bytes for HS256. */
  readonly key?: KeyObject | Uint8Array;
}

/** What is asked for is not there. */
function found<T>(thing: T | undefined, what: string): T {
  if (thing === undefined) throw new Error(`the demo LMS has no ${what}`);
  return thing;
}

/** Drives a running LMS from a test or a script. Everything takes effect at once and is persisted. */
export class LmsControl {
  /** Delays, errors, cut connections, and the counters of calls. */
  readonly faults: Faults;
  readonly clock: AdjustableClock;
  readonly #lms: Lms;

  constructor(lms: Lms) {
    this.#lms = lms;
    this.faults = lms.faults;
    this.clock = lms.clock;
  }

  // Tools

  /** Registers a tool by hand, active unless said otherwise. */
  registerTool(input: ToolInput): Tool {
    return addTool(this.#lms.state, input);
  }

  /** @throws Error no such tool */
  activateTool(toolId: string): void {
    activateTool(this.#lms.state, this.tool(toolId));
  }

  tools(): readonly Tool[] {
    return this.#lms.state.data.tools;
  }

  tool(toolId: string): Tool {
    return found(this.#lms.state.tool(toolId), `tool ${toolId}`);
  }

  /** Changes anything of a tool: scopes, privacy, `state`, key set… */
  changeTool(toolId: string, changes: Partial<Omit<Tool, 'id'>>): void {
    Object.assign(this.tool(toolId), changes);
    this.#lms.state.commit();
  }

  /**
   * The address an administrator's browser opens to begin dynamic registration.
   * @param updateToolId instead of a new tool, lets this one be read and changed
   */
  registrationUrl(toolRegistrationUrl: string, updateToolId?: string): Promise<string> {
    const tool = updateToolId === undefined ? undefined : this.tool(updateToolId);
    return registrationUrl(this.#lms, toolRegistrationUrl, tool);
  }

  /** Lets tools read and change their own registrations from now on, or no more. */
  manageRegistrations(managed = true): void {
    this.#lms.managesRegistrations = managed;
  }

  /** Every access token given out stops working: the next call with one answers 401. */
  revokeTokens(): void {
    this.#lms.tokens.revokeAll();
  }

  /** Behaves as another LMS does in one respect, or no more. */
  setOddity(oddity: Oddity, on = true): void {
    if (on) this.#lms.oddities.add(oddity);
    else this.#lms.oddities.delete(oddity);
  }

  // Launches

  /** Lets tools keep data in the LMS's page: `_parent`, or the name of a frame in it; null stops it. */
  offerStorage(target: string | null): void {
    this.#lms.storageTarget = target;
  }

  /** Signs the person in, as one click on the page of people does. */
  actAs(personId: string): LmsSession {
    this.person(personId);
    return { personId, cookie: `${SESSION_COOKIE}=${this.#lms.sessions.start(personId)}` };
  }

  /**
   * Begins a launch: the form the LMS posts to the tool's login address.
   * @throws Error when the link is not in that course; DomainError when the person may not
   */
  initiation(
    personId: string,
    courseId: string,
    linkId: string,
    { target = 'iframe' }: { target?: 'iframe' | 'window' } = {},
  ): Initiation {
    this.#requireLink(courseId, linkId);
    return initiateLink(this.#lms, personId, linkId, target);
  }

  /** Begins Deep Linking, with the first tool that offers it unless one is named. */
  selection(
    personId: string,
    courseId: string,
    options: { toolId?: string; title?: string; text?: string } = {},
  ): Initiation {
    const tool =
      options.toolId === undefined
        ? this.tools().find(({ state, deepLinkingUrl }) => state === 'active' && deepLinkingUrl !== '')
        : this.tool(options.toolId);
    return initiateSelection(this.#lms, personId, courseId, found(tool, 'tool to select with').id, options);
  }

  /** Begins a Submission Review of the student's work. */
  review(
    personId: string,
    courseId: string,
    linkId: string,
    studentId: string,
    { target = 'iframe' }: { target?: 'iframe' | 'window' } = {},
  ): Initiation {
    this.#requireLink(courseId, linkId);
    return initiateReview(this.#lms, personId, linkId, studentId, target);
  }

  #requireLink(courseId: string, linkId: string): void {
    const activity = this.#lms.state.activity(linkId);
    found(activity?.courseId === courseId ? activity : undefined, `link ${linkId} in course ${courseId}`);
  }

  /**
   * Sends an authentication request as the person's browser would.
   * @param url where the tool redirected to
   */
  async authenticate(url: string, session: LmsSession): Promise<AuthenticationResult> {
    const response = await fetch(url, { redirect: 'manual', headers: { cookie: session.cookie } });
    const page = await response.text();
    const form = formsOf(page, url).find(({ fields }) => 'id_token' in fields || 'error' in fields);
    return {
      status: response.status,
      form: form === undefined ? null : { action: form.action, fields: form.fields },
      page,
    };
  }

  /** Signs any claims, honest or hostile. */
  signIdToken(claims: object, { header = {}, key }: SigningOptions = {}): Promise<string> {
    const own = this.#signingKey();
    const merged = { typ: 'JWT', alg: 'RS256', kid: own.kid, ...header };
    return signToken(claims, merged, key ?? privateKeyOf(own));
  }

  /** The public key in PEM, for those who would sign HS256 with it. */
  publicKeyPem(): string {
    return publicPem(this.#signingKey());
  }

  /** A new key signs from now on; the old one stays published unless told otherwise. */
  rotateKey({ keepOld = true }: { keepOld?: boolean } = {}): void {
    const { data } = this.#lms.state;
    data.keys = [newSigningKey(), ...(keepOld ? data.keys : [])];
    this.#lms.state.commit();
  }

  #signingKey() {
    return found(this.#lms.state.data.keys[0], 'signing key');
  }

  // People and courses

  people(): readonly Person[] {
    return this.#lms.state.data.people;
  }

  person(personId: string): Person {
    return found(this.#lms.state.person(personId), `person ${personId}`);
  }

  /** Adds a person, in no course yet. Names may be anything. */
  addPerson(person: Partial<Omit<Person, 'id'>> = {}): Person {
    const { state } = this.#lms;
    const id = state.next('person');
    const added: Person = {
      id,
      username: `person${id}`,
      post: 'student',
      familyName: `Фамилия${id}`,
      givenName: 'Имя',
      middleName: '',
      email: `person${id}@example.org`,
      idNumber: '',
      language: 'ru',
      timezone: '99',
      private: false,
      ...person,
    };
    state.data.people.push(added);
    state.commit();
    return added;
  }

  /** Changes a person: another name, e-mail, privacy… as the next launches will tell. */
  changePerson(personId: string, changes: Partial<Omit<Person, 'id'>>): void {
    Object.assign(this.person(personId), changes);
    this.#lms.state.commit();
  }

  /** Puts the person into the course, or changes the role, or suspends. */
  enrol(courseId: string, personId: string, role: CourseRole, { suspended = false } = {}): void {
    this.course(courseId);
    this.person(personId);
    const { data } = this.#lms.state;
    data.enrolments = data.enrolments.filter((old) => old.courseId !== courseId || old.personId !== personId);
    data.enrolments.push({ courseId, personId, role, suspended });
    this.#lms.state.commit();
  }

  unenrol(courseId: string, personId: string): void {
    const { data } = this.#lms.state;
    data.enrolments = data.enrolments.filter((old) => old.courseId !== courseId || old.personId !== personId);
    this.#lms.state.commit();
  }

  /** Active members by family name. */
  membersOf(courseId: string): { person: Person; role: CourseRole }[] {
    return this.#lms.state.members(courseId);
  }

  groupsIn(courseId: string): readonly Group[] {
    return this.#lms.state.groupsIn(courseId);
  }

  /** Adds a group to the course. */
  addGroup(courseId: string, group: Omit<Group, 'id' | 'courseId'>): Group {
    const { state } = this.#lms;
    const added = { ...group, id: state.next('group'), courseId: this.course(courseId).id };
    state.data.groups.push(added);
    state.commit();
    return added;
  }

  /** Changes a group: its name, its members… */
  changeGroup(groupId: string, changes: Partial<Omit<Group, 'id' | 'courseId'>>): void {
    const { state } = this.#lms;
    Object.assign(
      found(
        state.data.groups.find(({ id }) => id === groupId),
        `group ${groupId}`,
      ),
      changes,
    );
    state.commit();
  }

  removeGroup(groupId: string): void {
    const { state } = this.#lms;
    state.data.groups = state.data.groups.filter(({ id }) => id !== groupId);
    state.commit();
  }

  courses(): readonly Course[] {
    return this.#lms.state.data.courses;
  }

  course(courseId: string): Course {
    return found(this.#lms.state.course(courseId), `course ${courseId}`);
  }

  /** A copy with the same links and columns, without grades. */
  copyCourse(
    courseId: string,
    options: { title?: string; label?: string; withStudents?: boolean } = {},
  ): Course {
    const copy = copyCourse(this.#lms.state, this.course(courseId), {
      ...options,
      now: this.#lms.clock.now(),
    });
    this.#lms.state.commit();
    return copy;
  }

  // Notices

  /** The claims of an honest notice, to send or to spoil. */
  noticeClaims(toolId: string, type: string): Record<string, unknown> {
    return noticeClaims(this.#lms, this.tool(toolId), type);
  }

  /** Tells the tool that a course is a copy. @returns the status it answered; null when it has not subscribed */
  sendCopyNotice(toolId: string, courseId: string): Promise<number | null> {
    const type = 'LtiContextCopyNotice';
    const claims = { ...this.noticeClaims(toolId, type), ...copyClaims(this.course(courseId)) };
    return sendNotices(this.#lms, this.tool(toolId), type, [claims]);
  }

  // Activities and grades

  activities(courseId: string): readonly Activity[] {
    return this.#lms.state.activitiesOf(courseId);
  }

  /** The plain link to the tool that every course gets. */
  homeLink(courseId: string, toolId?: string): Activity {
    const home = this.activities(courseId).find(
      (activity) => activity.home && (toolId === undefined || activity.toolId === toolId),
    );
    return found(home, `home link in course ${courseId}`);
  }

  /** Adds a resource link, without Deep Linking. */
  addActivity(courseId: string, toolId: string, activity: NewActivity): Activity {
    this.course(courseId);
    const added = addActivity(this.#lms.state, this.tool(toolId), courseId, activity);
    this.#lms.state.commit();
    return added;
  }

  /** A further column of the tool's, as through its line item service. */
  addColumn(courseId: string, toolId: string, column: Partial<Column> = {}): Column {
    this.course(courseId);
    const added = addColumn(this.#lms.state, {
      courseId,
      toolId,
      activityId: null,
      own: false,
      label: 'Столбец',
      scoreMaximum: 100,
      resourceId: '',
      tag: '',
      ...column,
    });
    this.#lms.state.commit();
    return added;
  }

  /** As a teacher removes a column by hand, with everybody's grades in it. */
  removeColumn(columnId: string): void {
    removeByHand(this.#lms, found(this.#lms.state.column(columnId), `column ${columnId}`));
  }

  /** Changes anything of a column, as its activity's settings do. */
  changeColumn(columnId: string, changes: Partial<Omit<Column, 'id'>>): void {
    Object.assign(found(this.#lms.state.column(columnId), `column ${columnId}`), changes);
    this.#lms.state.commit();
  }

  /** As a teacher deletes an activity: its columns go with it. */
  removeActivity(linkId: string): void {
    const { state } = this.#lms;
    for (const column of state.columnsOfActivity(linkId)) removeColumn(state, column);
    state.data.activities = state.data.activities.filter(({ id }) => id !== linkId);
    state.commit();
  }

  columns(courseId: string): readonly Column[] {
    return this.#lms.state.columnsOf(courseId);
  }

  columnsOfActivity(linkId: string): readonly Column[] {
    return this.#lms.state.columnsOfActivity(linkId);
  }

  grades(columnId: string): readonly Grade[] {
    return gradesOf(this.#lms.state, columnId);
  }

  grade(columnId: string, personId: string): Grade | null {
    return this.#lms.state.grade(columnId, personId) ?? null;
  }

  /** A teacher writes a grade into the gradebook by hand; the activity's own scores no longer change it. */
  overrideGrade(columnId: string, personId: string, score: number | null, comment = ''): void {
    const column = found(this.#lms.state.column(columnId), `column ${columnId}`);
    const storedAt = this.#lms.clock.now().getTime();
    storeManualGrade(this.#lms.state, column, personId, { score, comment, storedAt });
    this.#lms.state.commit();
  }

  /** Every score that reached the score service, in order, refused ones included. */
  get scores(): readonly ReceivedScore[] {
    return this.#lms.scoreLog;
  }

  forgetScores(): void {
    this.#lms.scoreLog.length = 0;
  }
}
