import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { jwtVerify } from 'jose';
import { signedUrl } from '../../../src/features/video/bigbluebutton.js';
import { DAY, MINUTE } from '../../../src/shared/clock.js';
import { startAdminApp, type AdminTestApp, type AdminVisitor } from '../admin/support.js';
import { ask, book, expectDone, firstSlot, offer, type Answer } from '../consultations/fixtures.js';
import type { Visitor } from '../../support/test-app.js';

const SECRET = '639259d4-9dd8-4b25-bf01-95f9567eaf4b';

/** A local imitation of BigBlueButton: it checks the checksum over the query as it was sent. */
class BbbServer {
  readonly meetings = new Map<string, string>();
  readonly recordings = new Map<string, string>();
  readonly calls: string[] = [];
  #server: Server | undefined;

  async start(): Promise<string> {
    this.#server = createServer((req, res) => {
      const [path = '', query = ''] = (req.url ?? '').split('?');
      const call = path.slice('/bigbluebutton/api/'.length);
      const given = /(?:^|&)checksum=([0-9a-f]+)$/.exec(query)?.[1] ?? '';
      const signed = query.replace(/&?checksum=[0-9a-f]+$/, '');
      const expected = createHash('sha256').update(`${call}${signed}${SECRET}`).digest('hex');
      res.setHeader('content-type', 'text/xml');
      res.end(
        `<response>${given === expected ? this.answer(call, new URLSearchParams(signed)) : FAILED}</response>`,
      );
    });
    await new Promise<void>((resolve) => this.#server!.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/bigbluebutton/`;
  }

  private answer(call: string, query: URLSearchParams): string {
    this.calls.push(call);
    const id = query.get('meetingID') ?? '';
    if (call === 'create') this.meetings.set(id, query.get('name') ?? '');
    if (call === 'getRecordings') {
      return `<returncode>SUCCESS</returncode><recordings>${this.recordings.get(id) ?? ''}</recordings>`;
    }
    if (call === 'end' && !this.meetings.delete(id)) {
      return '<returncode>FAILED</returncode><messageKey>notFound</messageKey>';
    }
    return '<returncode>SUCCESS</returncode>';
  }

  stop(): void {
    this.#server?.closeAllConnections();
    this.#server?.close();
  }
}

const FAILED = '<returncode>FAILED</returncode><messageKey>checksumError</messageKey>';

