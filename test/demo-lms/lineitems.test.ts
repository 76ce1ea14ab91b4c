import { expect } from 'chai';
import { COURSE, openLab, STUDENT, type Answer, type Lab } from './lab.js';
import { accessToken } from './tool.js';

const ITEM = 'application/vnd.ims.lis.v2.lineitem+json';
const ITEMS = 'application/vnd.ims.lis.v2.lineitemcontainer+json';

describe('demo LMS: line items', () => {
  let lab: Lab;
  let typed: string;
  beforeEach(async () => {
    lab = await openLab();
    typed = `type_id=${lab.registered.id}`;
  });
  afterEach(() => lab.close());

  const list = (query = typed, accept = ITEMS) => lab.call(`/2/lineitems?${query}`, { accept });
  const create = (body: object, type = ITEM) =>
    lab.call(`/2/lineitems?${typed}`, { method: 'POST', type, body });
  const reason = ({ json }: Answer) => (json as { reason: string }).reason;
  const labels = ({ json }: Answer) => (json as { label: string }[]).map(({ label }) => label);

  it('lists an activity’s own column with its link', async () => {
    const answer = await list();
    expect(answer.status).to.equal(200);
    expect(answer.headers.get('content-type')).to.equal(`${ITEMS}; charset=utf-8`);
    expect(answer.json).to.deep.equal([
      {
        id: `${lab.lms.origin}/mod/lti/services.php/2/lineitems/${lab.column.id}/lineitem?${typed}`,
        label: 'Контрольная работа № 1',
        scoreMaximum: 100,
        resourceId: '',
        tag: '',
        resourceLinkId: lab.link.id,
        ltiLinkId: lab.link.id,
      },
    ]);
    expect(answer.text).to.contain('http:\\/\\/').and.contain('\\u041a').and.not.contain('К');
  });

  it('lists without a type id as well', async () => {
    expect((await list('')).json).to.deep.equal((await list()).json);
  });

  const accepts: readonly [string, string][] = [
    ['*/*', 'No context or unsupported content type'],
    [`${ITEMS}, */*;q=0.1`, 'No context or unsupported content type'],
    ['application/json', 'No handler found for /2/lineitems application/json '],
    [`${ITEMS}, application/json`, `No handler found for /2/lineitems ${ITEMS}, application/json `],
  ];
  for (const [accept, words] of accepts) {
    it(`refuses to list for Accept: ${accept}`, async () => {
      const answer = await list(typed, accept);
      expect(answer.status).to.equal(400);
      expect(answer.statusText).to.equal(words.trimEnd());
      expect(answer.json).to.deep.equal({
        status: 400,
        reason: words,
        request: {
          method: 'GET',
          url: `/mod/lti/services.php/2/lineitems?${typed}`,
          accept,
          contentType: '',
        },
      });
      expect(answer.text).to.contain('\n    "status"');
    });
  }

  it('answers 401 without a token, with a wrong one, and without the scope', async () => {
    const score = await accessToken(
      lab.lms,
      lab.tool,
      'tool-1',
      'https://purl.imsglobal.org/spec/lti-ags/scope/score',
    );
    for (const token of [null, 'nonsense', score]) {
      const answer = await lab.call(`/2/lineitems?${typed}`, { accept: ITEMS, token });
      expect(answer.status).to.equal(401);
      expect(reason(answer)).to.equal('Unauthorized');
    }
  });

  it('lets the read-only scope read, and not write', async () => {
    const token = await accessToken(
      lab.lms,
      lab.tool,
      'tool-1',
      'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly',
    );
    expect((await lab.call('/2/lineitems', { accept: ITEMS, token })).status).to.equal(200);
    const body = { label: 'x', scoreMaximum: 1 };
    expect((await lab.call('/2/lineitems', { method: 'POST', type: ITEM, body, token })).status).to.equal(
      401,
    );
  });

  it('answers 404 for a course that is not there', async () => {
    const answer = await lab.call(`/9999/lineitems?${typed}`, { accept: ITEMS });
    expect(answer.status).to.equal(404);
    expect(answer.statusText).to.equal("Not Found: Course 9999 doesn't exist");
  });

  it('creates a column, repeats what was sent, and keeps no dates', async () => {
    const sent = {
      scoreMaximum: 60,
      label: 'Колонка «Экзамен»',
      resourceId: 'res-1',
      tag: 'exam',
      startDateTime: '2026-11-01T00:00:00Z',
    };
    const made = await create(sent);
    expect(made.status).to.equal(201);
    const { id, ...rest } = made.json as { id: string };
    expect(rest).to.deep.equal(sent);
    expect(made.text).to.contain('"id":"http://');
    const path = id.slice(`${lab.lms.origin}/mod/lti/services.php`.length);
    const got = await lab.call(path, { accept: ITEM });
    const { startDateTime: _start, ...kept } = sent;
    expect(got.json).to.deep.equal({ id, ...kept });
    const put = await lab.call(path, { method: 'PUT', type: ITEM, body: { ...sent, label: 'Иначе', id } });
    expect(put.status).to.equal(200);
    expect(put.json).to.deep.equal({ ...sent, label: 'Иначе', id });
    expect((await lab.call(path, { accept: ITEM })).json).to.include({ label: 'Иначе' });
  });

  it('takes a charset after the media type, and no other type', async () => {
    expect((await create({ scoreMaximum: 1, label: 'a' }, `${ITEM}; charset=utf-8`)).status).to.equal(201);
    const refused = await create({ scoreMaximum: 1, label: 'a' }, 'application/json');
    expect(refused.status).to.equal(400);
    expect(reason(refused)).to.equal('No handler found for /2/lineitems  application/json');
  });

  it('wants a label and a maximum, which may be zero', async () => {
    const refused = await create({ scoreMaximum: 10 });
    expect(refused.status).to.equal(400);
    expect(reason(refused)).to.equal('No label or Score Maximum');
    expect((await create({ scoreMaximum: 0, label: 'нулевая' })).status).to.equal(201);
    expect((await lab.call('/2/lineitems', { method: 'POST', type: ITEM })).status).to.equal(400);
  });

  it('ties further columns to the tool’s own links only; the launch then names none', async () => {
    const { control } = lab.lms;
    expect(
      (await create({ scoreMaximum: 10, label: 'вторая', resourceLinkId: lab.link.id })).status,
    ).to.equal(201);
    const other = control.registerTool({ url: lab.tool.url, clientId: 'other', homeLinks: false });
    const foreign = control.addActivity(COURSE, other.id, { title: 'Чужое' });
    const refused = await create({ scoreMaximum: 10, label: 'x', resourceLinkId: foreign.id });
    expect(refused.status).to.equal(403);
    expect(labels(await list(`${typed}&resource_link_id=${lab.link.id}`))).to.deep.equal([
      'Контрольная работа № 1',
      'вторая',
    ]);
    expect(control.columnsOfActivity(lab.link.id)).to.have.length(2);
  });

  it('hides another client’s columns', async () => {
    const { control } = lab.lms;
    const other = control.registerTool({ url: lab.tool.url, clientId: 'other', homeLinks: false });
    const foreign = control.addActivity(COURSE, other.id, { title: 'Чужое', column: { scoreMaximum: 5 } });
    const [column] = control.columnsOfActivity(foreign.id);
    expect((await list(`type_id=${other.id}`)).status).to.equal(401);
    const got = await lab.call(`/2/lineitems/${column!.id}/lineitem`, { accept: ITEM });
    expect(got.status).to.equal(403);
  });

  it('filters by resource, tag and link', async () => {
    await create({ scoreMaximum: 10, label: 'А', resourceId: 'r-1', tag: 't' });
    await create({ scoreMaximum: 10, label: 'Б', resourceId: 'r-2', tag: 't' });
    expect(labels(await list(`${typed}&tag=t`))).to.deep.equal(['А', 'Б']);
    expect(labels(await list(`${typed}&tag=t&resource_id=r-2`))).to.deep.equal(['Б']);
    expect((await list(`${typed}&tag=nope`)).json).to.deep.equal([]);
  });

  it('pages with typographic quotes and escaped ampersands', async () => {
    for (const label of ['А', 'Б', 'В', 'Г']) await create({ scoreMaximum: 10, label });
    const url = `${lab.lms.origin}/mod/lti/services.php/2/lineitems?${typed}&amp;limit=2&amp;from=`;
    const wire = (answer: Answer) => Buffer.from(answer.headers.get('link') ?? '', 'latin1').toString('utf8');
    const first = await list(`${typed}&limit=2`);
    expect(labels(first)).to.deep.equal(['Контрольная работа № 1', 'А']);
    expect(wire(first)).to.equal(
      [
        `<${url}0>; rel=“first”`,
        `<${url}0>; rel=“canonical”`,
        `<${url}2>; rel=“next”`,
        `<${url}4>; rel=“last”`,
      ].join(', '),
    );
    const second = await list(`${typed}&limit=2&from=2`);
    expect(wire(second)).to.contain(`<${url}0>; rel=“prev”`).and.contain(`<${url}4>; rel=“next”`);
    expect(wire(await list(`${typed}&limit=2&from=4`))).to.not.contain('next');
    expect(wire(await list())).to.equal('');
  });

  it('deletes even an activity’s own column, with its grades, answering 204', async () => {
    lab.lms.control.overrideGrade(lab.column.id, STUDENT, 50);
    const path = `/2/lineitems/${lab.column.id}/lineitem?${typed}`;
    const gone = await lab.call(path, { method: 'DELETE' });
    expect(gone.status).to.equal(204);
    expect(lab.lms.control.grades(lab.column.id)).to.deep.equal([]);
    const again = await lab.call(path, { method: 'DELETE' });
    expect(again.status).to.equal(404);
    expect(again.statusText).to.equal(`Not Found: Grade item ${lab.column.id} doesn't exist`);
  });

  it('keeps percentages when the maximum changes', async () => {
    lab.lms.control.overrideGrade(lab.column.id, STUDENT, 50);
    await lab.call(`/2/lineitems/${lab.column.id}/lineitem?${typed}`, {
      method: 'PUT',
      type: ITEM,
      body: { label: 'К. р.', scoreMaximum: 20 },
    });
    expect(lab.lms.control.grade(lab.column.id, STUDENT)?.score).to.equal(10);
  });

  it('knows no other service addresses', async () => {
    expect((await lab.call('/2/unknown')).status).to.equal(400);
    expect(reason(await lab.call('/2/unknown'))).to.equal('No handler found for /2/unknown  ');
  });
});
