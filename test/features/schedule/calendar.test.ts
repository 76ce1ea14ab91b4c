import { expect } from 'chai';
import ICAL from 'ical.js';
import nodeIcal, { type VEvent } from 'node-ical';
import { icsOf, type CalendarEntry } from '../../../src/features/schedule/index.js';
import { HOUR } from '../../../src/shared/clock.js';
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
  wish,
  FAR_ZONE,
} from '../consultations/fixtures.js';

/** The events of a file as two independent readers see them. */
function eventsOf(text: string) {
  const calendar = new ICAL.Component(ICAL.parse(text) as unknown[]);
  const read = calendar.getAllSubcomponents('vevent').map((component) => {
    const event = new ICAL.Event(component);
    return {
      uid: event.uid,
      title: event.summary,
      place: event.location,
      startsAt: event.startDate.toJSDate().toISOString(),
      sequence: event.sequence,
      status: String(component.getFirstPropertyValue('status')),
    };
  });
  const other = Object.values(nodeIcal.sync.parseICS(text)).filter(
    (item): item is VEvent => item?.type === 'VEVENT',
  );
  expect(other.map(({ uid, start }) => [uid, start.toISOString()])).to.have.deep.members(
    read.map(({ uid, startsAt }) => [uid, startsAt]),
  );
  return read;
}

const ENTRY: CalendarEntry = {
  id: `consultation-${'a'.repeat(24)}`,
  courseId: '',
  title: 'Разбор задач',
  startsAt: new Date('2026-12-01T12:00:00Z'),
  endsAt: new Date('2026-12-01T12:30:00Z'),
  state: 'planned',
  place: '',
  people: '',
  zone: 'Europe/Moscow',
  path: '',
  sequence: 3,
};
const OPTIONS = { host: 'tool.example.org', name: 'Консультации', now: new Date('2026-11-01T00:00:00Z') };

describe('calendar files', () => {
  it('hold no line that a title or place brings in', () => {
    const evil = 'Разбор\r\nATTENDEE:mailto:evil@example.org\r\nEND:VEVENT\nBEGIN:VEVENT';
    const text = icsOf([{ ...ENTRY, title: evil, place: evil, people: evil }], OPTIONS);
    expect(text).not.to.match(/^ATTENDEE/m);
    expect(text.match(/^BEGIN:VEVENT/gm)).to.have.length(1);
    expect(eventsOf(text)[0]?.title).to.contain('Разбор ATTENDEE:mailto:evil@example.org');
  });

  it('are folded at 75 octets and end lines with CRLF, also in Russian', () => {
    const text = icsOf([{ ...ENTRY, title: 'Ёж и «вопросы», запятая; точка '.repeat(10) }], OPTIONS);
    for (const line of text.trimEnd().split('\r\n')) expect(Buffer.byteLength(line)).to.be.at.most(75);
    expect(text.replaceAll('\r\n', '')).not.to.contain('\n');
    expect(eventsOf(text)[0]?.title).to.equal('Ёж и «вопросы», запятая; точка '.repeat(10).trim());
  });

  it('say times in UTC, whatever the zone of the server', () => {
    const text = icsOf([ENTRY], OPTIONS);
    expect(text).to.contain('DTSTART:20261201T120000Z').and.to.contain('DTSTAMP:20261101T000000Z');
  });
});

