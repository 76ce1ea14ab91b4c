import { expect } from 'chai';
import { HOUR, MINUTE } from '../../../src/shared/clock.js';
import type { Actor } from '../../../src/shared/actor.js';
import { launchSelection, returnSelection } from '../../support/lms.js';
import { startTestApp, Visitor, type TestApp } from '../../support/test-app.js';
import { book, bookingOf, expectDone, firstSlot, offer, slotsOf, typed, wish, ask } from './fixtures.js';

describe('consultations: links in the LMS course', () => {
  let testApp: TestApp;
  before(async () => {
    testApp = await startTestApp();
  });
  after(() => testApp.close());

  it('are placed by a teacher who makes the series on the way, and lead a student to it', async () => {
    const picking = await launchSelection(testApp.lms, { person: '11', course: '2' });
    const [, key, request] = /\/c\/(\w+)\/deep-linking\/([\w-]+)/.exec(picking.response.url)!;
    const teacher = new Visitor(testApp.origin, picking.browser, key!, picking.response);
    expect(picking.response.text).to.include(`consultations/new?for=${request!}`);

    const form = await teacher.get(`consultations/new?for=${request!}`);
    expect(form.body).to.include(`name="for" value="${request!}"`);
    const values = typed(wish(testApp, 1, { title: 'Перед зачётом', for: request }));
    const preview = await teacher.submit('consultations/preview', values);
    expect(preview.body).to.include(`name="for" value="${request!}"`);
    const picker = await teacher.submit('consultations/new', values);
    const chosen = /value="consultations:([0-9a-f]{24})"\s+checked/.exec(picker.body)?.[1] ?? '';
    expect(picker.body).to.include('Перед зачётом').and.include('Соколова Е. В.');

    await teacher.csrf();
    const answer = await teacher.browser.request(teacher.address(`deep-linking/${request!}`), {
      method: 'POST',
      body: new URLSearchParams({ csrf: await teacher.csrf(), chosen: `consultations:${chosen}` }).toString(),
      from: testApp.origin,
    });
    await returnSelection(teacher.browser, answer);
    const link = testApp.lms.control.activities('2').find(({ title }) => title === 'Перед зачётом')!;
    const student = await testApp.launch({ person: '103', course: '2', link: link.id });
    expect(new URL(student.landing!.url).pathname).to.equal(`/c/${student.key!}/consultations/${chosen}`);
    expect(student.landing!.text).to.include('Нажмите на время, чтобы записаться');
  });
});

describe('consultations: what other features are told', () => {
  let testApp: TestApp;
  let teacher: Visitor;
  let ann: Visitor;

  before(async () => {
    testApp = await startTestApp();
    teacher = await testApp.launch({ person: '17', course: '2' });
    ann = await testApp.launch({ person: '103', course: '2' });
  });
  after(() => testApp.close());

  const face = () => testApp.app.features.consultations;

  /** The actor that requests of this visitor have. */
  async function actor(sub: string, courseId: string, role: Actor['role']): Promise<Actor> {
    const { id: registrationId } = testApp.registration;
    const name = { surname: '', givenName: '', patronymic: '' };
    const { people } = testApp.app.features.membership;
    const person = await people.upsertFromLaunch({ registrationId, sub, name, email: '' });
    return { personId: person.id, registrationId, courseId, courseKey: '', courseTitle: '', role, name };
  }

  const courseOf = async (seriesId: string): Promise<string> =>
    (await testApp.storage.connection
      .model('ConsultationSeries')
      .findById(seriesId)
      .lean<{ courseId: string }>())!.courseId;

  it('the next of one’s own: what a student has booked, what a teacher holds', async () => {
    const late = await offer(testApp, teacher, 2, { title: 'Позже' });
    const early = await offer(testApp, teacher, 1, { title: 'Раньше', link: 'https://meet.example.org/1' });
    for (const id of [late, early]) expectDone(await book(ann, await firstSlot(ann, id)));
    const courseId = await courseOf(early);

    const student = await actor('103', courseId, 'student');
    const hers = await face().upcomingFor(student, 5);
    expect(hers.map(({ title }) => title)).to.deep.equal(['Раньше', 'Позже']);
    expect(hers[0]).to.include({ role: 'student', online: true, videoOpen: false, booked: 0 });
    const page = await ann.get(hers[0]!.path);
    expect(page.status).to.equal(200);
    expect(await face().upcomingFor(student, 1)).to.have.length(1);

    const held = await face().upcomingFor(await actor('17', courseId, 'teacher'), 3);
    expect(held.map(({ title, booked }) => [title, booked])).to.deep.equal([
      ['Раньше', 1],
      ['Раньше', 0],
      ['Позже', 1],
    ]);
    expect(await face().upcomingFor(await actor('4', courseId, 'assistant'), 3)).to.be.empty;
    expect(await face().upcomingFor(await actor('103', 'elsewhere', 'student'), 3)).to.be.empty;

    const { id } = await bookingOf(ann, hers[0]!.slotId);
    expectDone(await ask(ann, 'POST', `consultations/bookings/${id}/cancel`));
    expect((await face().upcomingFor(student, 5)).map(({ title }) => title)).to.deep.equal(['Позже']);
  });

  it('lists the next available times of a teacher in all courses, without private data', async () => {
    const there = await testApp.launch({ person: '17', course: '3' });
    const full = await offer(testApp, there, 1, {
      title: 'Занято',
      start: '08:00',
      end: '08:30',
      type: 'individual',
      capacity: 1,
    });
    const elsewhere = await offer(testApp, there, 1, { title: 'История', start: '09:00', end: '09:30' });
    const late = await testApp.launch({ person: '121', course: '3' });
    expectDone(await book(late, await firstSlot(late, full)));
    const courseId = await courseOf(elsewhere);
    const { personId } = await actor('17', courseId, 'teacher');

    const free = await face().nextFreeOf([personId], 2);
    expect(free.map(({ title, seatsLeft }) => [title, seatsLeft])).to.deep.equal([
      ['История', 3],
      ['Раньше', 3],
    ]);
    expect(free[0]!.courseId).to.equal(courseId);
    expect(JSON.stringify(free)).to.not.match(/Кабинет|meet\.example/);
    expect(await face().nextFreeOf(['0123456789abcdef01234567'], 2)).to.be.empty;

    // Not what can no longer be booked.
    const [slot] = await slotsOf(there, elsewhere);
    testApp.clock.advance(Date.parse(slot!.startsAt) - testApp.clock.now().getTime() + MINUTE);
    expect((await face().nextFreeOf([personId], 1))[0]!.title).to.equal('Раньше');
    testApp.clock.advance(1000 * HOUR);
    expect(await face().nextFreeOf([personId], 1)).to.be.empty;
  });
});
