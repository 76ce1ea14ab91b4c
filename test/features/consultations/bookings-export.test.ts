import { expect } from 'chai';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';
import { book, bookingOf, cancel, firstSlot, offer, slotsOf } from './fixtures.js';

describe('the bookings of a series as a file', () => {
  let testApp: TestApp;
  let teacher: Visitor;
  let student: Visitor;
  let series: string;

  before(async () => {
    testApp = await startTestApp();
    teacher = await testApp.launch({ person: '11', course: '2' });
    student = await testApp.launch({ person: '101', course: '2' });
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
