import { expect } from 'chai';
import { createServer, type Server } from 'node:http';
import { groupIdsIn, RosterError } from '../../src/lti/index.js';
import { launchLink } from '../support/lms.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { ALL_SCOPES, SCOPE } from '../../scripts/demo-lms/index.js';
import { listening } from '../support/listening.js';

interface Answer {
  readonly body: unknown;
  readonly link?: string;
  readonly status?: number;
}

const SERVICE = 'https://purl.imsglobal.org/spec/lti-gs/claim/groupsservice';

/** A platform's groups as they may come, over HTTP, with tokens of the demo LMS. */
describe('groups of a context', () => {
  let testApp: TestApp;
  let server: Server;
  let origin: string;
  let answers: Record<string, Answer>;
  let asked: { url: string; accept: string }[];

  before(async () => {
    testApp = await startTestApp();
    testApp.lms.control.changeTool(testApp.lms.control.tools()[0]!.id, {
      scopes: [...ALL_SCOPES, SCOPE.groups],
    });
    server = createServer((req, res) => {
      asked.push({ url: req.url ?? '', accept: req.headers.accept ?? '' });
      const answer = answers[req.url ?? ''] ?? { status: 404, body: 'no such page' };
      res.writeHead(answer.status ?? 200, answer.link === undefined ? {} : { link: answer.link });
      res.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body));
    });
    origin = await listening(server);
  });
  after(async () => {
    await testApp.close();
    await new Promise((resolve) => server.close(resolve));
  });
  beforeEach(() => {
    answers = { '/g': { body: { groups: [] } }, '/s': { body: { sets: [] } } };
    asked = [];
  });

  const read = (sets = '/s') =>
    testApp.app.lti.courseGroups.groups(testApp.registration, {
      groupsUrl: `${origin}/g`,
      setsUrl: sets === '' ? '' : `${origin}${sets}`,
    });
  async function failure(): Promise<RosterError> {
    try {
      await read();
    } catch (error) {
      expect(error).to.be.instanceOf(RosterError);
      return error as RosterError;
    }
    throw new Error('expected an error');
  }

  it('are requested by their media types, sets only if the launch names them', async () => {
    await read('');
    await read();
    expect(asked).to.deep.equal([
      { url: '/g', accept: 'application/vnd.ims.lti-gs.v1.contextgroupcontainer+json' },
      { url: '/s', accept: 'application/vnd.ims.lti-gs.v1.contextgroupsetcontainer+json' },
      { url: '/g', accept: 'application/vnd.ims.lti-gs.v1.contextgroupcontainer+json' },
    ]);
  });

  it('are read page by page with the names of their sets, by one set id or several', async () => {
    answers['/s'] = { body: { sets: [{ id: 1, name: 'Классы' }] }, link: '</s2>; rel="next"' };
    answers['/s2'] = { body: { sets: [{ id: '2', name: 'Кружки' }] } };
    answers['/g'] = { body: { groups: [{ id: 1, name: 'А', set_id: '1' }] }, link: '</g?p=2>; rel="next"' };
    answers['/g?p=2'] = {
      body: {
        groups: [
          { id: '2', name: 'Б', set_ids: ['9', 2] },
          { id: '3', name: 'В', set_id: '7' },
        ],
      },
    };
    expect(await read()).to.deep.equal([
      { id: '1', name: 'А', set: 'Классы' },
      { id: '2', name: 'Б', set: 'Кружки' },
      { id: '3', name: 'В', set: '' },
    ]);
  });

  it('accept missing names, duplicates and unknown members; unreadable and hidden groups are left out', async () => {
    answers['/s'] = { status: 500, body: 'down' };
    answers['/g'] = {
      body: {
        id: 'x',
        groups: [
          null,
          'nonsense',
          { name: 'no id' },
          { id: {}, name: 'y' },
          { id: '', name: 'z' },
          { id: 'x'.repeat(300), name: 'z' },
          { id: '1', name: null, tag: 'x', set_id: {}, set_ids: 'x', __proto__: { id: 'p' } },
          { id: ' 2 ', name: ' А &amp;\n\u0007Б ', hidden: 'yes' },
          { id: '3', name: 'Скрытая', hidden: true },
          { id: '4', name: 'я'.repeat(10_000) },
          { id: '1', name: 'Снова' },
        ],
      },
    };
    const groups = await read();
    expect(groups.map(({ id, set }) => [id, set])).to.deep.equal([
      ['1', ''],
      ['2', ''],
      ['4', ''],
    ]);
    expect(groups.map(({ name }) => name.length)).to.deep.equal([5, 5, 200]);
    expect(groups[1]?.name).to.equal('А & Б');
  });

  it('fail with the platform’s message when incomplete, and say whether a retry may help', async () => {
    answers['/g'] = { status: 503, body: 'Перерыв' };
    expect(await failure()).to.include({ retryable: true, message: '503 Перерыв' });
    for (const body of ['<html>', {}, { groups: {} }, [], null, 5]) {
      answers['/g'] = { body };
      await failure();
    }
    answers['/g'] = { body: { groups: [{ id: '1' }] }, link: '</g>; rel="next"' };
    expect(await failure()).to.include({ retryable: false });
    answers['/g'] = { body: { groups: [{ id: '1' }] }, link: '<https://elsewhere.example/g>; rel="next"' };
    expect(await failure()).to.include({ retryable: false });
    answers['/g'] = { body: { groups: Array.from({ length: 2_001 }, (_, id) => ({ id, name: 'x' })) } };
    expect(await failure()).to.include({ retryable: false, message: 'more than 2000 groups' });
  });

  it('are ignored when the launch’s claim is unreadable; the launch is accepted', async () => {
    for (const offer of [
      null,
      5,
      'x',
      [],
      {},
      { context_groups_url: 'no address' },
      { context_groups_url: {} },
    ]) {
      const { response } = await launchLink(testApp.lms, {
        person: '101',
        course: '2',
        forge: ({ claims }) => ({ ...claims, [SERVICE]: offer }),
      });
      expect(response.status, JSON.stringify(offer)).to.equal(200);
    }
  });

  it('of a person are read from the custom parameter groups', () => {
    const of = (value?: string) => groupIdsIn(value);
    expect(of()).to.equal(null);
    expect(of('$Moodle.Person.userGroupIds')).to.equal(null);
    expect(of('$Canvas.group.contextIds')).to.equal(null);
    expect(of('')).to.deep.equal([]);
    expect(of('12')).to.deep.equal(['12']);
    expect(of(' b, a,,b ,')).to.deep.equal(['a', 'b']);
  });
});
