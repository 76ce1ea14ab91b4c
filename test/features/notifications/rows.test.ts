import { expect } from 'chai';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';
import { answer, ask as askTest, begin, makeTest } from '../assessments/fixtures.js';
import {
  ask,
  book,
  bookingOf,
  bookingsOf,
  cancel,
  day,
  expectDone,
  firstSlot,
  offer,
  slotsOf,
} from '../consultations/fixtures.js';
import { listOf, mailsOf, personOf, wakeAlways, type Listed } from './support.js';

describe('messages that a person’s act makes', () => {
  let testApp: TestApp;
  let teacher: Visitor;
  let ann: Visitor;
  let boris: Visitor;
  let ahead = 2;

  before(async () => {
    testApp = await startTestApp({ env: { SMTP_URL: 'outbox:' } });
    teacher = await testApp.launch({ person: '11', course: '2' });
    ann = await testApp.launch({ person: '103', course: '2' });
    boris = await testApp.launch({ person: '104', course: '2' });
    for (const visitor of [teacher, ann, boris]) await wakeAlways(visitor);
  });
  after(() => testApp.close());

  /** What the person's list shows of a kind, the newest first. */
  const shown = async (visitor: Visitor, kind: string): Promise<Listed[]> =>
    (await listOf(testApp, visitor)).filter((listed) => listed.kind === kind);
  /** Subjects of the newest mails to a person. */
  const mailed = async (sub: string): Promise<string[]> =>
    (await mailsOf(testApp, (await personOf(testApp, sub)).email)).map(({ subject }) => subject);

  it('tell the teacher of a request, and the student of the teacher’s yes', async () => {
    const terms = { title: 'По заявке', capacity: 1, approval: 'required' };
    const slot = await firstSlot(teacher, await offer(testApp, teacher, ahead++, terms));
    expectDone(await book(ann, slot));
    const [asked] = await shown(teacher, 'booking-requested');
    expect(asked).to.include({ subject: 'Заявка: По заявке', path: `consultations/slots/${slot}` });
    expect(await mailed('11')).to.include('Заявка: По заявке');
    expect(await mailed('103'), 'a request is no booking').to.not.include('Вы записаны: По заявке');
    const { id } = await bookingOf(ann, slot);
    expectDone(await ask(teacher, 'POST', `consultations/bookings/${id}/approve`));
    expect((await shown(ann, 'booking-approved'))[0]?.subject).to.equal('Запись подтверждена: По заявке');
    const [mail] = await mailsOf(testApp, (await personOf(testApp, '103')).email);
    expect([mail?.subject, mail?.calendar?.method]).to.deep.equal([
      'Запись подтверждена: По заявке',
      'REQUEST',
    ]);
    expect(await shown(teacher, 'booking-requested'), 'it waits no more').to.deep.equal([]);
  });

  it('tell the teacher whose student moves a booking, and the student whose slot the teacher moves', async () => {
    const date = day(testApp, ahead);
    const slots = await slotsOf(teacher, await offer(testApp, teacher, ahead++, { title: 'Перенос' }));
    const [first = '', second = ''] = slots.map(({ slotId }) => slotId);
    expectDone(await book(ann, first));
    await mailsOf(testApp);
    const { id } = await bookingOf(ann, first);
    expectDone(await ask(ann, 'POST', `consultations/bookings/${id}/move`, { slot: second }));
    const [shifted] = await shown(teacher, 'booking-shifted');
    expect(shifted?.subject).to.equal('Запись перенесена: Перенос');
    expect(shifted?.lines.join('\n'))
      .to.match(/Было: .*15:00/)
      .and.to.match(/Стало: .*15:30/);
    const to = { date, start: '19:00', reason: 'Педсовет' };
    expectDone(await ask(teacher, 'POST', `consultations/slots/${second}/move`, to));
    const [moved] = await shown(ann, 'booking-moved');
    expect(moved?.subject).to.equal('Перенос консультации: Перенос');
    expect(moved?.lines.join('\n'))
      .to.match(/Было: .*15:30/)
      .and.to.match(/Стало: .*19:00/)
      .and.to.contain('Причина: Педсовет');
    expect((await mailed('103'))[0]).to.equal('Перенос консультации: Перенос');
  });

  it('offer a seat to the first of the waiting list, and tell those who wanted word of it', async () => {
    const terms = { title: 'Одно место', capacity: 1 };
    const slot = await firstSlot(teacher, await offer(testApp, teacher, ahead++, terms));
    expectDone(await book(ann, slot));
    expectDone(await ask(boris, 'POST', `consultations/slots/${slot}/wait`, { tell: '' }));
    expectDone(await cancel(ann, (await bookingOf(ann, slot)).id));
    const [offered] = await shown(boris, 'seat-offered');
    expect(offered?.subject).to.equal('Освободилось место: Одно место');
    expect(offered?.lines.some((line) => line.startsWith('Подтвердите до: '))).to.equal(true);
    expect(await mailed('104')).to.include('Освободилось место: Одно место');

    expectDone(await ask(ann, 'POST', `consultations/slots/${slot}/wait`, { tell: 'on' }));
    const { waiting } = (await bookingsOf(boris)) as unknown as { waiting: { id: string; slotId: string }[] };
    const own = waiting.find(({ slotId }) => slotId === slot);
    expectDone(await cancel(boris, own?.id ?? ''));
    expect((await shown(ann, 'seat-freed'))[0]?.subject).to.equal('Есть свободное место: Одно место');
  });

  it('invite those who have not booked, and carry the teacher’s words to those who have', async () => {
    const terms = { required: 'yes', title: 'Беседа' };
    const series = await offer(testApp, teacher, ahead++, terms);
    expectDone(await book(ann, await firstSlot(teacher, series)));
    expectDone(await ask(teacher, 'POST', `consultations/${series}/invite`));
    expect((await shown(boris, 'consultation-invitation'))[0]?.subject).to.equal(
      'Запишитесь на консультацию: Беседа',
    );
    expect(await shown(ann, 'consultation-invitation')).to.deep.equal([]);
    expectDone(await ask(teacher, 'POST', `consultations/${series}/messages`, { text: 'Возьмите $\\pi$' }));
    const [message] = await shown(ann, 'consultation-message');
    expect(message?.subject).to.equal('Сообщение о консультации: Беседа');
    expect(message?.lines).to.include('Возьмите π');
    expect(await shown(boris, 'consultation-message')).to.deep.equal([]);
  });

  it('tell the student whose work is marked by hand', async () => {
    const essay = { type: 'essay', text: 'О чём «Медный всадник»?', mark: '5' };
    const test = await makeTest(teacher, { title: 'Сочинение' }, [essay]);
    const attempt = await begin(ann, test);
    await answer(ann, attempt, 1, 'О наводнении');
    await askTest(ann, 'POST', `${attempt}/finish`);
    expect(await shown(ann, 'test-marked')).to.deep.equal([]);
    const marked = await askTest(
      teacher,
      'POST',
      `tests/${test}/marking/${attempt.split('/').at(-1)}/1?by=question`,
      { comment: '', version: '1', points: '4' },
    );
    expect(marked.status).to.equal(303);
    const [told] = await shown(ann, 'test-marked');
    expect(told?.subject).to.equal('Проверено: Сочинение');
    expect(told?.lines[0]).to.contain('4 из 5');
  });
});
