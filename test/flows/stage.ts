import { expect } from 'chai';
import sharp from 'sharp';
import { launchLink, launchSelection } from '../support/lms.js';
import type { TestApp, Visitor } from '../support/test-app.js';
import { DAY, HOUR } from '../../src/shared/clock.js';
import {
  answer,
  ask,
  begin,
  CAPITAL,
  idIn,
  makeTest,
  PRIMES,
  TSAR,
} from '../features/assessments/fixtures.js';
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
} from '../features/consultations/fixtures.js';
import { digest, newToken } from '../../src/shared/ids.js';
import { dataOf, makeAssociation, makeCard } from '../features/directory/support.js';
import type { Stage } from './attacked.js';
import { seriesFields } from '../../src/features/consultations/series/series.fields.js';

/** Fills two courses of a testApp with something of every room. */
export async function setStage(testApp: TestApp): Promise<Stage> {
  const past = await pastOf(testApp);
  const visitors = {
    teacher: await testApp.launch({ person: '11', course: '2' }),
    student: await testApp.launch({ person: '101', course: '2' }),
    bystander: await testApp.launch({ person: '103', course: '2' }),
    methodist: await comeAs(testApp, 'methodist', { person: '3', course: '2' }),
    foreignTeacher: await testApp.launch({ person: '15', course: '3' }),
    foreignStudent: await testApp.launch({ person: '135', course: '3' }),
  };
  const { teacher, student, methodist, foreignTeacher } = visitors;

  const series = await offer(testApp, teacher, 2, { question: 'optional' });
  const bookedSlot = await firstSlot(teacher, series);
  const freeSlot = (await slotsOf(teacher, series))[1]!.slotId;
  expectDone(await book(student, bookedSlot, { question: 'О тайном' }));
  const whole = wish(testApp, 9);

  const worked = await workedOf(teacher, student);
  const bank = await makeTest(teacher, { state: 'draft', title: 'Из банка' }, [PRIMES]);
  const draft = await makeTest(teacher, { state: 'draft', title: 'Черновик' }, [CAPITAL, TSAR]);
  const published = await makeTest(teacher, { title: 'Открытый' }, [CAPITAL]);
  const attempted = await makeTest(teacher, { title: 'Начатый' }, [CAPITAL]);
  const attempt = /attempts\/([0-9a-f]{24})/.exec(await begin(student, attempted))![1]!;
  const foreignTest = await makeTest(foreignTeacher, { title: 'Чужой' }, [PRIMES]);
  const keyOf = async (visitor: Visitor, test: string): Promise<string> =>
    (await ask(visitor, 'GET', `tests/${test}`)).data.questions[0]!.key;

  const association = await makeAssociation(methodist, { title: 'Учителя рисования' });
  await methodist.json('POST', `directory/associations/${association}/groups/new`, { title: 'Рисовальщики' });
  const shown = await methodist.json('GET', `directory/associations/${association}`);
  const group = (shown.data as { groups: { id: string }[] }).groups[0]!.id;
  const card = await makeCard(methodist, { surname: 'Рисованов' });
  await methodist.json('POST', `directory/teachers/${card}`, { version: 1, visibility: 'students' });
  const written = await methodist.json('POST', `directory/teachers/${card}/materials`, {
    ...{ kind: 'text', title: 'Перспектива', text: 'Линия горизонта', audience: 'students' },
    tests: [published],
  });
  const material = /materials\/([a-z0-9-]+)/.exec(written.headers.get('location') ?? '')?.[1] ?? '';
  const photo = await photoOf(methodist, card);

  const colleague = await personId(testApp, '13', await testApp.launch({ person: '13', course: '2' }));
  const booking = (await bookingOf(student, bookedSlot)).id;
  // Attacks take longer than the minute in which a booking can be undone.
  await testApp.storage.connection
    .model('ConsultationBooking')
    .updateOne({ _id: booking }, { bookedAt: new Date(testApp.clock.now().getTime() + HOUR) });

  const picking = await launchSelection(testApp.lms, { person: '11', course: '2', browser: teacher.browser });
  const request = /deep-linking\/([\w-]+)/.exec(picking.response.url)![1]!;

  return {
    testApp,
    visitors,
    consultations: {
      series,
      freeSlot,
      bookedSlot,
      booking,
      ...(await queuesOf(testApp, teacher, student)),
      ...(await heldOf(teacher, past.held)),
      online: await firstSlot(
        teacher,
        await offer(testApp, teacher, 8, { link: 'https://video.example.org/1' }),
      ),
      attestation: await attestationOf(testApp, teacher),
      times: Object.fromEntries(
        ['from', 'to', 'weekdays', 'start', 'end', 'length', 'gap'].map((name) => [
          name,
          wish(testApp, 2, { end: '17:00' })[name],
        ]),
      ),
      wish: whole,
      terms: Object.fromEntries(Object.keys(seriesFields.shape).map((name) => [name, whole[name]])),
      moreSlots: { date: day(testApp, 12), start: '10:00', end: '11:00' },
      spans: `${day(testApp, 13)}T10:00:00.000Z/${day(testApp, 13)}T10:30:00.000Z`,
    },
    tests: {
      ...worked,
      ...(await importsOf(testApp, teacher, published)),
      draw: await drawOf(testApp, teacher, draft),
      timed: past.timed,
      overtime: past.overtime,
      override: await overrideOf(testApp, teacher, past.timed),
      draft,
      edition: await editionOf(teacher, draft),
      published,
      attempted,
      attempt,
      foreignTest,
      key: await keyOf(teacher, draft),
      bankKey: await keyOf(teacher, bank),
      foreignKey: await keyOf(foreignTeacher, foreignTest),
      ...(await sharedOf(teacher, foreignTeacher, await keyOf(foreignTeacher, foreignTest))),
    },
    directory: { card, association, group, photo, material },
    questions: await questionsOf(student, teacher),
    timetable: await timetableOf(testApp, teacher),
    parent: await parentOf(student),
    colleague,
    code: await codeOf(testApp),
    notification: await unreadNotification(testApp, teacher, student),
    grade: await failedGrade(testApp),
    column: await refusedColumn(testApp, published),
    deepLinking: { request },
    link: await waitingLink(testApp, foreignTest),
    foreignPerson: await personId(testApp, '15'),
    student: await personId(testApp, '101'),
  };
}

