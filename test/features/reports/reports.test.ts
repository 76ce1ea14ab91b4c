import { expect } from 'chai';
import { DAY, MINUTE, SECOND } from '../../../src/shared/clock.js';
import { newToken } from '../../../src/shared/ids.js';
import { barChart } from '../../../src/features/reports/chart.view.js';
import { medianOf } from '../../../src/features/reports/figures.js';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';
import { book, day, expectDone, offer, slotsOf } from '../consultations/fixtures.js';
import { makeStaff, personIdOf } from '../directory/organisation.js';

interface Row {
  name: string;
  planned: number;
  held: number;
  unmarked: number;
  academicHours: number;
  bookings: number;
  questions: number;
  answered: number;
  answerTime: number | null;
}
interface Page {
  total: Row & { overdue: number };
  rows: Row[];
  unaided: { course: string; student: string }[];
}

const TWO_MONTHS = (testApp: TestApp): string => {
  const day = (ahead: number): string =>
    new Date(testApp.clock.now().getTime() + ahead * DAY).toISOString().slice(0, 10);
  return `dayFrom=${day(-30)}&dayTo=${day(30)}`;
};

describe('reports', () => {
  let testApp: TestApp;
  let deputy: Visitor;
  let head: Visitor;
  let teacher: Visitor;
  let heldSlot: string;
  let heldOn: string;

  before(async () => {
    testApp = await startTestApp();
    teacher = await testApp.launch({ person: '11', course: '2' });
    const physics = await testApp.launch({ person: '13', course: '2' });
    const ann = await testApp.launch({ person: '103', course: '2' });
    await testApp.launch({ person: '104', course: '2' });

    const { directory } = testApp.app.features;
    await testApp.launch({ person: '15', course: '3' });
    const leader = await makeStaff(testApp, {
      surname: 'Главная',
      personIds: [await personIdOf(testApp, '15')],
    });
    const maths = await directory.upsertAssociation({
      title: 'Математики',
      description: '',
      head: leader.slug,
    });
    await makeStaff(testApp, {
      surname: 'Соколова',
      personIds: [await personIdOf(testApp, '11')],
      associationIds: [maths.id],
    });
    await makeStaff(testApp, { surname: 'Физик', personIds: [await personIdOf(testApp, '13')] });

    // Two consultations of the mathematician, one of them booked; one of the physicist.
    heldOn = day(testApp, 1);
    const series = await offer(testApp, teacher, 1, { title: 'Алгебра' });
    const [slot] = await slotsOf(ann, series);
    expectDone(await book(ann, slot!.slotId));
    await offer(testApp, physics, 1, { title: 'Физика' });
    await ann.submit('questions/new', { to: 'course', text: 'Вопрос', key: newToken() });
    const [asked] = ((await teacher.json('GET', 'questions')).data as { questions: { id: string }[] })
      .questions;
    testApp.clock.advance(30 * MINUTE);
    await teacher.submit(`questions/${asked!.id}/messages`, { text: 'Ответ' });
    testApp.clock.advance(2 * DAY);

    teacher = await testApp.launch({ person: '11', course: '2' });
    heldSlot = slot!.slotId;
    deputy = await testApp.launch({ person: '14', course: '2' });
    head = await testApp.launch({ person: '15', course: '3' });
    await makeStaff(testApp, {
      surname: 'Мартынов',
      posts: ['deputyStudy'],
      personIds: [await personIdOf(testApp, '14')],
    });
    // Pages remember for ten seconds who answers for something.
    testApp.clock.advance(11 * SECOND);
  });
  after(() => testApp.close());

  const report = async (by: Visitor, query = ''): Promise<Page> =>
    (await by.json('GET', `reports?${TWO_MONTHS(testApp)}${query}`)).data as Page;

  it('count a consultation that is over but has no attendance marked as unmarked, not as held', async () => {
    expect((await report(deputy)).total).to.include({ held: 0, unmarked: 1, academicHours: 0 });
    const page = await deputy.get(`reports?${TWO_MONTHS(testApp)}`);
    expect(page.body).to.include('консультаций без отметки посещения');
    await teacher.submit(`consultations/slots/${heldSlot}/attendance`, { version: '0', all: 'attended' });
    expect((await report(deputy)).total).to.include({ held: 1, unmarked: 0 });
  });

  it('count hours as the journal does, by the academic hour that the centre sets', async () => {
    const totals = async (): Promise<[number, number]> => {
      // What an administrator sets is seen after three seconds.
      testApp.clock.advance(4 * SECOND);
      // Today may be the first of the next one.
      const month = heldOn.slice(0, 7);
      const journal = await teacher.json('GET', `consultations/journal?month=${month}`);
      const { held } = (journal.data as { totals: { held: number } }).totals;
      return [(await report(deputy)).total.academicHours, held];
    };
    expect(await totals()).to.deep.equal([0.67, 0.67]);
    const set = (academicMinutes: number) =>
      testApp.storage.connection
        .model('Centre')
        .updateOne(
          { _id: 'centre' },
          { $set: { academicMinutes }, $setOnInsert: { version: 1 } },
          { upsert: true },
        );
    await set(30);
    expect(await totals()).to.deep.equal([1, 1]);
    await set(45);
    expect(await totals()).to.deep.equal([0.67, 0.67]);
  });

  it('show a deputy what was planned and held, hours and answer times, by teacher', async () => {
    const { rows, total } = await report(deputy);
    const maths = rows.find(({ name }) => name.startsWith('Соколова'));
    expect(maths).to.include({
      planned: 2,
      held: 1,
      academicHours: 0.67,
      bookings: 1,
      questions: 1,
      answered: 1,
    });
    expect(rows.find(({ name }) => name.startsWith('Физик'))).to.include({ planned: 2, held: 0 });
    expect(total.planned).to.equal(4);
    expect(maths?.answerTime).to.be.a('number');
  });

  it('stand in the navigation of those who answer for something, with charts and a table', async () => {
    const page = await deputy.get('reports');
    expect(page.status).to.equal(200);
    expect(page.body).to.match(/href="\/c\/\w+\/reports"[^>]*aria-current/);
    const wide = await deputy.get(`reports?${TWO_MONTHS(testApp)}`);
    expect(wide.body)
      .to.include('<svg class="chart" role="img"')
      .and.include('<table')
      .and.include('Таблица к графику')
      .and.not.include('style=');
    expect((await teacher.get('')).body).to.not.include('/reports"');
    expect((await teacher.get('reports')).status).to.equal(403);
  });

  it('stand in the navigation once', async () => {
    const [navigation = ''] = /<nav[\s\S]*?<\/nav>/u.exec((await deputy.get('')).body) ?? [];
    expect(navigation.match(/href="[^"]*\/reports"/gu)).to.have.length(1);
  });

  it('go by association, course and month, and are filtered by teacher', async () => {
    expect((await report(deputy, '&by=association')).rows.map(({ name }) => name)).to.deep.equal([
      'Математики',
    ]);
    expect((await report(deputy, '&by=course')).rows[0]).to.include({ planned: 4 });
    expect((await report(deputy, '&by=month')).rows[0]?.name).to.match(/^\d{4}-\d{2}$/);
    const { organisation } = testApp.app.features.directory;
    const physicist = (await organisation.listTeachers()).find(({ name }) => name.surname === 'Физик');
    expect((await report(deputy, `&teacher=${physicist!.cardId}`)).total.planned).to.equal(2);
  });

  it('show a head of an association its teachers alone, from any course', async () => {
    const { rows } = await report(head);
    expect(rows.map(({ name }) => name.split(' ')[0])).to.deep.equal(['Соколова']);
  });

  it('name students without help in the period', async () => {
    const { unaided } = await report(deputy);
    const names = unaided.map(({ student }) => student);
    expect(names).to.have.length.above(0);
    expect(names).to.not.include('Андреева Вероника Олеговна');
  });

  it('go by programme, and are narrowed to one', async () => {
    const { organisation } = testApp.app.features.directory;
    const { courseId } = (await testApp.storage.connection
      .model('ConsultationSlot')
      .findById(heldSlot)
      .lean<{ courseId: string }>())!;
    const { id } = await organisation.saveUnit('programme', null, 0, {
      title: 'Юный физик',
      headId: '',
      members: [courseId],
    });
    expect((await report(deputy, '&by=programme')).rows).to.have.length(1);
    expect((await report(deputy, '&by=programme')).rows[0]).to.include({ name: 'Юный физик', planned: 4 });
    expect((await report(deputy, `&programme=${id}`)).total.planned).to.equal(4);
    const other = await organisation.saveUnit('programme', null, 0, {
      ...{ title: 'Юный химик', headId: '', members: [] },
    });
    expect((await report(deputy, `&programme=${other.id}`)).total.planned).to.equal(0);
  });

  it('name students without help in the four weeks before an attestation', async () => {
    const names = async (): Promise<string[]> =>
      (await report(deputy)).unaided.map(({ student }) => student.split(' ')[0] ?? '');
    expect(await names()).to.not.include('Андреева');
    // Andreeva’s booking and question are earlier than that.
    const on = (ahead: number): string =>
      new Date(testApp.clock.now().getTime() + ahead * DAY).toISOString().slice(0, 10);
    const attestation = { kind: 'interim', title: 'Зачёт' };
    const before = { ...attestation, on: on(29) };
    const made = await teacher.json('POST', 'consultations/attestations', before);
    expect(made.status).to.equal(303);
    expect(await names()).to.include('Андреева');
  });

  it('are taken along as XLSX', async () => {
    const file = await deputy.get(`reports/export?format=xlsx&${TWO_MONTHS(testApp)}`);
    expect(file.status).to.equal(200);
    expect(file.headers.get('content-type')).to.include('spreadsheetml');
    const csv = await deputy.get(`reports/unaided/export?format=csv&${TWO_MONTHS(testApp)}`);
    expect(csv.body).to.include('Обучающийся');
  });

  it('refuse a period of ten years in clear words', async () => {
    const refused = await deputy.json('GET', 'reports?dayFrom=2016-01-01&dayTo=2026-01-01');
    expect(refused.status).to.equal(400);
    expect((refused.data as { fields: { dayTo: string } }).fields.dayTo).to.include('трёх лет');
    for (const address of ['reports', 'reports/export', 'reports/unaided/export']) {
      const page = await deputy.get(`${address}?dayFrom=2016-01-01&dayTo=2026-01-01&format=xlsx`);
      expect(page.status, address).to.equal(400);
      expect(page.body, address).to.include('трёх лет');
    }
  });

  it('draw charts without styles, and say the median', () => {
    const svg = barChart('<Часы>', ['а&б', 'в'], [{ name: 'x', values: [3, null] }]);
    expect(svg).to.include('&#60;Часы&#62;').and.include('а&#38;б').and.not.include('style');
    expect(medianOf([5, 1, 3])).to.equal(3);
    expect(medianOf([1, 3])).to.equal(2);
    expect(medianOf([])).to.equal(null);
  });
});
