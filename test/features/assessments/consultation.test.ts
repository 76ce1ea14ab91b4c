import { expect } from 'chai';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';
import { firstSlot, offer, slotsOf } from '../consultations/fixtures.js';
import { ask, CAPITAL, makeTest, take, TSAR } from './fixtures.js';

const WRONG = { [CAPITAL.text]: ['Омск'], [TSAR.text]: ['петр'] };

describe('a failed topic', () => {
  let testApp: TestApp;
  let teacher: Visitor;
  let student: Visitor;
  let other: Visitor;
  let series: string;
  let attempt: string;

  before(async () => {
    testApp = await startTestApp();
    teacher = await testApp.launch({ person: '11', course: '2' });
    student = await testApp.launch({ person: '101', course: '2' });
    other = await testApp.launch({ person: '103', course: '2' });
    series = await offer(testApp, teacher, 2, { capacity: 5 });
    const test = await makeTest(teacher, {}, [{ ...CAPITAL, category: 'Города' }, TSAR]);
    attempt = await take(student, test, WRONG);
  });
  after(() => testApp.close());

  const topic = (): string => `attempt-${attempt.split('/').at(-1)}`;

  it('leads to the next free consultations, with the questions that went wrong', async () => {
    expect((await student.get(attempt)).body).to.include(`${attempt}/consultation`);
    const { body } = await student.get(`${attempt}/consultation`);
    expect(body).to.include(CAPITAL.text).and.include('Города').and.not.include(TSAR.text);
    const slot = await firstSlot(student, series);
    expect(body).to.include(`consultations/slots/${slot}?topic=${topic()}`);
  });

  it('stands in the booking that the teacher opens, with a way to the attempt', async () => {
    const slot = await firstSlot(student, series);
    const form = (await student.get(`consultations/slots/${slot}?topic=${topic()}`)).body;
    expect(form).to.include(`name="topic" value="${topic()}"`).and.include(CAPITAL.text);
    const booked = await student.submit(`consultations/slots/${slot}/bookings`, {
      topic: topic(),
      question: '',
    });
    expect(booked.status).to.equal(200);
    const seen = (await teacher.get(`consultations/slots/${slot}`)).body;
    expect(seen)
      .to.match(new RegExp(`href="/c/[a-z0-9]+/${attempt}"`))
      .and.include(`№ 1. Города. ${CAPITAL.text}`);
    expect((await student.get(`consultations/slots/${slot}`)).body).to.include(CAPITAL.text);
  });

  it('is not attached by another student, who does not see it either', async () => {
    const slot = (await slotsOf(other, series))[1]?.slotId ?? '';
    const page = (await other.get(`consultations/slots/${slot}?topic=${topic()}`)).body;
    expect(page).to.not.include(CAPITAL.text);
    const refused = await ask(other, 'POST', `consultations/slots/${slot}/bookings`, { topic: topic() });
    expect(refused.status).to.equal(404);
    expect((await other.get(`${attempt}/consultation`)).status).to.equal(404);
  });

  it('is not offered where the test does not show what went wrong', async () => {
    const test = await makeTest(teacher, { review: 'score' }, [CAPITAL, TSAR]);
    const hidden = await take(student, test, WRONG);
    expect((await student.get(hidden)).body).to.not.include('/consultation"');
    expect((await student.get(`${hidden}/consultation`)).status).to.equal(404);
  });
});