/** A slot that the student had booked and that has begun, and an attempt that ended with its test. Sessions end too. */
async function pastOf(testApp: TestApp): Promise<{ held: string; timed: string; overtime: string }> {
  const teacher = await testApp.launch({ person: '11', course: '2' });
  const student = await testApp.launch({ person: '101', course: '2' });
  const held = await firstSlot(teacher, await offer(testApp, teacher, 1));
  expectDone(await book(student, held));
  const closesAt = new Date(testApp.clock.now().getTime() + DAY).toISOString();
  const timed = await makeTest(teacher, { title: 'На время', closesAt }, [CAPITAL]);
  const overtime = await begin(student, timed);
  testApp.clock.advance(2 * DAY);
  await testApp.app.jobs.drain();
  return { held, timed, overtime: overtime.split('/').at(-1)! };
}

async function heldOf(
  teacher: Visitor,
  held: string,
): Promise<Pick<Stage['consultations'], 'held' | 'minutes' | 'heldVersion'>> {
  await teacher.upload(`consultations/slots/${held}/minutes`, [
    { field: 'minutes', name: 'протокол.txt', content: 'Говорили о задаче 5' },
  ]);
  const { attendance } = await dataOf<{ attendance: { version: number; minutes: { id: string }[] } }>(
    teacher,
    `consultations/slots/${held}`,
  );
  return { held, minutes: attendance.minutes[0]!.id, heldVersion: attendance.version };
}

/** Bookings of the student that wait: for a yes, and for an answer to an offered seat; and a slot that is full. */
async function queuesOf(
  testApp: TestApp,
  teacher: Visitor,
  student: Visitor,
): Promise<{ requested: string; offered: string; fullSlot: string }> {
  const classmate = await testApp.launch({ person: '104', course: '2' });
  const first = async (ahead: number, changes: object): Promise<string> =>
    firstSlot(teacher, await offer(testApp, teacher, ahead, { ...changes }));
  const asking = await first(3, { approval: 'required' });
  expectDone(await book(student, asking));
  const [fullSlot, freed] = [await first(4, { capacity: 1 }), await first(7, { capacity: 1 })];
  for (const slot of [fullSlot, freed]) expectDone(await book(classmate, slot));
  expectDone(await student.json('POST', `consultations/slots/${freed}/wait`));
  const { id } = await bookingOf(classmate, freed);
  expectDone(await classmate.json('POST', `consultations/bookings/${id}/cancel`, { reason: '' }));
  await testApp.app.jobs.drain();
  const idAt = async (slotId: string): Promise<string> => {
    const found = testApp.storage.connection.model('ConsultationBooking').findOne({
      slotId,
      state: { $in: ['requested', 'offered'] },
    });
    return String((await found.lean<{ _id: unknown }>())!._id);
  };
  return { requested: await idAt(asking), offered: await idAt(freed), fullSlot };
}

