import { expect } from 'chai';
import { createServer, type Server } from 'node:http';
import { LineItemError } from '../../src/lti/index.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { listening } from '../support/listening.js';

const SCOPE = 'https://purl.imsglobal.org/spec/lti-ags/scope';
const ITEM = 'application/vnd.ims.lis.v2.lineitem+json';
const ITEMS = 'application/vnd.ims.lis.v2.lineitemcontainer+json';

interface Answer {
  readonly body?: string;
  readonly link?: string;
  readonly status?: number;
  readonly retryAfter?: string;
}
interface Asked {
  readonly method: string;
  readonly url: string;
  readonly accept: string;
  readonly type: string;
  readonly body: string;
}

/** A platform's line items as they may come, over HTTP, with tokens of the demo LMS. */
describe('line items', () => {
  let testApp: TestApp;
  let server: Server;
  let origin: string;
  let answers: Record<string, Answer>;
  let asked: Asked[];

  before(async () => {
    testApp = await startTestApp();
    server = createServer((req, res) => {
      void (async () => {
        const chunks: Buffer[] = [];
        for await (const chunk of req) chunks.push(chunk as Buffer);
        const { method = '', url = '', headers } = req;
        const { accept = '', 'content-type': type = '' } = headers;
        asked.push({ method, url, accept, type, body: Buffer.concat(chunks).toString('utf8') });
        const answer = answers[`${method} ${url}`] ?? { status: 404, body: 'no such page' };
        const link = answer.link && { link: Buffer.from(answer.link, 'utf8').toString('latin1') };
        const wait = answer.retryAfter && { 'retry-after': answer.retryAfter };
        res.writeHead(answer.status ?? 200, { ...link, ...wait });
        res.end(answer.body);
      })();
    });
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

  const access = (scopes: readonly string[] | null = null) => ({
    registration: testApp.registration,
    scopes,
  });
  const item = (id: string, more: object = {}) => ({
    id: `${origin}/${id}`,
    label: id,
    scoreMaximum: 1,
    ...more,
  });
  const list = (...items: unknown[]): string => JSON.stringify(items);
  const service = () => testApp.app.lti.lineItems;
  const find = (path = '/c?type_id=1', filter = {}, scopes: readonly string[] | null = null) =>
    service().find(access(scopes), `${origin}${path}`, filter);
  const labels = async (...args: Parameters<typeof find>): Promise<string[]> =>
    (await find(...args)).map(({ label }) => label);
  const NEW = {
    label: 'Пределы',
    scoreMaximum: 5,
    resourceId: 'test-1',
    tag: 'test',
    resourceLinkId: '7',
    review: { nastavnik_id: '1' },
  };
  const create = (scopes: readonly string[] | null = null) =>
    service().create(access(scopes), `${origin}/c?type_id=1`, NEW);

  async function failure(work: Promise<unknown>): Promise<LineItemError> {
    try {
      await work;
    } catch (error) {
      expect(error).to.be.instanceOf(LineItemError);
      return error as LineItemError;
    }
    throw new Error('expected an error');
  }

  it('are requested by their exact media type and with the given filters; the query of the address stays', async () => {
    answers['GET /c?type_id=1&resource_link_id=a%26b&resource_id=r&tag=t'] = {
      body: list(item('x', { resourceLinkId: 'a&b', resourceId: 'r', tag: 't' })),
    };
    expect(await labels(undefined, { resourceLinkId: 'a&b', resourceId: 'r', tag: 't' })).to.deep.equal([
      'x',
    ]);
    expect(asked[0]).to.include({ accept: ITEMS });
  });

  it('are read page by page, also with typographic quotes and escaped ampersands', async () => {
    answers['GET /c?type_id=1'] = {
      body: list(item('a'), item('b')),
      link: `<${origin}/c?type_id=1&amp;limit=2&amp;from=0>; rel=“first”, <${origin}/c?type_id=1&amp;limit=2&amp;from=2>; rel=“next”, <${origin}/c?type_id=1&amp;limit=2&amp;from=4>; rel=“last”`,
    };
    answers['GET /c?type_id=1&limit=2&from=2'] = { body: list(item('c')), link: `</c?page=3>; rel="next"` };
    // In a circle, and to another host.
    answers['GET /c?page=3'] = { body: list(item('d')), link: `</c?type_id=1>; rel=next` };
    expect(await labels()).to.deep.equal(['a', 'b', 'c', 'd']);
    answers['GET /c?page=3'] = { body: list(item('d')), link: `<http://localhost:1/c>; rel="next"` };
    expect(await labels()).to.deep.equal(['a', 'b', 'c', 'd']);
    expect(asked).to.have.length(6);
  });

  it('are filtered here if the platform does not filter; unreadable ones are left out', async () => {
    answers['GET /c?resource_link_id=7'] = {
      body: list(
        item('of another', { resourceLinkId: 8 }),
        item('ours', { resourceLinkId: 7, resourceId: null, tag: undefined }),
        item('of none'),
        { label: 'no address' },
        { id: 'javascript:alert(1)', label: 'no address either', resourceLinkId: '7' },
        'nonsense',
      ),
    };
    expect(await find('/c', { resourceLinkId: '7' })).to.deep.equal([
      { id: `${origin}/ours`, label: 'ours', resourceId: '', tag: '', resourceLinkId: '7' },
    ]);
  });

  it('that are not listed are unknown, not missing, while the list may be cut short', async () => {
    answers['GET /c?resource_id=r'] = { body: list(item('a')), link: `<http://localhost:1/c>; rel="next"` };
    expect(await failure(find('/c', { resourceId: 'r' }))).to.include({ retryable: false });
    answers['GET /c?resource_id=r'] = { body: list(item('a', { resourceId: 'r' })), link: '<nonsense' };
    expect(await find('/c', { resourceId: 'r' })).to.have.length(1);
  });

  it('are created by their media type, in compact JSON, with submission review', async () => {
    answers['POST /c?type_id=1'] = { status: 201, body: JSON.stringify(item('made')) };
    expect(await create()).to.equal(`${origin}/made`);
    expect(asked[0]).to.include({ method: 'POST', type: ITEM, accept: ITEM });
    expect(asked[0]?.body).not.to.match(/\n|": /);
    const { review: custom, ...sent } = NEW;
    expect(JSON.parse(asked[0]?.body ?? '')).to.deep.equal({
      ...sent,
      submissionReview: { reviewableStatus: ['Completed'], url: `${testApp.origin}/lti/launch`, custom },
    });
  });

  it('are sent twice at most, and once if their form is the plainest', async () => {
    answers['POST /c?type_id=1'] = { status: 400, body: 'no' };
    expect(await failure(create())).to.include({ retryable: false, status: 400 });
    expect(asked).to.have.length(1);
    const odd = { ...NEW, scoreMaximum: 0.4 };
    expect(await failure(service().create(access(), `${origin}/c?type_id=1`, odd))).to.include({
      status: 400,
    });
    expect(asked).to.have.length(3);
    expect(JSON.parse(asked[2]?.body ?? '')).to.include({ scoreMaximum: 1, label: NEW.label });
  });

  it('are renamed as a whole: the maximum and unknown members are sent back unchanged', async () => {
    const before = item('x', { 'https://lms.example/own': { deep: [1] }, tag: 't', resourceLinkId: '7' });
    answers['GET /x?type_id=1'] = { body: JSON.stringify(before) };
    answers['PUT /x?type_id=1'] = { body: '{}' };
    await service().rename(access(), `${origin}/x?type_id=1`, 'Новое');
    expect(asked.map(({ method, accept, type }) => [method, method === 'GET' ? accept : type])).to.deep.equal(
      [
        ['GET', ITEM],
        ['PUT', ITEM],
      ],
    );
    expect(JSON.parse(asked[1]?.body ?? '')).to.deep.equal({ ...before, label: 'Новое' });
  });

  it('are only read when only reading is granted, and no other scope is requested', async () => {
    const readonly = [`${SCOPE}/lineitem.readonly`];
    answers['GET /c?type_id=1'] = { body: list(item('a')) };
    expect(await labels('/c?type_id=1', {}, readonly)).to.deep.equal(['a']);
    const before = testApp.lms.control.faults.calls.token;
    expect(await failure(create(readonly))).to.include({ retryable: false, problem: 'no-scope' });
    expect(await failure(find('/c', {}, [`${SCOPE}/score`]))).to.include({
      retryable: false,
      problem: 'no-scope',
    });
    expect(testApp.lms.control.faults.calls.token).to.equal(before);
    expect(asked).to.have.length(1);
    expect(service().mayBeFilled(access(readonly))).to.equal(false);
    expect(service().mayBeFilled(access([`${SCOPE}/score`]))).to.equal(true);
  });

  it('exist, are gone, or are unknown after an error', async () => {
    answers['GET /x'] = { body: JSON.stringify(item('x')) };
    expect(await service().exists(access(), `${origin}/x`)).to.equal(true);
    expect(asked[0]?.accept).to.equal(ITEM);
    expect(await service().exists(access(), `${origin}/y`)).to.equal(false);
    answers['GET /x'] = { status: 500 };
    expect(await failure(service().exists(access(), `${origin}/x`))).to.include({ retryable: true });
  });

  it('are refused above 10,000, before they fill the memory', async () => {
    const many = Array.from({ length: 4_000 }, (_, at) => item(`many-${at}`));
    for (let page = 0; page < 40; page += 1) {
      answers[`GET /many?page=${page}`] = {
        body: JSON.stringify(many.map((item) => ({ ...item, id: `${item.id}-${page}` }))),
        link: `<${origin}/many?page=${page + 1}>; rel="next"`,
      };
    }
    const error = await failure(find('/many?page=0'));
    expect(error).to.include({ retryable: false });
    expect(error.message).to.contain('line items');
    expect(asked.length).to.be.lessThan(5);
  });

  it('fail with the platform’s message, and say whether a retry may help', async () => {
    const answer = async (answer: Answer): Promise<LineItemError> => {
      answers['GET /c?type_id=1'] = answer;
      return failure(find());
    };
    expect(await answer({ status: 503, body: '{"reason":"Перерыв"}', retryAfter: '30' })).to.include({
      retryable: true,
      message: '503 Перерыв',
      retryAfterMs: 30_000,
    });
    expect(await answer({ status: 403, body: 'no' })).to.include({
      retryable: false,
      message: '403 no',
      status: 403,
    });
    expect(await answer({ body: '<html>' })).to.include({ retryable: true });
    expect(await answer({ body: '{}' })).to.include({ retryable: true });
    answers['POST /c?type_id=1'] = { status: 201, body: '' };
    expect(await failure(create())).to.include({ retryable: true });
  });

  it('have results that are read page by page where the platform does not filter', async () => {
    const read = () => testApp.app.lti.results.read(access(), `${origin}/x`, '3');
    const results = (...people: string[]): string =>
      list(...people.map((userId) => ({ userId, resultScore: 4, resultMaximum: 5 })));
    answers['GET /x/results?user_id=3'] = {
      body: results('1', '2'),
      link: '</x/results?page=2>; rel="prev next"',
    };
    answers['GET /x/results?page=2'] = { status: 201, body: results('3') };
    expect(await read()).to.deep.equal({ kind: 'read', result: { score: 4, maximum: 5, comment: '' } });
    answers['GET /x/results?page=2'] = { body: results('4'), link: '<nonsense' };
    expect(await read()).to.include({ kind: 'failed' });
    answers['GET /x/results?page=2'] = { body: results('4') };
    expect(await read()).to.have.nested.property('result.score', null);
  });

  it('cannot be deleted: the service has no such method', () => {
    expect(Object.keys(service())).to.have.members(['mayBeFilled', 'find', 'create', 'exists', 'rename']);
  });
});
