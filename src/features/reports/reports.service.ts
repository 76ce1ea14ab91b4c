import { MINUTE, DAY, type Clock } from '../../shared/clock.js';
import { compareText } from '../../shared/collation.js';
import { badInput, forbidden } from '../../shared/errors.js';
import { fullName } from '../../shared/names.js';
import { instantAt, localAt } from '../../shared/zoned.js';
import type { ConsultationsFeature } from '../consultations/index.js';
import type { Duties, Organisation, Programme } from '../directory/index.js';
import type { Course, CoursesStore, PeopleStore } from '../membership/index.js';
import type { AttestationsStore } from '../schedule/index.js';
import { isOverdue, type QuestionsFeature } from '../questions/index.js';
import { figuresOf, groupFacts, type Fact, type Figures } from './figures.js';
import type { Grouping } from './reports.list.js';

/** Who reads a report, and what of. */
export interface ReportReader {
  readonly duties: Duties;
  /** The only course that is seen, for a methodist without a post; null: by the duties. */
  readonly courseId: string | null;
}

export interface ReportWish {
  readonly from: Date;
  readonly to: Date;
  readonly by: Grouping;
  readonly association?: string | undefined;
  readonly programme?: string | undefined;
  /** As `choices` names it. */
  readonly teacher?: string | undefined;
  /** IANA name, for months. */
  readonly zone: string;
}

export interface ReportRow extends Figures {
  readonly key: string;
  readonly name: string;
}

export interface Report {
  readonly total: Figures;
  readonly rows: readonly ReportRow[];
  /** By month, for the chart. */
  readonly months: readonly ReportRow[];
}

export interface UnaidedStudent {
  readonly course: string;
  readonly student: string;
}

export interface ReportChoices {
  readonly associations: readonly (readonly [string, string])[];
  readonly programmes: readonly (readonly [string, string])[];
  readonly teachers: readonly (readonly [string, string])[];
}

export interface ReportsDeps {
  readonly consultations: Pick<ConsultationsFeature, 'reporting'>;
  readonly questions: Pick<QuestionsFeature, 'askedBetween'>;
  readonly organisation: Pick<Organisation, 'listTeachers' | 'listAssociations' | 'listProgrammes'>;
  readonly courses: Pick<CoursesStore, 'listAll' | 'members'>;
  readonly people: Pick<PeopleStore, 'findMany'>;
  readonly attestations: Pick<AttestationsStore, 'list'>;
  readonly clock: Clock;
}

export interface ReportsService {
  /** @throws DomainError `bad-input` on `dayTo` for a period of more than three years */
  report(reader: ReportReader, wish: ReportWish): Promise<Report>;
  choices(reader: ReportReader): Promise<ReportChoices>;
  /**
   * Students who neither booked a consultation nor asked a question: in the four weeks before the course's attestation,
   * where it has one in the period, else in the period.
   */
  unaided(reader: ReportReader, wish: ReportWish): Promise<UnaidedStudent[]>;
}

const LONGEST_MS = 3 * 366 * DAY;
const BEFORE_ATTESTATION_MS = 28 * DAY;

/** Teachers of the centre by person: several persons of one card are one teacher. */
interface Staff {
  readonly keyOf: (personId: string) => string;
  readonly associationsOf: (personId: string) => readonly string[];
  readonly names: Map<string, string>;
}