async function attestationOf(testApp: TestApp, teacher: Visitor): Promise<string> {
  const wanted = { kind: 'interim', title: 'Зачёт', on: day(testApp, 40) };
  expectDone(await teacher.json('POST', 'consultations/attestations', wanted));
  const { attestations } = await dataOf<{ attestations: { id: string }[] }>(
    teacher,
    'consultations/attestations',
  );
  return attestations[0]!.id;
}

/** An open attempt with a file and a hint, an essay that waits for its mark, and a column of given marks. */
async function workedOf(
  teacher: Visitor,
  student: Visitor,
): Promise<
  Pick<Stage['tests'], 'parts' | 'partsAttempt' | 'file' | 'essay' | 'written' | 'essayKey' | 'given'>
> {
  const checked = { review: 'custom', grid: ['during-correct', 'during-general'] };
  const parts = await makeTest(teacher, { title: 'С файлом', ...checked }, [
    { type: 'file', text: 'Приложите работу', mark: '3' },
    { ...CAPITAL, hints: 'Не Минск', hintPenalty: '10' },
  ]);
  const open = await begin(student, parts);
  await student.upload(`${open}/files/1`, [{ field: 'file', name: 'работа.txt', content: 'Моя работа' }]);
  const { files } = await dataOf<{ files: { id: string }[] }>(student, `${open}/files/1`);
  const essay = await makeTest(teacher, { title: 'Сочинение' }, [
    { type: 'essay', text: 'О чём «Медный всадник»?', mark: '5' },
  ]);
  const written = await begin(student, essay);
  expect((await answer(student, written, 1, 'О наводнении')).status).to.equal(200);
  expect((await ask(student, 'POST', `${written}/finish`)).status).to.equal(303);
  await ask(teacher, 'POST', `tests/${essay}/regrade/plan`);
  const given = await ask(teacher, 'POST', 'tests/given', { title: 'Устный ответ', maximum: '5' });
  return {
    parts,
    partsAttempt: open.split('/').at(-1)!,
    file: files[0]!.id,
    essay,
    written: written.split('/').at(-1)!,
    essayKey: (await ask(teacher, 'GET', `tests/${essay}`)).data.questions[0]!.key,
    given: idIn(given, 'tests'),
  };
}

async function importsOf(
  testApp: TestApp,
  teacher: Visitor,
  test: string,
): Promise<{ import: string; imported: string; export: string }> {
  const read = async (text: string): Promise<string> =>
    /import\/([0-9a-f]{24})/.exec((await teacher.submit('tests/import', { text })).url)![1]!;
  const imported = await read('1. Как называется прибор?\nОтвет: амперметр');
  await teacher.submit(`tests/import/${imported}`);
  const { url } = await teacher.submit(`tests/${test}/exports`, { format: 'csv' });
  await testApp.app.jobs.drain();
  return {
    imported,
    import: await read('1. Столица Франции?\n+ Париж\n- Лион'),
    export: /exports\/([0-9a-f]{24})/.exec(url)![1]!,
  };
}

/** @param unshared key of a question that the other course keeps to itself */
async function sharedOf(
  teacher: Visitor,
  foreignTeacher: Visitor,
  unshared: string,
): Promise<Pick<Stage['tests'], 'sharedRef' | 'unsharedRef'>> {
  expect((await ask(foreignTeacher, 'POST', 'tests/bank/questions', TSAR)).status).to.equal(303);
  const { questions } = await dataOf<{ questions: { key: string; text: string }[] }>(
    foreignTeacher,
    'tests/bank',
  );
  const { key } = questions.find(({ text }) => text === TSAR.text)!;
  const sharing = { key: [key], action: 'share', with: 'colleagues' };
  expect((await ask(foreignTeacher, 'POST', 'tests/bank', sharing)).status).to.equal(303);
  const shared = await dataOf<{ questions: { ref: string }[] }>(teacher, 'tests/bank/shared');
  const sharedRef = shared.questions[0]!.ref;
  return { sharedRef, unsharedRef: sharedRef.replace(key, unshared) };
}

