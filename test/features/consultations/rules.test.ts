import { expect } from 'chai';
import { termOf } from '../../../src/features/consultations/bookings/school-terms.js';
import { DAY } from '../../../src/shared/clock.js';
import { startTestApp, type TestApp, type Visitor } from '../../support/test-app.js';
import { ask, book, bookingOf, day, expectDone, firstSlot, offer, slotsOf, tally, wish } from './fixtures.js';

const PDF = Buffer.from('%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n');

describe('consultations: rules of a type and a series', () => {
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

  describe('a limit per term', () => {
    it('counts terms from the days that the centre sets', () => {
      expect(termOf('2026-11-27', '')).to.equal('2026-09-01');
      expect(termOf('2026-12-31', '')).to.equal('2026-09-01');
      expect(termOf('2027-01-01', '')).to.equal('2027-01-01');
      expect(termOf('2027-08-31', '')).to.equal('2027-01-01');
      expect(termOf('2027-01-11', '01.09, 10.11, 12.01, 01.04')).to.equal('2026-11-10');
    });

    it('is exact however many requests come at once, over all series of the type', async () => {
      const limited = { type: 'class', limitTerm: 2, start: '08:00', end: '09:00', length: 20 };
      const term = (ahead: number): string => termOf(day(testApp, ahead), '');
      // Of any days in a row only two are in different terms.
      const first = term(1) === term(2) ? 1 : 2;
      const slots = [
        ...(await slotsOf(teacher, await offer(testApp, teacher, first, limited))),
        ...(await slotsOf(teacher, await offer(testApp, teacher, first + 1, limited))),
      ];
      const replies = await Promise.all(slots.map(({ slotId }) => book(ann, slotId)));
      expect(tally(replies)).to.deep.equal({ done: 2, 'limit-term': slots.length - 2 });
    });
  });

  describe('files at booking', () => {
    let slot: string;
    const send = (files: number, name = 'вопрос.pdf', content: Buffer | string = PDF) =>
      ann.upload(
        `consultations/slots/${slot}/bookings`,
        Array.from({ length: files }, () => ({ field: 'files', name, content })),
        { fields: { question: 'Задача 315' } },
      );

    before(async () => {
      const series = await offer(testApp, teacher, 3, {
        ...{ files: 'required', filesMost: 2, fileMegabytes: 1, question: 'optional' },
      });
      slot = await firstSlot(teacher, series);
    });

    it('are refused without a booking when missing, too many, too large or of a wrong type, and the form is kept', async () => {
      const wrong: [Awaited<ReturnType<typeof send>>, number][] = [
        [await send(0), 400],
        [await send(3), 400],
        [await send(100), 400],
        [await send(1, 'вопрос.pdf', Buffer.alloc(1024 * 1024 + 1, PDF)), 400],
        [await send(1, 'вопрос.pdf', Buffer.from([0x4d, 0x5a, 0x90, 0])), 400],
      ];
      for (const [{ status, body }, expected] of wrong) {
        expect(status).to.equal(expected);
        expect(body).to.include('id="f-files-error"').and.include('Задача 315');
      }
      expect((await slotsOf(teacher, await seriesOf(slot)))[0]!.booked).to.equal(0);
    });

    it('are stored with the booking; the teacher’s side and those who come read them', async () => {
      expect((await send(2)).body).to.include('Вы записаны');
      const page = await teacher.get(`consultations/slots/${slot}`);
      const [, path = ''] = /href="[^"]*\/(files\/[a-z0-9]{20})"/.exec(page.body) ?? [];
      expect((await teacher.get(path)).status).to.equal(200);
      expect((await ann.get(path)).status).to.equal(200);
      expect((await boris.get(path)).status).to.equal(404);
    });

    it('are deleted when the booking is refused', async () => {
      const before = await testApp.app.files.count();
      expect((await send(1)).status).to.equal(409);
      expect(await testApp.app.files.count()).to.equal(before);
    });

    const seriesOf = async (slotId: string): Promise<string> => {
      const { data } = await ask(teacher, 'GET', `consultations/slots/${slotId}`);
      return String(data.slot.seriesId);
    };
  });

  it('keeps the question of a booking that is refused', async () => {
    const first = await firstSlot(teacher, await offer(testApp, teacher, 4));
    expectDone(await book(ann, first));
    const other = await testApp.launch({ person: '12', course: '2' });
    const clash = await firstSlot(other, await offer(testApp, other, 4, { question: 'required' }));
    const refused = await ann.submit(`consultations/slots/${clash}/bookings`, { question: 'О производной' });
    expect(refused.status).to.equal(409);
    expect(refused.body).to.include('О производной');
  });

  it('reminds by hours of its own', async () => {
    const series = await offer(testApp, teacher, 5, { reminderHours: '72, 0.5' });
    const own = await testApp.app.features.consultations.told.ownReminders();
    expect(own.get(series)).to.deep.equal([72 * 60, 30]);
    const wrong = await ask(
      teacher,
      'POST',
      'consultations/new',
      wish(testApp, 5, { reminderHours: 'утром' }),
    );
    expect(wrong.data.fields).to.have.key('reminderHours');
  });

  it('lists who has not booked a required one, to the teacher with a count, to the student until booked', async () => {
    const series = await offer(testApp, teacher, 6, { required: 'yes', title: 'Беседа о проекте' });
    expect((await teacher.get('consultations')).body)
      .to.include(`consultations/${series}/people`)
      .and.match(/не записал/);
    expect((await ann.get('consultations')).body).to.include('Обязательно запишитесь');
    expectDone(await book(ann, await firstSlot(teacher, series)));
    expect((await ann.get('consultations')).body).to.not.include('Обязательно запишитесь');
    expect((await boris.get('consultations')).body).to.include('Обязательно запишитесь');
    const invited = await teacher.submit(`consultations/${series}/invite`);
    expect(invited.body).to.include('Приглашения отправлены');
  });

  it('counts any required series of an attestation, and none that is not', async () => {
    const body = { kind: 'final', title: 'Экзамен', on: day(testApp, 60) };
    expectDone(await ask(teacher, 'POST', 'consultations/attestations', body));
    const { data } = await ask(teacher, 'GET', 'consultations/attestations');
    const [{ id: attestation } = { id: '' }] = (data as unknown as { attestations: { id: string }[] })
      .attestations;
    const required = { attestation, required: 'yes', type: 'beforeFinal' };
    const extra = await offer(testApp, teacher, 7, { attestation, title: 'Дополнительная' });
    await offer(testApp, teacher, 8, { ...required, title: 'Обзорная утром' });
    const evening = await offer(testApp, teacher, 9, { ...required, title: 'Обзорная вечером' });
    const missing = async (): Promise<string[]> =>
      (
        (await ask(teacher, 'GET', `consultations/attestations/${attestation}`)).data as unknown as {
          missing: string[];
        }
      ).missing;
    const all = (await missing()).length;
    expectDone(await book(ann, await firstSlot(teacher, extra)));
    expect(await missing()).to.have.length(all);
    expectDone(await book(ann, await firstSlot(teacher, evening)));
    expect(await missing()).to.have.length(all - 1);
    expect((await ann.get('consultations')).body).to.not.include('Обязательно запишитесь');
  });

  it('leads from the type without times to the questions, and makes no series of it', async () => {
    expect((await ann.get('consultations')).body).to.include('ответят в отложенной форме');
    expect((await ann.get('consultations?type=asynchronous')).url).to.match(/\/questions$/);
    expect((await teacher.get('consultations/new?type=asynchronous')).url).to.match(/\/questions$/);
    const made = await ask(teacher, 'POST', 'consultations/new', wish(testApp, 10, { type: 'asynchronous' }));
    expect(made.data.fields).to.have.key('type');
  });

  it('tells the teacher when a student cancels', async () => {
    const slot = await firstSlot(teacher, await offer(testApp, teacher, 11, { title: 'Разбор эссе' }));
    expectDone(await book(ann, slot));
    const { id } = await bookingOf(ann, slot);
    expectDone(await ask(ann, 'POST', `consultations/bookings/${id}/cancel`));
    await testApp.app.jobs.drain();
    const { body } = await teacher.get('notifications');
    expect(body)
      .to.match(/Разбор эссе/)
      .and.match(/отмен/i);
  });

  // Last: the clock goes on.
  describe('before an attestation', () => {
    it('invites those who have not booked some days before an attestation, once', async () => {
      const saved = { kind: 'interim', title: 'Зачёт по геометрии', on: day(testApp, 30) };
      expectDone(await ask(teacher, 'POST', 'consultations/attestations', saved));
      const { data } = await ask(teacher, 'GET', 'consultations/attestations');
      const { attestations } = data as unknown as { attestations: { id: string; title: string }[] };
      const attestation = attestations.find(({ title }) => title === saved.title)!.id;
      const rules = { type: 'beforeInterim', attestation, required: 'yes', inviteDays: 5 };
      expectDone(await book(ann, await firstSlot(teacher, await offer(testApp, teacher, 28, rules))));
      const page = await ask(teacher, 'GET', `consultations/attestations/${attestation}`);
      expect(page.data).to.include({ invitesOn: day(testApp, 25) });
      const invitations = () =>
        testApp.storage.connection.model('ConsultationMessage').find({ attestationId: attestation });
      const goOn = async (days: number): Promise<void> => {
        testApp.clock.advance(days * DAY);
        await testApp.app.jobs.drain();
      };
      await goOn(23);
      expect(await invitations()).to.have.length(0);
      for (let passed = 0; passed < 3; passed += 1) await goOn(1);
      expect(await invitations()).to.have.length(1);
      [ann, boris] = [
        await testApp.launch({ person: '103', course: '2' }),
        await testApp.launch({ person: '104', course: '2' }),
      ];
      expect((await boris.get('notifications')).body).to.include(saved.title);
      expect((await ann.get('notifications')).body).to.not.include(saved.title);
    });
  });
});