describe('calendar', () => {
  let testApp: TestApp;
  let teacher: Visitor;
  let ann: Visitor;

  before(async () => {
    testApp = await startTestApp();
    teacher = await testApp.launch({ person: '11', course: '2' });
    ann = await testApp.launch({ person: '101', course: '2' });
  });
  after(() => testApp.close());

  const fileOf = async (visitor: Visitor, slot: string) =>
    eventsOf((await visitor.get(`calendar/consultation-${slot}.ics`)).body)[0]!;

  it('gives a file for each booking, with a stable UID and a sequence that rises with every change', async () => {
    const series = await offer(testApp, teacher, 1, { title: 'Алгебра' });
    const slot = await firstSlot(teacher, series);
    expectDone(await book(ann, slot));
    const first = await fileOf(ann, slot);
    expect(first).to.include({ title: 'Алгебра', place: 'Кабинет 12', status: 'CONFIRMED' });
    const changes = wish(testApp, 1, { title: 'Алгебра', place: 'Кабинет 13' });
    expectDone(await ask(teacher, 'POST', `consultations/${series}/edit`, changes));
    const second = await fileOf(ann, slot);
    expect(second).to.include({ uid: first.uid, place: 'Кабинет 13' });
    expectDone(await cancel(ann, (await bookingOf(ann, slot)).id));
    const third = await fileOf(ann, slot);
    expect(third).to.include({ uid: first.uid, status: 'CANCELLED' });
    expectDone(await book(ann, slot));
    const fourth = await fileOf(ann, slot);
    expect(fourth.status).to.equal('CONFIRMED');
    const sequences = [first, second, third, fourth].map(({ sequence }) => sequence);
    expect(sequences).to.deep.equal([...new Set(sequences)].sort((a, b) => a - b));
  });

  it('gives no file to those whom the slot does not concern', async () => {
    const slot = await firstSlot(teacher, await offer(testApp, teacher, 2));
    for (const person of ['103', '13']) {
      const other = await testApp.launch({ person, course: '2' });
      expect((await other.get(`calendar/consultation-${slot}.ics`)).status).to.equal(404);
    }
    expect((await ann.get('calendar/consultation-1.ics')).status).to.equal(400);
  });

  it('has a secret feed of all courses that can be renewed and revoked', async () => {
    const slot = await firstSlot(teacher, await offer(testApp, teacher, 3, { title: 'Химия' }));
    expectDone(await book(ann, slot));
    const made = await ann.submit('calendar/feed');
    const url = /https?:\/\/[^<\s]+\/calendar\/[\w-]{32}\.ics/.exec(made.body)?.[0] ?? '';
    const outsider = testApp.anonymous();
    const read = (address: string) => outsider.get(new URL(address).pathname);
    const feed = await read(url);
    expect(feed.headers.get('content-type')).to.contain('text/calendar');
    expect(eventsOf(feed.body).map(({ title }) => title)).to.include('Химия');
    expect((await ann.get('calendar')).body).not.to.contain(url);

    const again = await ann.submit('calendar/feed');
    const renewed = /https?:\/\/[^<\s]+\/calendar\/[\w-]{32}\.ics/.exec(again.body)?.[0] ?? '';
    expect((await read(url)).status).to.equal(404);
    expect((await read(renewed)).status).to.equal(200);
    await ann.submit('calendar/feed/revoke');
    expect((await read(renewed)).status).to.equal(404);
    expect((await read('http://localhost/calendar/short.ics')).status).to.equal(400);
  });

  it('shows a month, a week and a list without JavaScript, and jumps to a date', async () => {
    const date = day(testApp, 40);
    const series = await offer(testApp, teacher, 40, { title: 'Далёкое' });
    expectDone(await book(ann, await firstSlot(teacher, series)));
    for (const view of ['month', 'week', 'list']) {
      const page = await ann.get(`calendar?view=${view}&date=${date}`);
      expect(page.body, view).to.contain('Далёкое').and.to.contain('15:00');
    }
    expect((await ann.get('calendar?view=week')).body).not.to.contain('Далёкое');
    const month = (await ann.get(`calendar?view=month&date=${date}`)).body;
    expect(month.match(/<td/g)!.length % 7).to.equal(0);
    expect((await ann.get('calendar?view=decade&date=2026-02-31')).status).to.equal(200);
    expect((await teacher.get(`calendar?date=${date}`)).body).to.contain('свободно');
    const outsider = await testApp.launch({ person: '103', course: '2' });
    expect((await outsider.get(`calendar?view=list&date=${date}`)).body).not.to.contain('Далёкое');
  });

  it('shows a day alone, each free time of it on a line of its own, and leads to the days beside it', async () => {
    const date = day(testApp, 42);
    const series = await offer(testApp, teacher, 42, { title: 'Весь день' });
    await offer(testApp, teacher, 43, { title: 'День спустя' });
    expectDone(await book(ann, await firstSlot(teacher, series)));
    const { body } = await teacher.get(`calendar?view=day&date=${date}`);
    expect(body).to.contain('15:00').and.contain('16:00').and.not.contain('День спустя');
    expect(body.match(/Весь день/g)).to.have.length(2);
    expect(body)
      .to.contain(`date=${day(testApp, 41)}`)
      .and.contain(`date=${day(testApp, 43)}`);
    const own = (await ann.get(`calendar?view=day&date=${date}`)).body;
    expect(own).to.contain('15:00').and.not.contain('16:00');
    expect(own.match(/Весь день/g)).to.have.length(1);
    expect((await ann.get(`calendar?view=day&date=${day(testApp, 41)}`)).body).to.contain('В эти дни');
  });

  it('says both hours where the reader’s clock differs from the centre’s', async () => {
    const slot = await firstSlot(teacher, await offer(testApp, teacher, 4));
    const far = await testApp.launch({ person: '104', course: '2' });
    expectDone(await book(far, slot));
    expect((await far.get('consultations')).body).not.to.contain('в центре');
    expect((await bookingOf(far, slot)).zone).to.equal('Europe/Moscow');
    far.browser.setCookie(testApp.origin, FAR_ZONE);
    for (const path of ['consultations', `consultations/slots/${slot}`, 'calendar?view=list'])
      expect((await far.get(path)).body, path).to.contain('22:00 у вас, 15:00 в центре');
    const { bothTimes } = await import('../../../src/web/format.js');
    const moment = new Date('2026-11-30T11:45:00Z');
    expect(bothTimes(moment, 'ru', { reader: 'Asia/Vladivostok', place: 'Europe/Moscow' })).to.deep.equal({
      yours: '21:45',
      there: '14:45',
    });
    expect(bothTimes(moment, 'ru', { reader: 'Europe/Moscow', place: 'Europe/Moscow' })).to.equal(null);
    expect(
      bothTimes(new Date(moment.getTime() + 4 * HOUR), 'ru', {
        reader: 'Asia/Vladivostok',
        place: 'Europe/Moscow',
      }),
    ).to.deep.equal({ yours: '01:45', there: '18:45 (30 нояб.)' });
  });
});