export function createReports(deps: ReportsDeps): ReportsService {
  async function staffOf(): Promise<Staff> {
    const teachers = await deps.organisation.listTeachers();
    const byPerson = new Map(teachers.flatMap((card) => card.personIds.map((id) => [id, card] as const)));
    return {
      keyOf: (personId) => byPerson.get(personId)?.cardId ?? personId,
      associationsOf: (personId) => byPerson.get(personId)?.associationIds ?? [],
      names: new Map(teachers.map(({ cardId, name }) => [cardId, fullName(name)])),
    };
  }

  function checkPeriod({ from, to }: ReportWish): void {
    if (to.getTime() - from.getTime() > LONGEST_MS) throw badInput({ dayTo: 'errors.field.reportTooLong' });
  }

  /** Whether a fact is in what the reader answers for. */
  function mayCount({ duties, courseId }: ReportReader, staff: Staff): (fact: Fact) => boolean {
    if (duties.all) return () => true;
    const led = new Set(duties.associationIds);
    if (led.size === 0) {
      if (courseId === null) throw forbidden();
      return (fact) => fact.courseId === courseId;
    }
    return (fact) =>
      staff.associationsOf(fact.teacherId).some((id) => led.has(id)) ||
      (fact.kind === 'question' && led.has(fact.associationId));
  }

  async function factsOf({ from, to }: ReportWish): Promise<Fact[]> {
    const now = deps.clock.now();
    const facts: Fact[] = [];
    for await (const slot of deps.consultations.reporting.slotsBetween(from, to)) {
      facts.push({
        kind: 'consultation',
        courseId: slot.courseId,
        teacherId: slot.teacherId,
        at: slot.startsAt,
        minutes: (slot.endsAt.getTime() - slot.startsAt.getTime()) / MINUTE,
        over: slot.endsAt <= now,
        cancelled: slot.cancelled,
        booked: slot.booked,
        marked: slot.marked,
        attended: slot.attended,
      });
    }
    for await (const question of deps.questions.askedBetween(from, to)) {
      const { to: addressee, takenBy } = question;
      facts.push({
        kind: 'question',
        courseId: question.courseId,
        teacherId: takenBy || (addressee.kind === 'teacher' ? addressee.id : ''),
        associationId: addressee.kind === 'association' ? addressee.id : '',
        at: question.askedAt,
        answered: question.answeredAt !== null,
        overdue: isOverdue(question, now),
        answerTime: question.answerTime,
      });
    }
    return facts;
  }

  function chosen(
    facts: readonly Fact[],
    wish: ReportWish,
    staff: Staff,
    programmes: readonly Programme[],
  ): Fact[] {
    const courses = programmes.find(({ id }) => id === wish.programme)?.courseIds;
    return facts.filter(
      (fact) =>
        (wish.teacher === undefined || staff.keyOf(fact.teacherId) === wish.teacher) &&
        (wish.programme === undefined || (courses?.includes(fact.courseId) ?? false)) &&
        (wish.association === undefined ||
          staff.associationsOf(fact.teacherId).includes(wish.association) ||
          (fact.kind === 'question' && fact.associationId === wish.association)),
    );
  }

  async function namesFor(
    by: Grouping,
    keys: readonly string[],
    staff: Staff,
  ): Promise<ReadonlyMap<string, string>> {
    switch (by) {
      case 'teacher': {
        const unknown = keys.filter((key) => key !== '' && !staff.names.has(key));
        const people = unknown.length === 0 ? [] : await deps.people.findMany(unknown);
        return new Map([...staff.names, ...people.map(({ id, name }) => [id, fullName(name)] as const)]);
      }
      case 'association':
        return titlesOf(await deps.organisation.listAssociations());
      case 'programme':
        return titlesOf(await deps.organisation.listProgrammes());
      case 'course':
        return titlesOf(await deps.courses.listAll());
      case 'month':
        return new Map(keys.map((key) => [key, key]));
    }
  }

  function keysBy(by: Grouping, wish: ReportWish, staff: Staff, programmes: readonly Programme[]) {
    const keys: Record<Grouping, (fact: Fact) => readonly string[]> = {
      teacher: ({ teacherId }) => (teacherId === '' ? [] : [staff.keyOf(teacherId)]),
      association: (fact) =>
        fact.kind === 'question' && fact.associationId !== ''
          ? [fact.associationId]
          : staff.associationsOf(fact.teacherId),
      programme: ({ courseId }) =>
        programmes.filter(({ courseIds }) => courseIds.includes(courseId)).map(({ id }) => id),
      course: ({ courseId }) => [courseId],
      month: ({ at }) => [localAt(at, wish.zone).slice(0, 7)],
    };
    return keys[by];
  }

  /** The weeks before the first attestation of a course in the period; the period itself where there is none. */
  async function periodOf(
    courseId: string,
    { from, to, zone }: ReportWish,
  ): Promise<{ from: Date; to: Date }> {
    const [first, last] = [localAt(from, zone).slice(0, 10), localAt(to, zone).slice(0, 10)];
    const next = (await deps.attestations.list(courseId)).find(({ on }) => on >= first && on <= last);
    const end = next && instantAt(`${next.on}T00:00`, zone);
    return end ? { from: new Date(end.getTime() - BEFORE_ATTESTATION_MS), to: end } : { from, to };
  }

  async function rowsBy(
    by: Grouping,
    facts: readonly Fact[],
    wish: ReportWish,
    { staff, programmes }: { readonly staff: Staff; readonly programmes: readonly Programme[] },
  ): Promise<ReportRow[]> {
    const groups = groupFacts(facts, keysBy(by, wish, staff, programmes));
    const names = await namesFor(by, [...groups.keys()], staff);
    return [...groups]
      .map(([key, own]) => ({ key, name: names.get(key) ?? '', ...figuresOf(own) }))
      .sort((a, b) => compareText(a.name, b.name));
  }

  return {
    async report(reader, wish) {
      checkPeriod(wish);
      const [staff, programmes] = await Promise.all([staffOf(), deps.organisation.listProgrammes()]);
      const counts = mayCount(reader, staff);
      const facts = chosen((await factsOf(wish)).filter(counts), wish, staff, programmes);
      return {
        total: figuresOf(facts),
        rows: await rowsBy(wish.by, facts, wish, { staff, programmes }),
        months: await rowsBy('month', facts, wish, { staff, programmes }),
      };
    },

    async choices({ duties }) {
      const [teachers, associations, programmes] = await Promise.all([
        deps.organisation.listTeachers(),
        deps.organisation.listAssociations(),
        deps.organisation.listProgrammes(),
      ]);
      const led = (ids: readonly string[]): boolean =>
        duties.all ||
        duties.associationIds.length === 0 ||
        ids.some((id) => duties.associationIds.includes(id));
      return {
        associations: associations.filter(({ id }) => led([id])).map(({ id, title }) => [id, title] as const),
        programmes: programmes.map(({ id, title }) => [id, title] as const),
        teachers: teachers
          .filter(({ associationIds }) => led(associationIds))
          .map(({ cardId, name }) => [cardId, fullName(name)] as const),
      };
    },

    async unaided(reader, wish) {
      checkPeriod(wish);
      const [staff, programmes, all] = await Promise.all([
        staffOf(),
        deps.organisation.listProgrammes(),
        deps.courses.listAll(),
      ]);
      const counts = mayCount(reader, staff);
      const asked: { readonly key: string; readonly at: Date }[] = [];
      for await (const { courseId, studentId, askedAt } of deps.questions.askedBetween(
        new Date(wish.from.getTime() - BEFORE_ATTESTATION_MS),
        wish.to,
      ))
        asked.push({ key: `${courseId} ${studentId}`, at: askedAt });
      const within = programmes.find(({ id }) => id === wish.programme)?.courseIds;
      const found: UnaidedStudent[] = [];
      for (const course of all) {
        if (wish.programme !== undefined && within?.includes(course.id) !== true) continue;
        const members = (await deps.courses.members(course.id)).filter(({ leftAt }) => leftAt === null);
        const inScope = members.some(
          ({ personId, role }) =>
            role === 'teacher' && counts(probe(course, personId)) && inAssociation(staff, personId, wish),
        );
        if (!inScope) continue;
        const ids = members.filter(({ role }) => role === 'student').map(({ personId }) => personId);
        const { from, to } = await periodOf(course.id, wish);
        const booked = await deps.consultations.reporting.bookedBetween(course.id, ids, from, to);
        const helped = new Set(asked.filter(({ at }) => at >= from && at < to).map(({ key }) => key));
        const unaided = ids.filter((id) => !booked.has(id) && !helped.has(`${course.id} ${id}`));
        for (const { name } of await deps.people.findMany(unaided))
          found.push({ course: course.title, student: fullName(name) });
      }
      return found.sort((a, b) => compareText(a.course, b.course) || compareText(a.student, b.student));
    },
  };
}

const titlesOf = (records: readonly { readonly id: string; readonly title: string }[]): Map<string, string> =>
  new Map(records.map(({ id, title }) => [id, title]));

const inAssociation = (staff: Staff, personId: string, { association }: ReportWish): boolean =>
  association === undefined || staff.associationsOf(personId).includes(association);

/** A fact that stands for a teacher's work in a course. */
const probe = ({ id }: Course, teacherId: string): Fact => ({
  kind: 'question',
  courseId: id,
  teacherId,
  associationId: '',
  at: new Date(0),
  answered: false,
  overdue: false,
  answerTime: null,
});
