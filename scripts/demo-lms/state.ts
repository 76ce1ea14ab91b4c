import { randomBytes } from 'node:crypto';
import type { JWK } from 'jose';
import * as centre from './centre.js';
import type {
  Activity,
  Column,
  Counter,
  Course,
  CourseRole,
  Enrolment,
  Grade,
  Group,
  LmsData,
  Person,
  Tool,
} from './model.js';
import type { Store } from './store.js';

const toPerson = (from: centre.CentrePerson): Person => {
  const inGiven = from.patronymicIn === 'given' && from.patronymic !== '';
  return {
    id: from.id,
    username: from.username,
    post: from.post,
    familyName: from.surname,
    givenName: inGiven ? `${from.givenName} ${from.patronymic}` : from.givenName,
    middleName: inGiven ? '' : from.patronymic,
    email: from.email,
    idNumber: from.idNumber,
    language: from.language,
    timezone: from.timezone,
    private: from.private,
  };
};

function enrolmentsOf(course: centre.CentreCourse): Enrolment[] {
  const enrol = (ids: readonly string[], role: CourseRole): Enrolment[] =>
    ids.map((personId) => ({
      courseId: course.id,
      personId,
      role,
      suspended: course.suspendedIds.includes(personId),
    }));
  return [
    ...enrol(course.managerIds, 'manager'),
    ...enrol(course.teacherIds, 'editingteacher'),
    ...enrol(course.assistantIds, 'teacher'),
    ...enrol(course.studentIds, 'student'),
  ];
}

/** The state of a new LMS: the centre's people and courses, no tools. */
function freshData(keys: JWK[]): LmsData {
  return {
    version: 1,
    guid: randomBytes(16).toString('hex'),
    keys,
    people: centre.people.map(toPerson),
    courses: centre.courses.map(({ id, label, title, idNumber, startsAt }) => ({
      id,
      label,
      title,
      idNumber,
      startsAt,
      history: [],
    })),
    enrolments: centre.courses.flatMap(enrolmentsOf),
    groups: centre.courses.flatMap((course) =>
      course.groups.map(({ id, title, set, memberIds }) => ({
        id,
        courseId: course.id,
        title,
        ...(set !== undefined && { set: { ...set } }),
        memberIds: [...memberIds],
      })),
    ),
    tools: [],
    activities: [],
    columns: [],
    grades: [],
    counters: { course: 3, group: 5, tool: 0, activity: 0, cmid: 100, column: 10, person: 1000 },
  };
}

/**
 * The memory of the LMS. Code that changes something in `data` calls `commit()` before answering, so that an
 * answer is never given for what would be lost.
 */
export class LmsState {
  readonly data: LmsData;
  readonly #store: Store;

  constructor(store: Store, makeKeys: () => JWK[]) {
    this.#store = store;
    const loaded = store.load();
    this.data = loaded ?? freshData(makeKeys());
    if (loaded === null) this.commit();
  }

  commit(): void {
    this.#store.save(this.data);
  }

  next(counter: Counter): string {
    this.data.counters[counter] += 1;
    return String(this.data.counters[counter]);
  }

  person(id: string): Person | undefined {
    return this.data.people.find((person) => person.id === id);
  }

  course(id: string): Course | undefined {
    return this.data.courses.find((course) => course.id === id);
  }

  tool(id: string): Tool | undefined {
    return this.data.tools.find((tool) => tool.id === id);
  }

  /** Several deployments may share a client. */
  toolsOfClient(clientId: string): Tool[] {
    return this.data.tools.filter((tool) => tool.clientId === clientId);
  }

  activity(id: string): Activity | undefined {
    return this.data.activities.find((activity) => activity.id === id);
  }

  activityByCmid(cmid: string): Activity | undefined {
    return this.data.activities.find((activity) => activity.cmid === cmid);
  }

  activitiesOf(courseId: string): Activity[] {
    return this.data.activities.filter((activity) => activity.courseId === courseId);
  }

  column(id: string): Column | undefined {
    return this.data.columns.find((column) => column.id === id);
  }

  columnsOf(courseId: string): Column[] {
    return this.data.columns.filter((column) => column.courseId === courseId);
  }

  columnsOfActivity(activityId: string): Column[] {
    return this.data.columns.filter((column) => column.activityId === activityId);
  }

  /** The link's column when it has exactly one; with several the platform names none. */
  soleColumn(activityId: string): Column | undefined {
    const columns = this.columnsOfActivity(activityId);
    return columns.length === 1 ? columns[0] : undefined;
  }

  grade(columnId: string, personId: string): Grade | undefined {
    return this.data.grades.find((grade) => grade.columnId === columnId && grade.personId === personId);
  }

  groupsIn(courseId: string): Group[] {
    return this.data.groups.filter((group) => group.courseId === courseId);
  }

  groupsOf(courseId: string, personId: string): Group[] {
    return this.groupsIn(courseId).filter(({ memberIds }) => memberIds.includes(personId));
  }

  /** The person's part in the course; undefined also while suspended. */
  enrolment(courseId: string, personId: string): Enrolment | undefined {
    return this.data.enrolments.find(
      (enrolment) =>
        enrolment.courseId === courseId && enrolment.personId === personId && !enrolment.suspended,
    );
  }

  /** Active members by family name, as Moodle lists them. */
  members(courseId: string): { person: Person; role: CourseRole }[] {
    const collator = new Intl.Collator('ru');
    return this.data.enrolments
      .filter((enrolment) => enrolment.courseId === courseId && !enrolment.suspended)
      .flatMap((enrolment) => {
        const person = this.person(enrolment.personId);
        return person === undefined ? [] : [{ person, role: enrolment.role }];
      })
      .sort(
        (a, b) =>
          collator.compare(a.person.familyName, b.person.familyName) ||
          collator.compare(a.person.givenName, b.person.givenName) ||
          Number(a.person.id) - Number(b.person.id),
      );
  }

  isAdministrator(personId: string): boolean {
    return this.person(personId)?.post === 'administrator';
  }

  /** May see the course at all. */
  mayEnter(courseId: string, personId: string): boolean {
    return this.isAdministrator(personId) || this.enrolment(courseId, personId) !== undefined;
  }

  /** May add activities, copy the course, see everybody's grades. */
  mayEdit(courseId: string, personId: string): boolean {
    const role = this.enrolment(courseId, personId)?.role;
    return this.isAdministrator(personId) || role === 'manager' || role === 'editingteacher';
  }

  /** Sees everybody's grades: teachers, editing or not. */
  mayGrade(courseId: string, personId: string): boolean {
    return this.mayEdit(courseId, personId) || this.enrolment(courseId, personId)?.role === 'teacher';
  }

  /** Only students have grades. */
  isGradable(courseId: string, personId: string): boolean {
    return this.enrolment(courseId, personId)?.role === 'student';
  }

  coursesOf(personId: string): Course[] {
    return this.data.courses.filter((course) => this.mayEnter(course.id, personId));
  }
}
