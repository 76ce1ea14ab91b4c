import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { decodeJwt } from 'jose';
import { Browser, launchSelection, returnSelection } from '../support/lms.js';
import { COURSE, openLab, START, TEACHER, type Lab } from './lab.js';
import { signAsTool } from './tool.js';

const LTI = 'https://purl.imsglobal.org/spec/lti/claim';
const DL = 'https://purl.imsglobal.org/spec/lti-dl/claim';

const ITEM = {
  type: 'ltiResourceLink',
  title: 'Тест: «Пределы» & <b>ряды</b>',
  text: 'Описание <p>html</p>',
  url: 'http://127.0.0.1:3999/launch?quiz=7&x=1',
  custom: { quiz_id: '7', note: 'a=b; c', due: '$ResourceLink.submission.endDateTime' },
  icon: { url: 'http://127.0.0.1:3999/i.png', width: 10, height: 10 },
  lineItem: {
    scoreMaximum: 42,
    label: 'Столбец Пределы',
    resourceId: 'quiz-7',
    tag: 'final',
    gradesReleased: true,
  },
  available: { startDateTime: '2026-11-23T00:00:00Z' },
  submission: { endDateTime: '2026-12-01T00:00:00Z' },
  iframe: { width: 800, height: 600 },
  window: { targetName: 'x' },
};

