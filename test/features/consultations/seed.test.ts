import { expect } from 'chai';
import { centre } from '../../../scripts/demo-lms/centre.js';
import { seedClosedDays } from '../../../scripts/seed/closed-days.js';
import { seedConsultations } from '../../../scripts/seed/consultations.js';
import { seedHeld } from '../../../scripts/seed/held.js';
import type { SeedContext } from '../../../scripts/seed/context.js';
import { DAY } from '../../../src/shared/clock.js';
import type { Role } from '../../../src/shared/roles.js';
import { startTestApp, type TestApp } from '../../support/test-app.js';
import { ask } from './fixtures.js';

describe('consultations: the seeded week', () => {
  let testApp: TestApp;
  afterEach(() => testApp.close());

  async function contextOf(): Promise<SeedContext> {
    const { people, courses } = testApp.app.features.membership;
    const { id: registrationId, deployments } = testApp.registration;
    const deploymentId = deployments[0]!;
    const name = { surname: '', givenName: '', patronymic: '' };
    const ids = new Map<string, string>();
    for (const { id: sub } of [...centre.teachers, ...centre.students]) {
      ids.set(sub, (await people.upsertFromLaunch({ registrationId, sub, name, email: '' })).id);
    }
    const met = new Map<string, string>();
    for (const { id: contextId, title } of centre.courses) {
      met.set(contextId, (await courses.upsert({ registrationId, deploymentId, contextId, title })).id);
    }
    return {
      now: testApp.clock.now(),
      registrationId,
      people: ids,
      courses: met,
      actor: (person, course) => ({
        personId: ids.get(person)!,
        registrationId,
        courseId: met.get(course)!,
        courseKey: '',
        courseTitle: '',
        role: (Number(person) > 100 ? 'student' : 'teacher') satisfies Role,
        name,
      }),
    };
  }

  it('is in the middle of a term: past consultations have attendance, notes and rooms', async () => {
    testApp = await startTestApp();
    const context = await contextOf();
    const begun = testApp.clock.now().getTime();
    const now = new Date(begun + 21 * DAY);
    const goTo = (moment: Date): void =>
      testApp.clock.advance(moment.getTime() - testApp.clock.now().getTime());
    await seedHeld(testApp.app.features, context, { now, goTo });
    await seedHeld(testApp.app.features, context, { now, goTo });
    const teacher = await testApp.launch({ person: '11', course: '2' });
    const past = await teacher.get('consultations?when=past');
    expect(past.body).to.contain('Проведена').and.to.contain('Не отмечено');
    expect((await teacher.get('consultations/journal')).body).to.contain('Присутствовал(а)');
    const student = await testApp.launch({ person: '101', course: '2' });
    const own = await ask(student, 'GET', 'consultations');
    expect(own.data.past.filter(({ attendance }) => attendance)).to.have.length.above(2);
    expect(own.data.upcoming).not.to.be.empty;
    expect(own.data.upcoming[0]!.place).to.contain('Корпус А');
  });

  it('is there in the holidays of New Year too, as soon as they are over', async () => {
    testApp = await startTestApp();
    const { clock } = testApp;
    const newYear = Date.UTC(clock.now().getUTCFullYear() + 1, 0, 1);
    clock.advance(newYear - clock.now().getTime());
    const context = await contextOf();
    const { consultations, schedule } = testApp.app.features;
    await seedClosedDays(schedule, context);
    await seedConsultations(consultations, context, schedule.closedDays);
    for (const course of ['2', '3']) {
      expect(await consultations.series.active(context.courses.get(course)!)).to.have.length(4);
    }
    const next = await consultations.nextFreeOf([context.people.get('11')!], 100);
    expect(next[0]!.startsAt.getTime()).to.be.above(newYear + 7 * DAY);
  });

  for (const weekday of [0, 3, 5]) {
    it(`is full of consultations and bookings, begun ${weekday} days from today`, async () => {
      testApp = await startTestApp();
      testApp.clock.advance(weekday * DAY);
      const context = await contextOf();
      const { consultations, schedule } = testApp.app.features;
      await seedConsultations(consultations, context, schedule.closedDays);
      await seedConsultations(consultations, context, schedule.closedDays);
      for (const [course, least] of [
        ['2', 4],
        ['3', 4],
      ] as const) {
        const series = await consultations.series.active(context.courses.get(course)!);
        expect(series).to.have.length(least);
        expect(series.flatMap(({ leftOut }) => leftOut)).to.be.empty;
      }
      for (const [teacher, course, title] of [
        ['11', '2', 'Зачёт по теме «Квадратные уравнения»'],
        ['17', '3', 'Итоговая аттестация по истории'],
      ] as const) {
        const due = await consultations.participation.obligations(context.actor(teacher, course));
        expect(due.map((obligation) => obligation.title)).to.include(title);
      }
      const physics = await testApp.launch({ person: '13', course: '2' });
      const waited = await testApp.storage.connection
        .model('ConsultationBooking')
        .find({ state: 'waiting' })
        .sort({ bookedAt: 1 })
        .lean<{ slotId: string; tellOnly: boolean }[]>();
      // Two in line for a seat, and one who only wants word of one.
      expect(waited.map(({ tellOnly }) => tellOnly)).to.deep.equal([false, false, true]);
      const full = await physics.get(`consultations/slots/${waited[0]!.slotId}`);
      expect(full.body).to.include('Лист ожидания');
      const bookings = await testApp.storage.connection
        .model('ConsultationBooking')
        .countDocuments({ state: 'booked' });
      expect(bookings).to.be.within(19, 22);
      const student = await testApp.launch({ person: '133', course: '3' });
      expect((await ask(student, 'GET', 'consultations')).data.upcoming).to.have.length.above(1);
    });
  }
});