async function drawOf(testApp: TestApp, teacher: Visitor, test: string): Promise<string> {
  expect((await ask(teacher, 'POST', `tests/${test}/draws`, { count: 1 })).status).to.equal(303);
  const row = await testApp.storage.connection
    .model('Test')
    .findById(test)
    .lean<{ draws: { id: string }[] }>();
  return row!.draws[0]!.id;
}

/** Gives the student a day more. */
async function overrideOf(testApp: TestApp, teacher: Visitor, test: string): Promise<string> {
  const closesAt = new Date(testApp.clock.now().getTime() + DAY).toISOString();
  const subject = `p:${await personId(testApp, '101')}`;
  expect((await ask(teacher, 'POST', `tests/${test}/overrides`, { subject, closesAt })).status).to.equal(303);
  const { overrides } = await dataOf<{ overrides: { id: string }[] }>(teacher, `tests/${test}/overrides`);
  return overrides[0]!.id;
}

async function parentOf(student: Visitor): Promise<string> {
  await student.submit('notifications/preferences/parents', {
    name: 'Мама',
    address: 'mother@example.org',
  });
  const { parents } = await dataOf<{ parents: { id: string }[] }>(student, 'notifications/preferences');
  return parents[0]!.id;
}

/** As it was sent to the student's telephone. */
async function codeOf(testApp: TestApp): Promise<string> {
  const code = 'abcdefghjkmnpqrs';
  const of = { personId: await personId(testApp, '101'), channel: 'sms', address: '+79120000000' };
  await testApp.storage.connection
    .model('NotificationCode')
    .create({ _id: digest(code), ...of, at: testApp.clock.now() });
  return code;
}

/** A question of the student in each state. */
async function questionsOf(student: Visitor, teacher: Visitor): Promise<Stage['questions']> {
  const asked = async (text: string): Promise<string> => {
    const reply = await student.submit('questions/new', {
      text,
      to: 'course',
      consent: '1',
      key: newToken(),
    });
    return /questions\/([0-9a-f]{24})/.exec(reply.url)![1]!;
  };
  const [fresh, answered, closed] = [await asked('Новый'), await asked('С ответом'), await asked('Закрытый')];
  await teacher.submit(`questions/${answered}/messages`, { text: 'Ответ' });
  await student.submit(`questions/${closed}/close`);
  return { fresh, answered, closed };
}

async function timetableOf(testApp: TestApp, teacher: Visitor): Promise<Stage['timetable']> {
  const planned = {
    ...{ title: 'Алгебра', from: day(testApp, 5), start: '07:00', end: '07:45', place: 'Кабинет 1' },
    key: newToken(),
  };
  await teacher.submit('timetable/new', planned);
  const { days } = (await teacher.json('GET', `timetable?week=${day(testApp, 5)}`)).data as {
    days: { items: { kind: string; id: string }[] }[];
  };
  const made = days.flatMap(({ items }) => items).find(({ kind }) => kind === 'class')!.id;
  const read = async (ahead: number): Promise<string> => {
    const content = `Дата;Время;Занятие\n${day(testApp, ahead)};07:00-07:45;Химия\n`;
    const { url } = await teacher.upload('timetable/import', [{ field: 'file', name: 'a.csv', content }]);
    return /import\/([0-9a-f]{24})/.exec(url)![1]!;
  };
  const imported = await read(7);
  await teacher.submit(`timetable/import/${imported}`, { day: '0', time: '1', title: '2' });
  await testApp.app.jobs.drain();
  return {
    class: made,
    import: await read(6),
    imported,
    wish: { ...planned, start: '06:00', end: '06:45', key: 'abcdefghijklmnopqrst' },
  };
}

async function photoOf(methodist: Visitor, card: string): Promise<string> {
  const content = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#777' } })
    .png()
    .toBuffer();
  await methodist.upload(`directory/teachers/${card}/photo`, [{ field: 'photo', name: 'a.png', content }]);
  const page = await dataOf<{ teacher: { photo: string } }>(methodist, `directory/teachers/${card}`);
  return page.teacher.photo.replace('files/', '');
}

