import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Frame, Locator, Page } from 'playwright-core';
import { seriesFields } from '../../src/features/consultations/series/series.fields.js';
import type { Actor } from '../../src/shared/actor.js';
import { DAY, HOUR } from '../../src/shared/clock.js';
import { instantAt } from '../../src/shared/zoned.js';
import { day, EVERY_DAY, ZONE } from '../features/consultations/fixtures.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { violations } from './axe.js';
import { actAs, Complaints, launchChromium, LOOKS, overflow, picture, toolFrame } from './browser.js';
import { CLICK_MS, IS_HUMAN, KEY_MS, SECONDS } from './pace.js';

/** Does what a person does, and counts it: each click, and each field that is filled in. */
class Hand {
  actions = 0;
  #keys = 0;
  readonly #begun = Date.now();
  async #reach(target: Locator): Promise<void> {
    this.actions += 1;
    await target.waitFor();
    await target.page().waitForTimeout(CLICK_MS);
  }
  async click(target: Locator): Promise<void> {
    await this.#reach(target);
    await target.click();
  }
  async fill(target: Locator, text: string): Promise<void> {
    await this.#reach(target);
    this.#keys += text.length;
    await target.page().waitForTimeout(text.length * KEY_MS);
    await target.fill(text);
  }
  async check(target: Locator): Promise<void> {
    await this.#reach(target);
    await target.check();
  }
  /** Seconds that clicks and keys take. */
  get seconds(): number {
    return this.actions * SECONDS.click + this.#keys * SECONDS.key;
  }
  /** Says, at a person's pace, how long it took until now. */
  tell(what: string): void {
    const taken = (Date.now() - this.#begun) / 1000;
    if (IS_HUMAN)
      process.stdout.write(`${what}: ${this.actions} actions, ${this.#keys} keys, ${taken.toFixed(1)} s\n`);
  }
}

const TEACHERS_STEPS = readFileSync(path.resolve(import.meta.dirname, '../../docs/teacher.md'), 'utf8');

/** How many actions docs/teacher.md says that something takes. */
const documented = (what: string): number =>
  Number(new RegExp(`^\\| ${what}[^|]*\\| (\\d+) `, 'm').exec(TEACHERS_STEPS)?.[1]);

