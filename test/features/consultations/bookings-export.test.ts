import { expect } from 'chai';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';
import { book, bookingOf, cancel, expectDone, firstSlot, offer, slotsOf } from './fixtures.js';

describe('the bookings of a series as a file', () => {
  let testApp: TestApp;
  let teacher: Visitor;
  let student: Visitor;
  let series: string;

  before(async () => {
    testApp = await startTestApp();
    teacher = await testApp.launch({ person: '11', course: '2' });
    for (const person of ['103', '104', '101']) student = await testApp.launch({ person, course: '2' });
    series = await offer(testApp, teacher, 2, { question: 'optional', title: 'Разбор' });
    await book(student, await firstSlot(teacher, series), { question: '=HYPERLINK("http://x")' });
    const later = (await slotsOf(teacher, series))[1]!.slotId;
    await book(student, later, { question: '' });
    await cancel(student, (await bookingOf(student, later)).id, 'Заболел');
  });
  after(() => testApp.close());

  it('hold every booking by time, the cancelled ones with their reason', async () => {
    const { body } = await teacher.get(
      `consultations/${series}/bookings/export?format=csv&columns=student,state,reason`,
    );
    const lines = body.replace('\uFEFF', '').trim().split('\r\n');
    expect(lines).to.have.length(3);
    expect(lines[1]).to.match(/^Абрамов [^;]+;Записан\(а\);$/);
    expect(lines[2]).to.match(/^Абрамов [^;]+;Отменена;Заболел$/);
  });

  it('name everyone who is booked together, and say what waits for the teacher', async () => {
    const rules = { question: 'optional', names: 'shown', approval: 'required' } as const;
    const other = await offer(testApp, teacher, 3, rules);
    const [first, second] = (await slotsOf(teacher, other)).map(({ slotId }) => slotId);
    const found = await testApp.storage.connection
      .model('Person')
      .find({ 'name.surname': { $in: ['Андреева', 'Богданов'] } });
    const people = found.map(({ id }) => String(id));
    expectDone(await book(teacher, first!, { person: people }));
    expectDone(await book(student, second!, { question: '' }));
    const { body } = await teacher.get(
      `consultations/${other}/bookings/export?format=csv&columns=student,state`,
    );
    const lines = body.replace('\uFEFF', '').trim().split('\r\n').slice(1);
    expect(lines.map((line) => line.split(';')[1])).to.deep.equal([
      ...['Записан(а)', 'Записан(а)', 'Ждёт подтверждения'],
    ]);
    expect(new Set(lines.map((line) => line.split(';')[0])).size).to.equal(3);
  });

  it('run no formula that a student has typed as a question', async () => {
    const { body } = await teacher.get(`consultations/${series}/bookings/export?format=csv&columns=question`);
    expect(body).to.include(`"'=HYPERLINK(""http://x"")"`);
  });

  it('are linked from the page of the series', async () => {
    const { body } = await teacher.get(`consultations/${series}`);
    expect(body).to.include(`/consultations/${series}/bookings/export?format=xlsx`);
  });

  it('are given neither to students nor to teachers of other series', async () => {
    const address = `consultations/${series}/bookings/export?format=csv`;
    expect((await student.get(address)).status).to.equal(403);
    const foreign = await testApp.launch({ person: '15', course: '3' });
    expect((await foreign.get(address)).status).to.equal(404);
  });
});