/** Of a booking that the teacher has cancelled. */
async function unreadNotification(testApp: TestApp, teacher: Visitor, student: Visitor): Promise<string> {
  const slot = await firstSlot(teacher, await offer(testApp, teacher, 20));
  expectDone(await book(student, slot));
  const cancelled = await ask(teacher, 'POST', `consultations/slots/${slot}/cancel`, { reason: 'Болею' });
  expect(cancelled.status).to.equal(303);
  await testApp.app.jobs.drain();
  const { unread } = await dataOf<{ unread: { id: string }[] }>(student, '');
  return unread[0]!.id;
}

const editionOf = async (teacher: Visitor, test: string): Promise<number> => {
  const data = (await teacher.json('GET', `tests/${test}/settings`)).data as { test: { edition: number } };
  return data.test.edition;
};

/** @param _visitor who must have come in before */
async function personId(testApp: TestApp, sub: string, _visitor?: Visitor): Promise<string> {
  const person = await testApp.storage.connection.model('Person').findOne({ sub }).lean<{ _id: unknown }>();
  return String(person!._id);
}

/** A link that came from another course, in which teacher 11 teaches as well. */
async function waitingLink(testApp: TestApp, test: string): Promise<string> {
  const { connection } = testApp.storage;
  const source = await connection.model('Course').findOne({ contextId: '3' }).lean<{ _id: unknown }>();
  await testApp.app.features.membership.courses.enrolFromLaunch({
    courseId: String(source!._id),
    personId: await personId(testApp, '11'),
    role: 'teacher',
  });
  const { id } = testApp.lms.control.addActivity('2', testApp.lms.control.tools()[0]!.id, {
    title: 'Чужой',
    custom: `nastavnik_kind=test\nnastavnik_id=${test}`,
  });
  const { response } = await launchLink(testApp.lms, { person: '11', course: '2', link: id });
  return /links\/([0-9a-f]{24})/.exec(response.url)![1]!;
}

/** A column that was to be made for a test, and that the LMS refuses. */
async function refusedColumn(testApp: TestApp, test: string): Promise<string> {
  const { jobs } = testApp.app;
  await jobs.stop();
  const link = testApp.lms.control.addActivity('2', testApp.lms.control.tools()[0]!.id, {
    title: 'Без столбца',
    custom: `nastavnik_kind=test\nnastavnik_id=${test}`,
  });
  for (const column of testApp.lms.control.columnsOfActivity(link.id))
    testApp.lms.control.removeColumn(column.id);
  testApp.lms.control.faults.fail('lineitems', { status: 403, body: '{"reason":"Журнал закрыт"}' });
  await testApp.launch({ person: '101', course: '2', link: link.id });
  await jobs.drain();
  const row = await testApp.storage.connection
    .model('LineItem')
    .findOne({ reason: '403 Журнал закрыт' })
    .lean<{ _id: unknown }>();
  return String(row!._id);
}

/** A grade that the LMS has refused: its line item is not there. */
async function failedGrade(testApp: TestApp): Promise<string> {
  const content = { kind: 'test', id: '5f0000000000000000000001' } as const;
  const activity = testApp.lms.control.addActivity('2', testApp.lms.control.tools()[0]!.id, {
    title: 'Тест',
    custom: `nastavnik_kind=test\nnastavnik_id=${content.id}`,
    column: { scoreMaximum: 8 },
  });
  await testApp.launch({ person: '101', course: '2', link: activity.id });
  const course = await testApp.storage.connection
    .model('Course')
    .findOne({ contextId: '2' })
    .lean<{ _id: unknown }>();
  const now = testApp.clock.now();
  const grade = { courseId: String(course!._id), personId: await personId(testApp, '101'), content };
  testApp.lms.control.faults.fail('scores', { status: 403 });
  const { grades } = testApp.app.features;
  await grades.queue({
    ...grade,
    title: 'Тест',
    scoreGiven: 1,
    scoreMaximum: 8,
    comment: '',
    submittedAt: now,
    asOf: now,
  });
  await testApp.app.jobs.drain();
  const [row] = await grades.deliveries(grade.courseId, grade.personId, content);
  expect(row?.state).to.equal('failed');
  return row!.id;
}