/** The figures of docs/teacher.md, and pictures of the pages. */
describe('consultations in the browser', function () {
  this.timeout(180_000);
  let testApp: TestApp;
  let browser: Browser;
  let teacher: Actor;
  const complaints = new Complaints();

  before(async () => {
    testApp = await startTestApp({ env: { ROSTER_HOURS: '6' } });
    await testApp.launch({ person: '11', course: '2' });
    await testApp.launch({ person: '103', course: '2' });
    await testApp.app.jobs.drain();
    const { schedule, membership } = testApp.app.features;
    const year = testApp.clock.now().getUTCFullYear();
    for (const filled of [year, year + 1])
      await schedule.closedDays.fillYear({ kind: 'terminal', id: '', name: 'test' }, filled, String);
    const course = await testApp.storage.connection.collection('courses').findOne({});
    const courseId = String(course?._id);
    const { id: registrationId } = testApp.registration;
    const name = { surname: 'Соколова', givenName: 'Елена', patronymic: '' };
    const person = await membership.people.upsertFromLaunch({ registrationId, sub: '11', name, email: '' });
    teacher = {
      ...{
        personId: person.id,
        registrationId,
        courseId,
        courseKey: '',
        courseTitle: '',
        role: 'teacher',
        name,
      },
    };
    browser = await launchChromium();
  });
  after(async () => {
    await browser.close();
    await testApp.close();
  });

  async function enter(
    person: string,
    look: (typeof LOOKS)[number] = LOOKS[0]!,
  ): Promise<{ page: Page; frame: Frame; home: string }> {
    const context = await browser.newContext({
      ...{ locale: look.locale, colorScheme: look.colorScheme, timezoneId: ZONE },
      viewport: { width: look.width, height: look.height },
    });
    context.on('page', (page) => complaints.listen(page));
    const page = await actAs(context, testApp.lms.origin, person);
    await page.goto(`${testApp.lms.origin}/courses/2/activities/${testApp.lms.control.homeLink('2').id}`);
    const frame = await toolFrame(page, testApp.origin);
    const home = /.*\/c\/\w+\//.exec(frame.url())?.[0] ?? '';
    await frame.goto(`${home}?lang=${look.locale.slice(0, 2)}`);
    return { page, frame, home };
  }

  /** Makes a series of two slots of an hour, from 18:00: later than the planned term, whose days may be the same. */
  const offer = async (
    ahead: number,
    {
      start = '18:00',
      end = '20:00',
      ...changes
    }: Partial<Parameters<TestApp['app']['features']['consultations']['series']['create']>[1]> = {},
  ): Promise<string> => {
    const { series } = testApp.app.features.consultations;
    const date = day(testApp, ahead);
    const hours = Array.from(
      { length: parseInt(end) - parseInt(start) },
      (_, hour) => parseInt(start) + hour,
    );
    // Named, they are made on a holiday too.
    const take = hours.map((hour) =>
      instantAt(`${date}T${String(hour).padStart(2, '0')}:00`, ZONE)!.toISOString(),
    );
    const { id } = await series.create(teacher, {
      ...{ ...seriesFields.usual, title: 'Разбор задач', place: 'Кабинет 12', type: 'group', capacity: 25 },
      ...{ closesHours: 0, cancelHours: 0, rescheduleHours: 0, from: date, to: date, weekdays: EVERY_DAY },
      ...{ start, end, take, zone: ZONE, length: 60, gap: 0 },
      ...changes,
    });
    return id;
  };
  const slotsOf = async (seriesId: string): Promise<string[]> => {
    const rows = await testApp.storage.connection
      .collection('schedule_times')
      .find({ kind: 'slot', seriesId })
      .sort({ startsAt: 1 })
      .toArray();
    return rows.map(({ _id }) => String(_id));
  };

  it('a term is planned in at most 12 actions and a minute, without the holidays', async () => {
    const { frame } = await enter('11');
    const hand = new Hand();
    await hand.click(frame.getByRole('link', { name: 'Консультации', exact: true }).first());
    await hand.click(frame.getByRole('link', { name: 'Новая серия' }));
    await hand.fill(frame.getByLabel('Название'), 'Алгебра: консультации полугодия');
    await hand.fill(frame.getByLabel('Место', { exact: false }).first(), 'Кабинет 214');
    await hand.fill(frame.getByLabel('По какой день'), day(testApp, 120));
    await hand.check(frame.getByLabel('Вт', { exact: true }));
    await hand.check(frame.getByLabel('Чт', { exact: true }));
    await hand.click(frame.getByRole('button', { name: 'Показать расписание' }));
    await frame.locator('ul.preview').waitFor();
    await hand.click(frame.getByRole('button', { name: /Создать \d+ консультаци/ }));
    await frame.getByText('Серия создана').waitFor();
    hand.tell('plan a term');
    expect(hand.actions).to.equal(documented('plan a term')).and.at.most(12);
    expect(hand.seconds).to.be.below(60);
    const made = await testApp.storage.connection
      .collection('schedule_times')
      .find({ kind: 'slot' })
      .project({ startsAt: 1 })
      .toArray();
    const dates = new Set(made.map(({ startsAt }) => (startsAt as Date).toISOString().slice(0, 10)));
    const closed = await testApp.app.features.schedule.closedDays.list('2000-01-01', '2100-01-01');
    expect(closed.filter(({ date }) => dates.has(date))).to.be.empty;
    await frame.page().context().close();
  });

  it('a refused form begins at the field that has to be changed', async () => {
    const { frame } = await enter('11');
    await frame.getByRole('link', { name: 'Консультации', exact: true }).first().click();
    await frame.getByRole('link', { name: 'Новая серия' }).click();
    await frame.getByLabel('Название').fill('Без дней недели');
    await frame.getByLabel('Место', { exact: false }).first().fill('Кабинет 214');
    await frame.getByRole('button', { name: 'Показать расписание' }).click();
    await frame.getByText('Выберите хотя бы одно').waitFor();
    expect(await frame.evaluate<string>('document.activeElement.name')).to.equal('weekdays');
    await frame.page().context().close();
  });

  it('a student books with two clicks and moves the booking with at most three', async () => {
    const series = await offer(2);
    const [first, second] = await slotsOf(series);
    const { frame, home } = await enter('103');
    await frame.goto(`${home}consultations`);
    const booking = new Hand();
    await booking.click(frame.locator(`a[href$="/slots/${first ?? ''}"]`).first());
    await booking.click(frame.getByRole('button', { name: 'Записаться' }));
    await frame.getByText('Вы записаны').waitFor();
    booking.tell('a student books');
    expect(booking.actions).to.equal(documented('a student books')).and.at.most(2);
    await frame.goto(`${home}consultations`);
    const moving = new Hand();
    await moving.click(frame.getByRole('link', { name: 'Перенести' }).first());
    const there = frame.locator(`form:has(input[value="${second ?? ''}"])`);
    await moving.click(there.getByRole('button'));
    await frame.getByText('Запись перенесена').waitFor();
    moving.tell('a student moves the booking');
    expect(moving.actions).to.equal(documented('a student moves the booking')).and.at.most(3);
    await frame.page().context().close();
  });

  it('dragging over free time fills the form of new times, and dragging a time moves it', async () => {
    const series = await offer(3, { start: '12:00', end: '13:00', title: 'Неделя' });
    const [slot = ''] = await slotsOf(series);
    const { frame, home } = await enter('11');
    await frame.goto(`${home}consultations/board?week=${day(testApp, 3)}`);
    const event = frame.locator('.ec-event').filter({ hasText: 'Неделя' }).first();
    await event.waitFor();
    // There must be room below it for the drag.
    await frame.evaluate("scrollTo({ top: 250, behavior: 'instant' })");
    const page = frame.page();
    const box = (await event.boundingBox())!;
    const at = { x: box.x + box.width / 2, y: box.y + 6 };
    // An hour is as high as the slot.
    await page.mouse.move(at.x, at.y);
    await page.mouse.down();
    await page.mouse.move(at.x, at.y + box.height / 2, { steps: 5 });
    await page.mouse.move(at.x, at.y + box.height * 2, { steps: 5 });
    await page.mouse.up();
    await frame.getByText('Консультация перенесена').waitFor();
    const row = await testApp.storage.connection
      .model('ConsultationSlot')
      .findById(slot)
      .lean<{ startsAt: Date }>();
    expect(row?.startsAt.toISOString().slice(11, 16)).to.equal('11:00');
    await event.scrollIntoViewIfNeeded();
    const now = (await event.boundingBox())!;
    await page.mouse.move(now.x + 10, now.y - 60);
    await page.mouse.down();
    await page.mouse.move(now.x + 10, now.y - 15, { steps: 6 });
    await page.mouse.up();
    expect(await frame.locator('#f-make-date').inputValue()).to.equal(day(testApp, 3));
    expect(await frame.locator('#f-make-start').inputValue()).to.match(/^\d\d:\d[05]$/);
    await picture(page, 'consultations-board-drag');
    await page.context().close();
  });

  it('every page stands in its window, wide and narrow, in both languages and colour schemes', async () => {
    const { consultations } = testApp.app.features;
    const required = {
      files: 'optional',
      question: 'optional',
      required: 'yes',
      title: 'Перед зачётом',
    } as const;
    const series = await offer(5, { ...required, limitTerm: 3 });
    const [slot = ''] = await slotsOf(series);
    const date = day(testApp, 30);
    const dates = await consultations.attestations.add(teacher, {
      kind: 'interim',
      title: 'Зачёт',
      on: date,
    });
    const found: string[] = [];
    for (const look of LOOKS) {
      for (const [person, paths] of [
        [
          '103',
          ['consultations', `consultations/slots/${slot}`, `calendar?view=day&date=${day(testApp, 2)}`],
        ],
        [
          '11',
          [
            ...['consultations', `consultations/board?week=${day(testApp, 3)}`, `consultations/${series}`],
            ...[
              `consultations/${series}/import`,
              `consultations/${series}/edit`,
              `consultations/slots/${slot}`,
            ],
            ...['consultations/new', `consultations/attestations/${dates.id}`, 'consultations/journal'],
            ...[`consultations/slots/${slot}/sheet`, `consultations/${series}/people`],
            `calendar?view=day&date=${day(testApp, 5)}`,
          ],
        ],
      ] as const) {
        const { frame, home } = await enter(person, look);
        const page = frame.page();
        for (const address of paths) {
          await frame.goto(`${home}${address}`);
          await frame.locator('main h1').first().waitFor();
          expect(await overflow(frame), `${look.name} ${address}`).to.be.at.most(0);
          found.push(
            ...(await violations(frame)).map((violation) => `${look.name} ${address}: ${violation}`),
          );
          const name = address.replace(/[0-9a-f]{24}/g, 'id').replace(/\W+/g, '-');
          await picture(
            frame.locator('body'),
            `consult-${person === '11' ? 'teacher' : 'student'}-${name}-${look.name}`,
          );
        }
        await page.context().close();
      }
    }
    expect(found).to.deep.equal([]);
  });

  it('the sheet to sign and the journal are printed without the head of the site', async () => {
    const [slot = ''] = await slotsOf(await offer(6));
    const { frame, home } = await enter('11');
    await frame.page().emulateMedia({ media: 'print' });
    for (const address of [`consultations/slots/${slot}/sheet`, 'consultations/journal']) {
      await frame.goto(`${home}${address}`);
      await frame.getByRole('heading', { level: 1 }).waitFor();
      expect(await frame.locator('header.site').isVisible(), address).to.equal(false);
    }
    await frame.page().context().close();
  });

  it('attendance of 25 students is marked with at most three clicks', async () => {
    const { consultations, membership } = testApp.app.features;
    const series = await offer(1, { start: '09:00', end: '10:00', title: 'Обзорная' });
    const [slot = ''] = await slotsOf(series);
    const students = (await membership.courses.members(teacher.courseId))
      .filter(({ role, leftAt }) => role === 'student' && leftAt === null)
      .map(({ personId }) => personId)
      .slice(0, 25);
    expect(students).to.have.length(25);
    await consultations.bookings.book(teacher, slot, '', String, { personIds: students });
    testApp.clock.advance(DAY + 16 * HOUR);
    const { frame, home } = await enter('11');
    await frame.goto(`${home}consultations`);
    const hand = new Hand();
    await hand.click(frame.getByRole('link', { name: 'Прошедшие' }));
    await hand.click(frame.locator(`a[href$="/slots/${slot}"]`).first());
    await hand.click(frame.getByRole('button', { name: 'Все присутствовали' }));
    await frame.getByText('Посещение сохранено').waitFor();
    hand.tell('mark attendance of 25 students');
    expect(hand.actions).to.equal(documented('mark attendance of 25 students')).and.at.most(3);
    const { entries } = (await testApp.storage.connection
      .collection('consultation_records')
      .findOne({ slotId: slot })) as unknown as { entries: { mark: string }[] };
    expect(entries.filter(({ mark }) => mark === 'attended')).to.have.length(25);
    await picture(frame.locator('body'), 'consult-teacher-attendance');
    await frame.page().context().close();
  });

  it('nothing was blocked or broken on the way', () => {
    expect([...new Set(complaints.all)].join('\n')).to.equal('');
  });
});
