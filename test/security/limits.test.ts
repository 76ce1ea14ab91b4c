import { expect } from 'chai';
import { ManualClock, MINUTE, SECOND } from '../../src/shared/clock.js';
import { createBuckets } from '../../src/web/buckets.js';
import { comeAs } from '../features/consultations/fixtures.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

/** OWASP ASVS 4.0.3, 2.2.1, 11.1.4, 12.1.1, 13.2: how much is too much. */
describe('security: limits', () => {
  describe('buckets', () => {
    it('allow a burst, then a steady rate per minute', () => {
      const clock = new ManualClock('2026-11-23T10:00:00Z');
      const buckets = createBuckets({ burst: 3, perMinute: 6 }, clock);
      expect([1, 2, 3].map(() => buckets.take('a'))).to.deep.equal([null, null, null]);
      expect(buckets.take('a')).to.equal(10);
      expect(buckets.wait('a')).to.equal(10);
      expect(buckets.take('b'), 'another is another').to.equal(null);
      clock.advance(5 * SECOND);
      expect(buckets.take('a')).to.equal(5);
      clock.advance(5 * SECOND);
      expect(buckets.take('a')).to.equal(null);
      expect(buckets.take('a')).to.equal(10);
      clock.advance(60 * MINUTE);
      expect([1, 2, 3, 4].map(() => buckets.take('a'))).to.deep.equal([null, null, null, 10]);
    });

    it('lose nothing when the clock is put back', () => {
      const clock = new ManualClock('2026-11-23T10:00:00Z');
      const buckets = createBuckets({ burst: 3, perMinute: 6 }, clock);
      buckets.take('a');
      clock.advance(-60 * MINUTE);
      expect(buckets.wait('a')).to.equal(null);
      expect([1, 2, 3].map(() => buckets.take('a'))).to.deep.equal([null, null, 10]);
    });

    it('are limited in number', () => {
      const buckets = createBuckets({ burst: 3, perMinute: 6 }, new ManualClock('2026-11-23T10:00:00Z'), 100);
      for (let at = 0; at < 1_000; at += 1) buckets.take(`address ${at}`);
      expect(buckets.size).to.equal(100);
    });
  });

  describe('in the application', () => {
    let testApp: TestApp;
    beforeEach(async () => {
      testApp = await startTestApp({
        limits: { failures: { burst: 20, perMinute: 6 }, person: { burst: 15, perMinute: 60 } },
      });
    });
    afterEach(() => testApp.close());

    const times = async <T>(count: number, what: () => Promise<T>): Promise<T[]> => {
      const all: T[] = [];
      for (let at = 0; at < count; at += 1) all.push(await what());
      return all;
    };

    it('2.2.1: failures from one address end in 429 with Retry-After', async () => {
      const nobody = testApp.anonymous();
      // Names the LMS, in whose frame the answer is read.
      const failing = () => nobody.get(`/lti/login?iss=${encodeURIComponent(testApp.lms.origin)}`);
      const first = await times(20, failing);
      expect(first.map(({ status }) => status)).to.deep.equal(Array(20).fill(400));
      const refused = await failing();
      expect(refused.status).to.equal(429);
      expect(Number(refused.headers.get('retry-after'))).to.be.within(1, 10);
      expect(refused.body).to.contain('too-many-requests').and.to.contain('Слишком много запросов');
      expect(refused.headers.get('content-security-policy'), 'read inside the LMS').to.contain(
        testApp.lms.origin,
      );
      for (const path of ['/teachers', '/admin/login', '/lti/keys', '/handover?to=x']) {
        expect((await nobody.get(path)).status, path).to.equal(429);
      }
      testApp.clock.advance(11 * SECOND);
      expect((await nobody.get('/teachers')).status).to.equal(200);
    });

    it('2.2.1: a client cannot claim another address by a header', async () => {
      const failing = (path: string, at: number) =>
        fetch(`${testApp.origin}${path}`, {
          headers: {
            'x-forwarded-for': `203.0.113.${at}`,
            'x-real-ip': `203.0.113.${at}`,
            'cf-connecting-ip': `203.0.113.${at}`,
            forwarded: `for=203.0.113.${at}`,
          },
        });
      for (let at = 0; at < 20; at += 1) expect((await failing('/lti/login?iss=x', at)).status).to.equal(400);
      expect((await failing('/lti/login?iss=x', 21)).status).to.equal(429);
    });

    it('2.2.1: behind a proxy only the proxy’s header counts', async () => {
      const behind = await startTestApp({
        env: { TRUST_PROXY: '1' },
        limits: { failures: { burst: 5, perMinute: 6 }, person: { burst: 15, perMinute: 60 } },
      });
      try {
        // The proxy appends where it was asked from to whatever the visitor has made up.
        const asks = (made: string, from: string) =>
          fetch(`${behind.origin}/lti/login?iss=x`, { headers: { 'x-forwarded-for': `${made}, ${from}` } });
        for (let at = 0; at < 5; at += 1)
          expect((await asks(`10.0.0.${at}`, '203.0.113.7')).status).to.equal(400);
        expect((await asks('10.0.0.99', '203.0.113.7')).status).to.equal(429);
        expect((await asks('203.0.113.7', '203.0.113.8')).status, 'somebody else').to.equal(400);
      } finally {
        await behind.close();
      }
    });

    it('successful requests of a shared address are not counted', async () => {
      const students = await Promise.all(
        ['101', '103', '104', '105'].map((person) => testApp.launch({ person, course: '2' })),
      );
      for (const student of students) {
        const pages = await times(10, () => student.get(''));
        expect(pages.map(({ status }) => status)).to.deep.equal(Array(10).fill(200));
      }
      await times(30, () => testApp.anonymous().get('/lti/login?iss=x'));
      expect((await testApp.anonymous().get('/teachers')).status).to.equal(429);
      for (const student of students) expect((await student.get('')).status).to.equal(200);
    });

    it('11.1.4: all requests of a person count together in all browsers, apart from other people’s', async () => {
      const item = await testApp.launch({ person: '101', course: '2' });
      const again = await testApp.launch({ person: '101', course: '2' });
      const other = await testApp.launch({ person: '103', course: '2' });
      const statuses = (await times(10, () => item.get(''))).concat(await times(10, () => again.get('')));
      expect(statuses.map(({ status }) => status)).to.include(429);
      expect((await other.get('')).status).to.equal(200);
      const refused = await item.json('GET', '');
      expect(refused.status).to.equal(429);
      expect(refused.data).to.include({ code: 'too-many-requests' });
      expect(Number(refused.headers.get('retry-after'))).to.be.within(1, 2);
    });

    it('a teacher who views as a student uses the teacher’s limit', async () => {
      const student = await testApp.launch({ person: '101', course: '2' });
      const methodist = await comeAs(testApp, 'methodist', { person: '3', course: '2' });
      const choice = (await methodist.json('GET', 'view-as')).data as { students: { id: string }[] };
      expect((await methodist.json('POST', 'view-as', { person: choice.students[0]!.id })).status).to.equal(
        303,
      );
      const looked = await times(20, () => methodist.get(''));
      expect(looked.map(({ status }) => status)).to.include(429);
      expect((await student.get('')).status).to.equal(200);
    });

    it('failures of a signed-in person count for the person, not for the address', async () => {
      const student = await testApp.launch({ person: '101', course: '2' });
      for (let at = 0; at < 40; at += 1) {
        await student.get('no/such/page');
        testApp.clock.advance(SECOND);
      }
      expect((await testApp.anonymous().get('/teachers')).status).to.equal(200);
    });

    it('12.1.1: a body above 256 KiB, of a launch above 1 MiB, is 413 before it is parsed', async () => {
      const student = await testApp.launch({ person: '101', course: '2' });
      for (const [path, kibibytes] of [
        ['/lti/launch', 1_100],
        ['/lti/login', 300],
        ['/handover', 300],
        ['/admin/login', 300],
        [`/c/${student.key}/tests`, 300],
      ] as const) {
        const body = `a=${'x'.repeat(kibibytes * 1024)}`;
        const answer = await student.browser.request(`${testApp.origin}${path}`, {
          method: 'POST',
          body,
          from: testApp.origin,
        });
        expect(answer.status, path).to.equal(413);
      }
    });

    it('13.2.5: other media types are 415', async () => {
      const student = await testApp.launch({ person: '101', course: '2' });
      for (const path of ['/lti/launch', '/handover', '/admin/login', `/c/${student.key}/tests`]) {
        const answer = await student.browser.request(`${testApp.origin}${path}`, {
          method: 'POST',
          body: '<a/>',
          headers: { 'content-type': 'application/xml' },
          from: testApp.origin,
        });
        expect(answer.status, path).to.equal(415);
      }
    });
  });
});
