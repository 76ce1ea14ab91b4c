import { expect } from 'chai';
import { pino } from 'pino';
import { seedClosedDays } from '../../scripts/seed/closed-days.js';
import { seedDirectory } from '../../scripts/seed/directory.js';
import { seedOrganisation } from '../../scripts/seed/organisation.js';
import { HISTORY_DAYS, seedHistory } from '../../scripts/seed/history.js';
import { seedPeople } from '../../scripts/seed/index.js';
import { seedTimetable } from '../../scripts/seed/timetable.js';
import { buildApp, type App } from '../../src/app.js';
import { loadConfig } from '../../src/config.js';
import type { AskedQuestion } from '../../src/features/questions/question.js';
import { DAY, HOUR, ManualClock } from '../../src/shared/clock.js';
import { openStorage, type Storage } from '../../src/storage/index.js';

/** Evenings, nights, a weekend, and the holidays of January. */
const MOMENTS = [
  { now: '2026-11-28T00:10:00+03:00', held: 11 },
  { now: '2027-01-11T09:05:00+03:00', held: 5 },
];

describe('the two weeks before the demo', () => {
  for (const { now: at, held: least } of MOMENTS) {
    describe(`begun at ${at}`, () => {
      const now = new Date(at);
      const clock = new ManualClock(now);
      let storage: Storage;
      let app: App;
      const asked: AskedQuestion[] = [];

      before(async () => {
        storage = await openStorage({ url: 'file::memory:', clock });
        const config = loadConfig({ DATABASE_URL: 'file::memory:', LOG_LEVEL: 'silent' });
        app = buildApp({
          ...{ config, storage, clock, secret: 'a secret for tests, long enough' },
          log: pino({ level: 'silent' }),
        });
        await storage.ensureIndexes();
        const platform = { origin: 'https://lms.example.org', clientId: 'demo', deploymentId: '1' };
        const context = await seedPeople(app, platform, now);
        const { directory, schedule, timetable } = app.features;
        await seedDirectory(directory, context);
        await seedClosedDays(schedule, context);
        await seedOrganisation(directory, context);
        await seedTimetable(timetable, context);
        clock.set(new Date(now.getTime() - HISTORY_DAYS * DAY));
        await seedHistory(app, context, clock, now);
        for await (const question of app.features.questions.askedBetween(new Date(0), now))
          asked.push(question);
      });
      after(async () => {
        await app.lti.close();
        await storage.close();
      });

      it('has answers after hours of working time', () => {
        const times = asked.flatMap(({ answerTime }) => answerTime ?? []);
        expect(times).to.have.length.above(5);
        for (const time of times) expect(time).to.be.within(HOUR, 11 * HOUR);
        for (const { answeredAt } of asked) if (answeredAt) expect(answeredAt).to.be.below(now);
      });

      it('has overdue questions, passed on to the head of an association and to the deputies', async () => {
        const overdue = await storage.connection
          .model('Question')
          .find({ dueAt: { $lt: now } })
          .lean<{ escalation: number }[]>();
        expect(overdue.map(({ escalation }) => escalation)).to.have.members([1, 2]);
      });

      it('has consultations held by most teachers, and some whose attendance is still to be marked', async () => {
        const { reporting } = app.features.consultations;
        const from = new Date(now.getTime() - (HISTORY_DAYS + 1) * DAY);
        const teachers = new Set<string>();
        let unmarked = 0;
        for await (const { teacherId, state, booked, endsAt } of reporting.slotsBetween(from, now)) {
          expect(endsAt).to.be.below(now);
          if (state === 'held') teachers.add(teacherId);
          if (state === 'planned' && booked > 0) unmarked += 1;
        }
        expect(teachers.size).to.be.at.least(least);
        expect(unmarked).to.be.above(0);
      });

      it('has a substitution in the timetable of this week and of the next', async () => {
        const classes = await storage.connection
          .model('TimetableClass')
          .find({ 'substitution.id': { $exists: true } })
          .lean<{ startsAt: Date }[]>();
        expect(classes).to.have.length(2);
        for (const { startsAt } of classes)
          expect(Math.abs(startsAt.getTime() - now.getTime())).to.be.below(14 * DAY);
      });
    });
  }
});