describe('demo LMS: Deep Linking', () => {
  let lab: Lab;
  let returnUrl: string;
  beforeEach(async () => {
    lab = await openLab();
    lab.lms.control.clock.freeze(START);
    returnUrl = await begin();
  });
  afterEach(() => lab.close());

  async function begin(): Promise<string> {
    const { post } = await launchSelection(lab.lms, { person: TEACHER, course: COURSE });
    const settings = decodeJwt(post!.fields.id_token!)[`${DL}/deep_linking_settings`];
    return (settings as { deep_link_return_url: string }).deep_link_return_url;
  }

  const now = () => Math.floor(lab.lms.control.clock.now().getTime() / 1000);

  const response = (changes: Readonly<Record<string, unknown>> = {}) => ({
    iss: 'tool-1',
    aud: lab.lms.origin,
    sub: TEACHER,
    iat: now(),
    exp: now() + 300,
    nonce: randomUUID(),
    [`${LTI}/deployment_id`]: lab.registered.deploymentId,
    [`${LTI}/message_type`]: 'LtiDeepLinkingResponse',
    [`${LTI}/version`]: '1.3.0',
    [`${DL}/content_items`]: [ITEM],
    ...changes,
  });

  /** Posts as a frame of the tool does: from another site, without the LMS's cookie. */
  async function answer(changes: Readonly<Record<string, unknown>> = {}, url = returnUrl) {
    const JWT = await signAsTool(lab.tool, response(changes));
    return new Browser({ framedBy: lab.lms.origin }).post(url, { JWT }, { from: lab.tool.url });
  }

  const added = () =>
    lab.lms.control.activities(COURSE).filter(({ home, id }) => !home && id !== lab.link.id);

  it('adds what the tool chose, keeping what the recorded platform keeps', async () => {
    const { status, text } = await answer();
    expect(status).to.equal(200);
    expect(text).to.contain('Тест: «Пределы» &amp; &lt;b&gt;ряды&lt;/b&gt;');
    const [activity] = added();
    expect(activity).to.deep.include({
      title: ITEM.title,
      text: ITEM.text,
      url: ITEM.url,
      iconUrl: ITEM.icon.url,
      custom: 'quiz_id=7\nnote=a=b; c\ndue=$ResourceLink.submission.endDateTime',
    });
    const [column, ...more] = lab.lms.control.columnsOfActivity(activity!.id);
    expect(more).to.deep.equal([]);
    expect(column).to.include({ scoreMaximum: 42, resourceId: 'quiz-7', tag: 'final', own: true });
    expect(column?.label).to.equal(ITEM.title);
  });

  it('launches an item without url at the tool’s own target', async () => {
    const { url: _url, ...item } = ITEM;
    await answer({ [`${DL}/content_items`]: [item] });
    const { fields } = lab.lms.control.initiation(TEACHER, COURSE, added()[0]!.id);
    expect(fields.target_link_uri).to.equal(lab.registered.targetLinkUrl);
  });

  it('launches an item with url there', async () => {
    await answer();
    const { fields } = lab.lms.control.initiation(TEACHER, COURSE, added()[0]!.id);
    expect(fields.target_link_uri).to.equal(ITEM.url);
  });

  it('adds several at once; without a line item there is no column, unless the tool’s links always have one', async () => {
    const { lineItem: _lineItem, ...plain } = { ...ITEM, title: 'Второй' };
    const items = { [`${DL}/content_items`]: [ITEM, plain] };
    await answer(items);
    const columns = () => added().map(({ id }) => lab.lms.control.columnsOfActivity(id).length);
    expect(columns()).to.deep.equal([1, 0]);
    lab.lms.control.changeTool(lab.registered.id, { acceptGrades: 'always' });
    await answer(items, await begin());
    expect(columns()).to.deep.equal([1, 0, 1, 1]);
    const [column] = lab.lms.control.columnsOfActivity(added()[3]!.id);
    expect(column).to.include({ scoreMaximum: 100, label: 'Второй' });
  });

  it('takes a plain link as an activity', async () => {
    await answer({
      [`${DL}/content_items`]: [{ type: 'link', url: 'https://example.org/', title: 'ссылка' }],
    });
    expect(added()[0]).to.include({ title: 'ссылка', url: 'https://example.org/' });
  });

  it('adds nothing for an empty list', async () => {
    const { status, text } = await answer({ [`${DL}/content_items`]: [] });
    expect(status).to.equal(200);
    expect(text).to.contain('Ничего не добавлено');
    expect(added()).to.deep.equal([]);
  });

  it('shows the tool’s message and its error', async () => {
    expect((await answer({ [`${DL}/msg`]: 'Готово, <i>добавлено</i>' })).text).to.contain(
      'Готово, &lt;i&gt;добавлено&lt;/i&gt;',
    );
    const failed = await answer(
      { [`${DL}/content_items`]: undefined, [`${DL}/errormsg`]: 'Ошибка инструмента' },
      await begin(),
    );
    expect(failed.status).to.equal(200);
    expect(failed.text).to.contain('Ошибка инструмента');
  });

  const accepted: readonly [string, () => Readonly<Record<string, unknown>>][] = [
    ['a list as audience', () => ({ aud: [lab.lms.origin] })],
    ['no sub', () => ({ sub: undefined })],
    ['a data claim nobody asked for', () => ({ [`${DL}/data`]: 'zzz' })],
  ];
  for (const [name, changes] of accepted) {
    it(`accepts ${name}`, async () => {
      expect((await answer(changes())).status).to.equal(200);
      expect(added()).to.have.length(1);
    });
  }

  const refused: readonly [string, () => Readonly<Record<string, unknown>>, string][] = [
    ['another issuer', () => ({ iss: 'wrong' }), 'Consumer key is incorrect.'],
    ['an expired response', () => ({ exp: 1 }), 'Exception - Expired token'],
    [
      'one made 3 s in the future',
      () => ({ iat: now() + 3 }),
      'Exception - Cannot handle token with iat prior to 2026-11-23T08:32:17+0300',
    ],
    ['another audience', () => ({ aud: 'https://example.org' }), 'another audience'],
    ['another deployment', () => ({ [`${LTI}/deployment_id`]: '99' }), 'another deployment'],
    ['no nonce', () => ({ nonce: undefined }), 'no nonce'],
  ];
  for (const [name, changes, words] of refused) {
    it(`refuses ${name} with a page, 404`, async () => {
      const { status, text } = await answer(changes());
      expect(status).to.equal(404);
      expect(text).to.contain(words);
      expect(added()).to.deep.equal([]);
      // A refusal spends nothing: the tool may try once more.
      expect((await answer()).status).to.equal(200);
    });
  }

  it('takes a response once, and a nonce once', async () => {
    const JWT = await signAsTool(lab.tool, response());
    const browser = new Browser({ framedBy: lab.lms.origin });
    expect((await browser.post(returnUrl, { JWT })).status).to.equal(200);
    expect((await browser.post(returnUrl, { JWT })).status).to.equal(404);
    expect((await browser.post(await begin(), { JWT })).text).to.contain('nonce was used before');
    expect(added()).to.have.length(1);
  });

  it('takes one of two responses sent at once', async () => {
    const both = await Promise.all([answer(), answer()]);
    expect(both.map(({ status }) => status).sort()).to.deep.equal([200, 404]);
    expect(added()).to.have.length(1);
  });

  it('refuses an unknown key and an unreadable response', async () => {
    const wrong = new URL(returnUrl);
    wrong.searchParams.set('sesskey', 'guess');
    expect((await answer({}, wrong.href)).status).to.equal(404);
    const browser = new Browser();
    expect((await browser.post(returnUrl, { JWT: 'nonsense' })).status).to.equal(404);
    expect((await browser.post(returnUrl, {})).status).to.equal(404);
  });

  it('is as lenient as the recorded platform when told to', async () => {
    await lab.close();
    lab = await openLab({ strict: false });
    lab.lms.control.clock.freeze(START);
    returnUrl = await begin();
    const { status } = await answer({ sub: undefined, nonce: undefined, aud: 'https://example.org' });
    expect(status).to.equal(200);
    expect(added()).to.have.length(1);
  });

  it('is offered to those who may edit, by tools that can', () => {
    const { control } = lab.lms;
    expect(() => control.selection('101', COURSE)).to.throw('not-an-editor');
    expect(() => control.selection('4', COURSE)).to.throw('not-an-editor');
    expect(() => control.selection(TEACHER, '9999')).to.throw('course-not-found');
    control.changeTool(lab.registered.id, { deepLinkingUrl: '' });
    expect(() => control.selection(TEACHER, COURSE, { toolId: lab.registered.id })).to.throw(
      'no-deep-linking',
    );
  });

  it('sends the form found on the tool’s page', async () => {
    const JWT = await signAsTool(lab.tool, response());
    const page = {
      status: 200,
      url: `${lab.tool.url}/done`,
      headers: new Headers(),
      text: '',
      forms: [{ action: returnUrl, method: 'post' as const, fields: { JWT } }],
      passed: [],
    };
    const browser = new Browser({ framedBy: lab.lms.origin });
    expect((await returnSelection(browser, page)).status).to.equal(200);
    const error = await returnSelection(browser, { ...page, forms: [] }).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(Error).with.property('message').that.contains('no Deep Linking response');
  });
});