describe('video calls', () => {
  let testApp: AdminTestApp;
  let admin: AdminVisitor;
  let teacher: Visitor;
  let ann: Visitor;
  let eve: Visitor;
  const bbb = new BbbServer();
  let bbbUrl: string;

  async function comeIn(): Promise<void> {
    teacher = await testApp.launch({ person: '11', course: '2' });
    ann = await testApp.launch({ person: '101', course: '2' });
    eve = await testApp.launch({ person: '103', course: '2' });
    // The administrator's session ends after a while as well.
    admin = await testApp.enter();
  }

  interface VideoPage {
    open: boolean;
    moderator: boolean;
    call: { url: string; password: string } | null;
  }
  const callOf = async (visitor: Visitor, slot: string): Promise<Answer & { page: VideoPage }> => {
    const answer = await ask(visitor, 'GET', `consultations/slots/${slot}/video`);
    return { ...answer, page: answer.data as unknown as VideoPage };
  };

  /** A slot at 15:00 of tomorrow that Ann has booked. */
  async function booked(changes: Readonly<Record<string, unknown>>): Promise<string> {
    const slot = await firstSlot(teacher, await offer(testApp, teacher, 1, changes));
    expectDone(await book(ann, slot));
    return slot;
  }

  /** Goes on until so many minutes before the slot begins. */
  async function wait(slot: string, minutesBefore: number): Promise<void> {
    const { startsAt } = (await ask(teacher, 'GET', `consultations/slots/${slot}`)).data.slot;
    const target = Date.parse(startsAt) - minutesBefore * MINUTE;
    testApp.clock.advance(target - testApp.clock.now().getTime());
    await comeIn();
  }

  const settings = (fields: Record<string, string>) =>
    admin.post('/admin/video', fields, { page: '/admin/video' });

  before(async () => {
    testApp = await startAdminApp();
    await testApp.make();
    await comeIn();
    bbbUrl = await bbb.start();
  });
  after(async () => {
    bbb.stop();
    await testApp.close();
  });
  beforeEach(async () => {
    // Slots of tests do not meet.
    testApp.clock.advance(DAY);
    await comeIn();
  });

  it('by the teacher’s own link open some minutes before for those who booked', async () => {
    const refused = await ask(teacher, 'POST', 'video', { url: 'javascript:alert(1)', password: '' });
    expect([refused.status, Object.keys(refused.data.fields)]).to.deep.equal([400, ['url']]);
    expect(
      (await ask(teacher, 'POST', 'video', { url: 'http://meet.example.org', password: '' })).status,
    ).to.equal(400);
    expectDone(
      await ask(teacher, 'POST', 'video', { url: 'https://telemost.example.org/j/1', password: '4711' }),
    );
    expect((await teacher.get('video')).body).to.contain('https://telemost.example.org/j/1');
    expect((await ann.get('video')).status).to.equal(403);

    const slot = await booked({ video: 'own', link: '', place: '' });
    await wait(slot, 11);
    expect((await callOf(ann, slot)).page).to.deep.include({ open: false, call: null });
    expect((await ann.get('consultations')).body).not.to.contain('telemost');
    // The teacher may go in early.
    expect((await callOf(teacher, slot)).page.call).to.deep.equal({
      url: 'https://telemost.example.org/j/1',
      password: '4711',
    });
    await wait(slot, 10);
    expect((await callOf(ann, slot)).page).to.deep.include({
      open: true,
      call: { url: 'https://telemost.example.org/j/1', password: '4711' },
    });
    const unbooked = await callOf(eve, slot);
    expect([unbooked.status, unbooked.data.code]).to.deep.equal([403, 'video-not-booked']);
    testApp.clock.advance(2 * 60 * MINUTE);
    expect((await callOf(ann, slot)).page.call).to.equal(null);
  });

  it('are refused where nothing is set up', async () => {
    const slot = await booked({ video: 'bbb' });
    const missing = await callOf(teacher, slot);
    expect([missing.status, missing.data.code]).to.deep.equal([409, 'video-missing']);
  });

  it('in Jitsi have a room that cannot be guessed and a token where the server wants one', async () => {
    expect((await settings({ version: '0', jitsiUrl: 'https://meet.example.org/x' })).url).to.contain(
      'videoSaved',
    );
    const slot = await booked({ video: 'jitsi' });
    await wait(slot, 5);
    const url = (await callOf(ann, slot)).page.call!.url;
    expect(url).to.match(/^https:\/\/meet\.example\.org\/[\w-]{32}$/);
    expect((await callOf(teacher, slot)).page.call!.url).to.equal(url);

    await settings({
      version: '1',
      jitsiUrl: 'https://meet.example.org',
      jitsiAppId: 'centre',
      jitsiSecret: 'тайна',
    });
    const signed = new URL((await callOf(ann, slot)).page.call!.url);
    const { payload } = await jwtVerify(
      signed.searchParams.get('jwt') ?? '',
      new TextEncoder().encode('тайна'),
      {
        issuer: 'centre',
        audience: 'centre',
        currentDate: testApp.clock.now(),
      },
    );
    expect(payload.room).to.equal(signed.pathname.slice(1).toLowerCase());
    expect(payload.context).to.have.nested.property('user.moderator', 'false');
  });

  it('in BigBlueButton are made once, joined as moderator or viewer, and ended, each with a checksum', async () => {
    const wrong = { version: '2', bbbUrl, bbbSecret: 'wrong' };
    await settings(wrong);
    expect((await admin.post('/admin/video/check', {}, { page: '/admin/video' })).text).to.contain(
      'checksumError',
    );
    await settings({ ...wrong, version: '3', bbbSecret: SECRET });
    expect((await admin.post('/admin/video/check', {}, { page: '/admin/video' })).text).to.contain(
      'секрет верный',
    );
    expect((await admin.get('/admin/video')).text).not.to.contain(SECRET);

    const slot = await booked({ video: 'bbb', title: 'Физика & химия' });
    await wait(slot, 5);
    const student = new URL((await callOf(ann, slot)).page.call!.url);
    const host = new URL((await callOf(teacher, slot)).page.call!.url);
    expect([...bbb.meetings.values()]).to.deep.equal(['Физика & химия']);
    expect(student.searchParams.get('role')).to.equal('VIEWER');
    expect(host.searchParams.get('role')).to.equal('MODERATOR');
    expect(host.searchParams.get('meetingID')).to.equal(student.searchParams.get('meetingID'));
    expect(await (await fetch(student)).text()).to.contain('SUCCESS');
    student.searchParams.set('role', 'MODERATOR');
    expect(await (await fetch(student)).text()).to.contain('checksumError');

    expect((await ask(ann, 'POST', `consultations/slots/${slot}/video/end`)).status).to.equal(403);
    expectDone(await ask(teacher, 'POST', `consultations/slots/${slot}/video/end`));
    expect(bbb.meetings.size).to.equal(0);
    expectDone(await ask(teacher, 'POST', `consultations/slots/${slot}/video/end`));
  });

  it('in BigBlueButton are looked back at by those who had booked, once their recordings are published', async () => {
    const slot = await booked({ video: 'bbb' });
    await wait(slot, 5);
    const id = new URL((await callOf(ann, slot)).page.call!.url).searchParams.get('meetingID') ?? '';
    const recording = (published: boolean, url: string): string =>
      `<recording><published>${published}</published><startTime>1795780000000</startTime><playback>` +
      `<format><type>presentation</type><url>${url}</url><length>42</length></format></playback></recording>`;
    const url = 'https://bbb.example.org/playback/presentation/2.3/1';
    bbb.recordings.set(
      id,
      [recording(true, url), recording(false, `${url}-draft`), recording(true, 'javascript:alert(1)')].join(
        '',
      ),
    );
    testApp.clock.advance(DAY);
    await comeIn();
    const page = await ann.get(`consultations/slots/${slot}/video`);
    expect(page.body).to.contain(`href="${url}"`).and.contain('42 мин');
    expect(page.body).not.to.contain('draft').and.not.to.contain('javascript:');
    expect((await ann.get('consultations')).body).to.contain('Записи встречи');
    expect((await eve.get(`consultations/slots/${slot}/video`)).status).to.equal(403);
  });

  it('say so when the server does not answer', async () => {
    await settings({ version: '4', bbbUrl: 'http://127.0.0.1:1/bigbluebutton/' });
    const slot = await booked({ video: 'bbb' });
    const failed = await callOf(teacher, slot);
    expect([failed.status, failed.data.code]).to.deep.equal([502, 'video-failed']);
  });

  it('keep secrets sealed', async () => {
    const stored = JSON.stringify(
      await testApp.storage.connection.collection('video_settings').find({}).toArray(),
    );
    expect(stored).not.to.contain(SECRET).and.not.to.contain('тайна');
  });

  it('are signed as the documentation’s example, but by SHA-256', () => {
    const server = { url: 'https://bbb.example.org/bigbluebutton/api/', secret: SECRET };
    const query = 'name=Test+Meeting&meetingID=abc123&attendeePW=111222&moderatorPW=333444';
    const parameters = {
      name: 'Test Meeting',
      meetingID: 'abc123',
      attendeePW: '111222',
      moderatorPW: '333444',
    };
    const checksum = createHash('sha256').update(`create${query}${SECRET}`).digest('hex');
    expect(signedUrl(server, 'create', parameters)).to.equal(
      `${server.url}create?${query}&checksum=${checksum}`,
    );
  });
});
