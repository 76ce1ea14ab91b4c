import { expect } from 'chai';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { RosterError } from '../../src/lti/index.js';
import { startHouse, type House } from '../support/house.js';

interface Answer {
  readonly body: string;
  readonly link?: string;
  readonly status?: number;
}

/** A platform's member lists as they may come, over HTTP, with tokens of the demo LMS. */
describe('member lists', () => {
  let house: House;
  let server: Server;
  let origin: string;
  let answers: Record<string, Answer>;
  let asked: { url: string; accept: string; authorization: string }[];

  before(async () => {
    house = await startHouse();
    server = createServer((req, res) => {
      const { accept = '', authorization = '' } = req.headers;
      asked.push({ url: req.url ?? '', accept, authorization });
      const answer = answers[req.url ?? ''] ?? { status: 404, body: 'no such page' };
      res.writeHead(answer.status ?? 200, answer.link === undefined ? {} : { link: answer.link });
      res.end(answer.body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(async () => {
    await house.close();
    await new Promise((resolve) => server.close(resolve));
  });
  beforeEach(() => {
    answers = {};
    asked = [];
  });

  const page = (...ids: unknown[]): string =>
    JSON.stringify({ id: 'x', members: ids.map((id) => ({ user_id: id, roles: ['Learner'] })) });
  const read = (path = '/m') => house.app.lti.nrps.members(house.registration, `${origin}${path}`);
  const ids = async (path?: string): Promise<string[]> => (await read(path)).map(({ userId }) => userId);
  async function failure(path?: string): Promise<RosterError> {
    try {
      await read(path);
    } catch (error) {
      expect(error).to.be.instanceOf(RosterError);
      return error as RosterError;
    }
    throw new Error('expected an error');
  }

  it('are asked for by their media type, with a token', async () => {
    answers['/m'] = { body: page('1') };
    expect(await ids()).to.deep.equal(['1']);
    expect(asked[0]?.accept).to.equal('application/vnd.ims.lti-nrps.v2.membershipcontainer+json');
    expect(asked[0]?.authorization).to.match(/^Bearer \S+$/);
  });

  it('are read page after page, whatever the pages’ addresses look like', async () => {
    answers['/m?a=1'] = { body: page('1', '2'), link: `<${origin}/m?page=2>; rel="next"` };
    answers['/m?page=2'] = {
      body: page('3'),
      link: `<${origin}/m?a=1>; rel="prev", </m?page=3>; title="x"; rel=next`,
    };
    answers['/m?page=3'] = { body: page('3', '4'), link: `<${origin}/d?since=1>; rel="differences"` };
    expect(await ids('/m?a=1')).to.deep.equal(['1', '2', '3', '4']);
  });

  it('that lead in a circle come to an end; those that lead elsewhere get no token', async () => {
    answers['/m'] = { body: page('1'), link: `<${origin}/n>; rel="next"` };
    answers['/n'] = { body: page('2'), link: `<${origin}/m>; rel="next"` };
    expect(await ids()).to.deep.equal(['1', '2']);
    asked = [];
    answers['/m'] = { body: page('1'), link: `<http://localhost:${new URL(origin).port}/n>; rel="next"` };
    expect(await ids()).to.deep.equal(['1']);
    expect(asked).to.have.length(1);
  });

  it('are read leniently: numbers as ids, members that are none, names with entities, short roles', async () => {
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
    const [seven, eight, ...rest] = await read();
    expect(rest).to.deep.equal([]);
    expect(seven).to.deep.equal({
      userId: '7',
      active: false,
      roles: ['http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor', 'http://example.org/r'],
      name: { surname: '', givenName: '', patronymic: '' },
      email: '',
    });
    expect(eight?.name).to.deep.equal({ surname: "О'Нил", givenName: 'Пётр & Ко', patronymic: '' });
    expect(eight?.roles).to.deep.equal([]);
    expect(eight?.active, 'who says nothing of it is').to.equal(true);
  });

  it('that cannot be had say why, and whether waiting helps', async () => {
    answers['/m'] = { status: 503, body: '{"message":"Перерыв"}' };
    expect(await failure()).to.include({ heals: true, message: '503 Перерыв' });
    answers['/m'] = { status: 403, body: 'no' };
    expect(await failure()).to.include({ heals: false, message: '403 no' });
    answers['/m'] = { body: '<html>' };
    expect(await failure()).to.include({ heals: true });
    answers['/m'] = { body: '{}' };
    expect(await failure()).to.include({ heals: false });
  });
});
