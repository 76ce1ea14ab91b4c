import { expect } from 'chai';
import { launchLink, launchSelection } from '../support/lms.js';
import type { House, Visitor } from '../support/house.js';
import { ask, begin, CAPITAL, makeTest, PRIMES, TSAR } from '../rooms/assessments/desk.js';
import {
  book,
  bookingOf,
  comeAs,
  day,
  expectDone,
  firstSlot,
  offer,
  slotsOf,
  wish,
} from '../rooms/consultations/desk.js';
import { makeAssociation, makeCard } from '../rooms/directory/support.js';
import type { Stage } from './attacked.js';

/** Fills two courses of a house with something of every room. */
export async function setStage(house: House): Promise<Stage> {
  const visitors = {
    teacher: await house.launch({ person: '11', course: '2' }),
    student: await house.launch({ person: '101', course: '2' }),
    bystander: await house.launch({ person: '103', course: '2' }),
    methodist: await comeAs(house, 'methodist', { person: '3', course: '2' }),
    foreignTeacher: await house.launch({ person: '15', course: '3' }),
    foreignStudent: await house.launch({ person: '135', course: '3' }),
  };
  const { teacher, student, methodist, foreignTeacher } = visitors;

  const series = await offer(house, teacher, 2, { question: 'optional' });
  const bookedSlot = await firstSlot(teacher, series);
  const freeSlot = (await slotsOf(teacher, series))[1]!.slotId;
  expectDone(await book(student, bookedSlot, { question: 'О тайном' }));
  const terms = ['title', 'place', 'link', 'description', 'capacity'];
  const rest = ['question', 'closesHours', 'cancelHours', 'names'];
  const whole = wish(house, 9);

  const bank = await makeTest(teacher, { state: 'draft', title: 'Из банка' }, [PRIMES]);
  const draft = await makeTest(teacher, { state: 'draft', title: 'Черновик' }, [CAPITAL, TSAR]);
  const published = await makeTest(teacher, { title: 'Открытый' }, [CAPITAL]);
  const attempted = await makeTest(teacher, { title: 'Начатый' }, [CAPITAL]);
  const attempt = /attempts\/([0-9a-f]{24})/.exec(await begin(student, attempted))![1]!;
  const foreignTest = await makeTest(foreignTeacher, { title: 'Чужой' }, [PRIMES]);
  const keyOf = async (visitor: Visitor, test: string): Promise<string> =>
    (await ask(visitor, 'GET', `tests/${test}`)).data.questions[0]!.key;

  const association = await makeAssociation(methodist, { title: 'Учителя рисования' });
  const card = await makeCard(methodist, { surname: 'Рисованов' });

  const picking = await launchSelection(house.lms, { person: '11', course: '2', browser: teacher.browser });
  const request = /deep-linking\/([\w-]+)/.exec(picking.response.url)![1]!;

  return {
    house,
    visitors,
    consultations: {
      series,
      freeSlot,
      bookedSlot,
      booking: (await bookingOf(student, bookedSlot)).id,
      wish: whole,
      terms: Object.fromEntries([...terms, ...rest].map((name) => [name, whole[name]])),
      moreSlots: { date: day(house, 12), start: '10:00', end: '11:00' },
    },
    tests: {
      draft,
      edition: await editionOf(teacher, draft),
      published,
      attempted,
      attempt,
      foreignTest,
      key: await keyOf(teacher, draft),
      bankKey: await keyOf(teacher, bank),
      foreignKey: await keyOf(foreignTeacher, foreignTest),
    },
    directory: { card, association },
    grade: await failedGrade(house),
    column: await refusedColumn(house, published),
    deepLinking: { request },
    link: await waitingLink(house, foreignTest),
    foreignPerson: await personId(house, '15'),
    student: await personId(house, '101'),
  };
}

const editionOf = async (teacher: Visitor, test: string): Promise<number> => {
  const data = (await teacher.json('GET', `tests/${test}/settings`)).data as { test: { edition: number } };
  return data.test.edition;
};

async function personId(house: House, sub: string): Promise<string> {
  const person = await house.storage.connection.model('Person').findOne({ sub }).lean<{ _id: unknown }>();
  return String(person!._id);
}

/** A link that came from another course, in which teacher 11 teaches as well. */
async function waitingLink(house: House, test: string): Promise<string> {
  const { connection } = house.storage;
  const source = await connection.model('Course').findOne({ contextId: '3' }).lean<{ _id: unknown }>();
  await house.app.rooms.launch.courses.admit({
    courseId: String(source!._id),
    personId: await personId(house, '11'),
    role: 'teacher',
  });
  const { id } = house.lms.control.addActivity('2', house.lms.control.tools()[0]!.id, {
    title: 'Чужой',
    custom: `nastavnik_kind=test\nnastavnik_id=${test}`,
  });
  const { response } = await launchLink(house.lms, { person: '11', course: '2', link: id });
  return /links\/([0-9a-f]{24})/.exec(response.url)![1]!;
}

/** A column that was to be made for a test, and that the LMS refuses. */
async function refusedColumn(house: House, test: string): Promise<string> {
  const { lineItems } = house.app.rooms.grades;
  await lineItems.stop();
  const link = house.lms.control.addActivity('2', house.lms.control.tools()[0]!.id, {
    title: 'Без столбца',
    custom: `nastavnik_kind=test\nnastavnik_id=${test}`,
  });
  for (const column of house.lms.control.columnsOfActivity(link.id))
    house.lms.control.removeColumn(column.id);
  house.lms.control.faults.fail('lineitems', { status: 403, body: '{"reason":"Журнал закрыт"}' });
  await house.launch({ person: '101', course: '2', link: link.id });
  await lineItems.sweep();
  const row = await house.storage.connection
    .model('LineItem')
    .findOne({ reason: '403 Журнал закрыт' })
    .lean<{ _id: unknown }>();
  return String(row!._id);
}

/** A grade that the LMS has refused: its line item is not there. */
async function failedGrade(house: House): Promise<string> {
  const content = { kind: 'test', id: '5f0000000000000000000001' } as const;
  const activity = house.lms.control.addActivity('2', house.lms.control.tools()[0]!.id, {
    title: 'Тест',
    custom: `nastavnik_kind=test\nnastavnik_id=${content.id}`,
    column: { scoreMaximum: 8 },
  });
  await house.launch({ person: '101', course: '2', link: activity.id });
  const course = await house.storage.connection
    .model('Course')
    .findOne({ contextId: '2' })
    .lean<{ _id: unknown }>();
  const now = house.clock.now();
  const grade = { courseId: String(course!._id), personId: await personId(house, '101'), content };
  house.lms.control.faults.fail('scores', { status: 403 });
  const { grades } = house.app.rooms;
  await grades.queue({
    ...grade,
    title: 'Тест',
    scoreGiven: 1,
    scoreMaximum: 8,
    comment: '',
    submittedAt: now,
    asOf: now,
  });
  await grades.sender.stop();
  await grades.sender.drain();
  const [row] = await grades.deliveries(grade.courseId, grade.personId, content);
  expect(row?.state).to.equal('failed');
  return row!.id;
}
