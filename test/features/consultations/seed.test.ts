import { expect } from 'chai';
import { centre } from '../../../scripts/demo-lms/centre.js';
import { seedConsultations } from '../../../scripts/seed/consultations.js';
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

  for (const weekday of [0, 3, 5]) {
    it(`is full of consultations and bookings, begun ${weekday} days from today`, async () => {
      testApp = await startTestApp();
      testApp.clock.advance(weekday * DAY);
      const context = await contextOf();
      const { consultations } = testApp.app.features;
      await seedConsultations(consultations, context);
      await seedConsultations(consultations, context);
      for (const [course, least] of [
        ['2', 4],
        ['3', 4],
      ] as const) {
        const series = await consultations.series.active(context.courses.get(course)!);
        expect(series).to.have.length(least);
        expect(series.flatMap(({ leftOut }) => leftOut)).to.be.empty;
      }
      const bookings = await testApp.storage.connection
        .model('ConsultationBooking')
        .countDocuments({ state: 'booked' });
      expect(bookings).to.be.within(19, 22);
      const student = await testApp.launch({ person: '133', course: '3' });
      expect((await ask(student, 'GET', 'consultations')).data.upcoming).to.have.length.above(1);
    });
  }
});
