import { expect } from 'chai';
import { createServer, type Server } from 'node:http';
import { RosterError } from '../../src/lti/index.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { listening } from '../support/listening.js';

interface Answer {
  readonly body: string;
  readonly link?: string;
  readonly status?: number;
}

/** A platform's member lists as they may come, over HTTP, with tokens of the demo LMS. */
describe('memberships', () => {
  let testApp: TestApp;
  let server: Server;
  let origin: string;
  let answers: Record<string, Answer>;
  let asked: { url: string; accept: string; authorization: string }[];

  before(async () => {
    testApp = await startTestApp();
    server = createServer((req, res) => {
      const { accept = '', authorization = '' } = req.headers;
      asked.push({ url: req.url ?? '', accept, authorization });
      const answer = answers[req.url ?? ''] ?? { status: 404, body: 'no such page' };
      res.writeHead(answer.status ?? 200, answer.link === undefined ? {} : { link: answer.link });
      res.end(answer.body);
    });
    // Longer than parsing the longest list takes, so that the connection can be used again.
    server.keepAliveTimeout = 60_000;
    origin = await listening(server);
  });
  after(async () => {
    await testApp.close();
    await new Promise((resolve) => server.close(resolve));
  });
  beforeEach(() => {
    answers = {};
    asked = [];
  });

  const page = (...ids: unknown[]): string =>
    JSON.stringify({ id: 'x', members: ids.map((id) => ({ user_id: id, roles: ['Learner'] })) });
  const read = (path = '/m') => testApp.app.lti.memberships.members(testApp.registration, `${origin}${path}`);
  const ids = async (path?: string): Promise<string[]> =>
    (await read(path)).members.map(({ userId }) => userId);
  async function failure(path?: string): Promise<RosterError> {
    try {
      await read(path);
    } catch (error) {
      expect(error).to.be.instanceOf(RosterError);
      return error as RosterError;
    }
    throw new Error('expected an error');
  }

  it('are requested by their media type, with a token', async () => {
    answers['/m'] = { body: page('1') };
    expect(await ids()).to.deep.equal(['1']);
    expect(asked[0]?.accept).to.equal('application/vnd.ims.lti-nrps.v2.membershipcontainer+json');
    expect(asked[0]?.authorization).to.match(/^Bearer \S+$/);
  });

  it('are read page by page for all forms of page addresses', async () => {
    answers['/m?a=1'] = { body: page('1', '2'), link: `<${origin}/m?page=2>; rel="next"` };
    answers['/m?page=2'] = {
      body: page('3'),
      link: `<${origin}/m?a=1>; rel="prev", </m?page=3>; title="x"; rel=next`,
    };
    answers['/m?page=3'] = { body: page('3', '4'), link: `<${origin}/d?since=1>; rel="differences"` };
    expect(await ids('/m?a=1')).to.deep.equal(['1', '2', '3', '4']);
  });

  it('go on where the next page is one of two relations', async () => {
    const odd = ['joined-relations', 'small-pages'] as const;
    for (const oddity of odd) testApp.lms.control.setOddity(oddity);
    try {
      const url = `${testApp.lms.origin}/mod/lti/services.php/CourseSection/2/bindings/${testApp.lms.control.tools()[0]!.id}/memberships`;
      const list = await testApp.app.lti.memberships.members(testApp.registration, url);
      expect(list.complete).to.equal(true);
      expect(list.members).to.have.length(testApp.lms.control.membersOf('2').length);
    } finally {
      for (const oddity of odd) testApp.lms.control.setOddity(oddity, false);
    }
  });

  it('are incomplete when the header cannot be read, or a member cannot', async () => {
    answers['/m'] = { body: page('1'), link: `<${origin}/n; rel="next"` };
    expect(await read()).to.include({ complete: false });
    answers['/m'] = {
      body: JSON.stringify({ id: 'x', members: [{ user_id: '1', roles: [] }, { roles: [] }] }),
    };
    expect((await read()).members).to.have.length(1);
    expect(await read()).to.include({ complete: false });
  });

  it('are incomplete when pages lead in a circle or to another origin, which gets no token', async () => {
    answers['/m'] = { body: page('1'), link: `<${origin}/n>; rel="next"` };
    answers['/n'] = { body: page('2'), link: `<${origin}/m>; rel="next"` };
    expect(await ids()).to.deep.equal(['1', '2']);
    expect((await read()).complete).to.equal(false);
    asked = [];
    for (const elsewhere of [`http://localhost:${new URL(origin).port}/n`, 'http://', 'javascript:1']) {
      answers['/m'] = { body: page('1'), link: `<${elsewhere}>; rel="next"` };
      const { members, complete } = await read();
      expect(members.map(({ userId }) => userId)).to.deep.equal(['1']);
      expect(complete, elsewhere).to.equal(false);
    }
    expect(asked).to.have.length(3);
  });

  it('are refused above 200 pages and above 50,000 members', async () => {
    for (let at = 0; at < 210; at += 1) {
      answers[`/m?from=${at}`] = { body: page(`${at}`), link: `</m?from=${at + 1}>; rel="next"` };
    }
    expect(await failure('/m?from=0')).to.include({ retryable: false, message: 'more than 200 pages' });
    answers['/m'] = { body: page('x'.repeat(9 * 1024 * 1024)) };
    expect((await failure()).message).to.contain('more than');
    answers['/m'] = { body: page(...Array.from({ length: 50_001 }, (_, at) => at)) };
    expect(await failure()).to.include({ retryable: false, message: 'more than 50000 members' });
  });

  it('are paged by links with typographic quotes and &amp;', async () => {
    answers['/m'] = {
      body: page('1'),
      link: Buffer.from(`<${origin}/m?limit=1&amp;from=1>; rel=“next”`, 'utf8').toString('latin1'),
    };
    answers['/m?limit=1&from=1'] = { body: page('2'), link: `<${origin}/m>; rel='prev'` };
    expect(await ids()).to.deep.equal(['1', '2']);
  });

  it('merge two entries of a person: active if either is, with the roles and groups of both', async () => {
    const twice = [
      {
        user_id: '1',
        status: 'ACTIVE',
        roles: ['Learner'],
        name: 'Анна',
        group_enrollments: [{ group_id: 7 }],
      },
      { user_id: 1, status: 'Deleted', roles: ['Instructor'], group_enrollments: [{ group_id: '8' }] },
    ];
    for (const members of [twice, [...twice].reverse()]) {
      answers['/m'] = { body: JSON.stringify({ members }) };
      const [member, ...rest] = (await read()).members;
      expect(rest).to.deep.equal([]);
      expect(member).to.nested.include({ active: true, 'name.surname': 'Анна' });
      expect(member?.roles.map((role) => role.split('#')[1])).to.have.members(['Learner', 'Instructor']);
      expect(member?.groups).to.have.members(['7', '8']);
    }
  });

  it('read Inactive and Deleted in any case, and leave unreadable roles out', async () => {
    const status = [
      'inactive',
      'INACTIVE',
      'deleted',
      ' Deleted ',
      'lis:Inactive',
      'active',
      'Pending',
      '',
      null,
      5,
    ];
    const roles = [
      null,
      undefined,
      [],
      'Learner',
      ['Learner', 5, null, '', {}],
      { a: 1 },
      [['Learner']],
      7,
      '',
      [],
    ];
    answers['/m'] = {
      body: JSON.stringify({
        members: status.map((item, at) => ({ user_id: at, status: item, roles: roles[at] })),
      }),
    };
    const { members } = await read();
    expect(members.map(({ active }) => active)).to.deep.equal(status.map((_, at) => at > 4));
    expect(members.map((member) => member.roles.length)).to.deep.equal([0, 0, 0, 1, 1, 0, 0, 0, 0, 0]);
  });

  it('are requested with groups first, and without after a refusal', async () => {
    const wish = { resourceLinkId: 'a b', groups: true };
    const members = [
      {
        user_id: '1',
        group_enrollments: [{ group_id: 'x' }, { group_id: 'x' }, {}, 'y', { group_id: null }],
      },
      { user_id: '2', group_enrollments: [] },
      { user_id: '3', group_enrollments: 'x' },
      { user_id: '4' },
    ];
    answers['/m?groups=true'] = { body: JSON.stringify({ members }) };
    const list = await testApp.app.lti.memberships.members(testApp.registration, `${origin}/m`, wish);
    expect(list.members.map(({ groups }) => groups)).to.deep.equal([['x'], [], null, null]);
    expect(list).to.include({ complete: true, ofLink: false });
    answers = { '/m': { body: page('1') } };
    expect(
      (await testApp.app.lti.memberships.members(testApp.registration, `${origin}/m`, wish)).members,
    ).to.have.length(1);
    const ways = ['/m?groups=true&rlid=a+b', '/m?groups=true', '/m'];
    expect(asked.map(({ url }) => url)).to.deep.equal([...ways.slice(0, 2), ...ways]);
  });

  it('accept numbers as ids, unreadable members, names with entities, and short roles', async () => {
    answers['/m'] = {
      body: JSON.stringify({
        members: [
          { user_id: 7, status: 'Inactive', roles: ['Instructor', 'http://example.org/r'], email: null },
          { roles: [] },
          'nonsense',
          { user_id: '8', given_name: 'Пётр &amp; Ко', family_name: 'О&#039;Нил', roles: 'Learner' },
        ],
      }),
    };
    const [seven, eight, ...rest] = (await read()).members;
    expect(rest).to.deep.equal([]);
    expect(seven).to.deep.equal({
      userId: '7',
      active: false,
      roles: ['http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor', 'http://example.org/r'],
      name: { surname: '', givenName: '', patronymic: '' },
      email: '',
      groups: null,
    });
    expect(eight?.name).to.deep.equal({ surname: "О'Нил", givenName: 'Пётр & Ко', patronymic: '' });
    expect(eight?.roles).to.deep.equal(['http://purl.imsglobal.org/vocab/lis/v2/membership#Learner']);
    expect(eight?.active, 'who says nothing of it is').to.equal(true);
  });

  it('fail with the platform’s message, and say whether a retry may help', async () => {
    answers['/m'] = { status: 503, body: '{"message":"Перерыв"}' };
    expect(await failure()).to.include({ retryable: true, message: '503 Перерыв' });
    answers['/m'] = { status: 403, body: 'no' };
    expect(await failure()).to.include({ retryable: false, message: '403 no' });
    answers['/m'] = { body: '<html>' };
    expect(await failure()).to.include({ retryable: true });
    answers['/m'] = { body: '{}' };
    expect(await failure()).to.include({ retryable: false });
  });
});
