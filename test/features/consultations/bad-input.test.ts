import { expect } from 'chai';
import { HOUR, MINUTE } from '../../../src/shared/clock.js';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';
import {
  ask,
  book,
  bookingOf,
  cancel,
  day,
  expectDone,
  firstSlot,
  offer,
  slotsOf,
  typed,
  wish,
} from './fixtures.js';

const PDF = Buffer.from('%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n');
const NO_ID = '0123456789abcdef01234567';

describe('consultations: bad input', () => {
  let testApp: TestApp;
  let teacher: Visitor;
  let ann: Visitor;
  let boris: Visitor;
  before(async () => {
    testApp = await startTestApp();
    teacher = await testApp.launch({ person: '11', course: '2' });
    ann = await testApp.launch({ person: '103', course: '2' });
    boris = await testApp.launch({ person: '104', course: '2' });
    await Promise.all([ann.csrf(), boris.csrf()]);
  });
  after(() => testApp.close());

  const rowsOf = (name: string, filter: object = {}): Promise<number> =>
    testApp.storage.connection.model(name).countDocuments(filter);

  it('names the hours that overlap in one form, and makes nothing', async () => {
    const before = await rowsOf('ConsultationSeries');
    const values = { ...wish(testApp, 20), start2: '15:30', end2: '17:00', description: 'Не потерять' };
    const page = await teacher.submit('consultations/new', typed(values));
    expect(page.status).to.equal(400);
    expect(page.body).to.include('f-start2-error').and.include('Не потерять').and.include('value="15:30"');
    expect(await rowsOf('ConsultationSeries')).to.equal(before);
  });

  it('refuses more slots of a year than a series has, and names the field', async () => {
    const year = { from: day(testApp, 1), to: day(testApp, 366), start: '00:00', end: '24:00', length: 60 };
    const { status, data } = await ask(teacher, 'POST', 'consultations/preview', wish(testApp, 1, year));
    expect(status).to.equal(400);
    expect(data.fields).to.have.all.keys('to');
  });

  it('names the files when there are a hundred, or their content is not what their name says', async () => {
    const rules = { files: 'optional', filesMost: 2, fileMegabytes: 1, question: 'optional' };
    const slot = await firstSlot(teacher, await offer(testApp, teacher, 8, rules));
    const send = (count: number, content: Buffer) =>
      ann.upload(
        `consultations/slots/${slot}/bookings`,
        Array.from({ length: count }, () => ({ field: 'files', name: 'вопрос.pdf', content })),
        { fields: { question: 'Задача 315' } },
      );
    for (const page of [await send(100, PDF), await send(1, Buffer.from('MZ\0\0это программа'))]) {
      expect(page.status).to.be.oneOf([400, 413]);
      expect(page.body).to.include('f-files-error').and.include('Задача 315');
    }
    expect(await rowsOf('ConsultationBooking', { slotId: slot })).to.equal(0);
  });

  it('refuses a zone that does not exist, and shows the form with what was typed', async () => {
    const page = await teacher.submit(
      'consultations/new',
      typed(wish(testApp, 21, { zone: 'Mars/Olympus' })),
    );
    expect(page.status).to.equal(400);
    expect(page.body).to.include('f-zone-error').and.include('Разбор задач');
  });

  it('refuses a slot’s move into the past, and one to a time that does not exist', async () => {
    const slot = await firstSlot(teacher, await offer(testApp, teacher, 10));
    for (const [date, start] of [
      [day(testApp, -1), '10:00'],
      [day(testApp, 12), '25:00'],
      ['2027-02-30', '10:00'],
    ]) {
      const sent = { date: date ?? '', start: start ?? '', reason: 'Не потерять' };
      const page = await teacher.submit(`consultations/slots/${slot}/move`, sent);
      expect(page.status, `${date} ${start}`).to.equal(400);
      expect(page.body).to.include('Не потерять').and.include('class="error"');
    }
  });

  it('knows nothing of ids of other courses and of people who are not in this one', async () => {
    const slot = await firstSlot(teacher, await offer(testApp, teacher, 11));
    const foreign = await testApp.launch({ person: '17', course: '3' });
    expect((await book(ann, NO_ID)).status).to.equal(404);
    expect((await ask(foreign, 'GET', `consultations/slots/${slot}`)).status).to.equal(404);
    const named = await book(teacher, slot, { person: [NO_ID] });
    expect(named.status).to.equal(400);
    expect(named.data.fields).to.have.all.keys('person');
    const made = await ask(teacher, 'POST', 'consultations/new', wish(testApp, 22, { attestation: NO_ID }));
    expect(made.data.fields).to.have.all.keys('attestation');
    const roomed = await ask(teacher, 'POST', 'consultations/new', wish(testApp, 22, { roomId: NO_ID }));
    expect(roomed.data.fields).to.have.all.keys('roomId');
  });

  it('books until the deadline and not a millisecond later, and cancels likewise', async () => {
    const of = { start: '18:00', end: '19:00', closesHours: 5, cancelHours: 3 };
    const { slotId, startsAt } = (await slotsOf(teacher, await offer(testApp, teacher, 2, of)))[0]!;
    const deadline = Date.parse(startsAt) - 5 * HOUR;
    const until = async (moment: number): Promise<void> => {
      testApp.clock.advance(moment - testApp.clock.now().getTime());
      // A session does not last for days.
      [ann, boris] = await Promise.all([
        testApp.launch({ person: '103', course: '2' }),
        testApp.launch({ person: '104', course: '2' }),
      ]);
    };
    await until(deadline - MINUTE);
    expectDone(await book(ann, slotId));
    // The clock goes on by itself: the next request comes a millisecond after the deadline, or later.
    await until(deadline + 1);
    const late = await book(boris, slotId);
    expect(late.status).to.equal(409);
    expect(late.data.code).to.equal('booking-closed');
    const { id } = await bookingOf(ann, slotId);
    await until(Date.parse(startsAt) - 3 * HOUR + 1);
    expect((await cancel(ann, id)).data.code).to.equal('cancel-closed');
    expect((await bookingOf(ann, slotId)).state).to.equal('booked');
  });

  it('refuses those whose place in the course is gone, as with a course deleted in the LMS', async () => {
    teacher = await testApp.launch({ person: '11', course: '2' });
    const slot = await firstSlot(teacher, await offer(testApp, teacher, 13));
    const { connection } = testApp.storage;
    const row = await connection.model('ConsultationSlot').findById(slot).lean<{ courseId: string }>();
    await connection.model('Membership').deleteMany({ courseId: row?.courseId });
    expect((await book(boris, slot)).status).to.be.oneOf([401, 403, 404]);
    expect(await rowsOf('ConsultationBooking', { slotId: slot })).to.equal(0);
  });
});
