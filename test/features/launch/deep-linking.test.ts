import { expect } from 'chai';
import { createPublicKey } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { HOUR } from '../../../src/shared/clock.js';
import { launchSelection, returnSelection, type BrowserResponse } from '../../support/lms.js';
import { startTestApp, Visitor, type TestApp } from '../../support/test-app.js';
import { CAPITAL, makeTest, PRIMES } from '../assessments/fixtures.js';
import { offer } from '../consultations/fixtures.js';

const LTI = 'https://purl.imsglobal.org/spec/lti/claim';
const DL = 'https://purl.imsglobal.org/spec/lti-dl/claim';
const SETTINGS = `${DL}/deep_linking_settings`;

interface Item {
  readonly type: string;
  readonly url: string;
  readonly title: string;
  readonly custom: Readonly<Record<string, string>>;
  readonly lineItem?: Readonly<Record<string, unknown>>;
}

describe('Deep Linking', () => {
  let testApp: TestApp;
  let teacher: Visitor;
  let first: string;
  let second: string;
  let series: string;

  before(async () => {
    testApp = await startTestApp();
    teacher = await testApp.launch({ person: '11', course: '2' });
    first = await makeTest(teacher, { title: 'Первый' }, [CAPITAL, PRIMES]);
    second = await makeTest(teacher, { title: 'Второй' }, [CAPITAL]);
    series = await offer(testApp, teacher, 3, { title: 'Перед зачётом' });
  });
  after(() => testApp.close());

  /** Comes to choose. @param settings change what the LMS says of its wishes */
  async function choose(settings: Record<string, unknown> = {}, person = '11') {
    const { browser, response } = await launchSelection(testApp.lms, {
      person,
      course: '2',
      forge: ({ claims }) => ({
        ...claims,
        [SETTINGS]: { ...(claims[SETTINGS] as object), ...settings },
      }),
    });
    const [, key = '', request = ''] = /\/c\/(\w+)\/deep-linking\/([\w-]+)/.exec(response.url) ?? [];
    return { visitor: new Visitor(testApp.origin, browser, key, response), page: response, request };
  }
  type Choosing = Awaited<ReturnType<typeof choose>>;

  async function send(
    { visitor, request }: Choosing,
    chosen: readonly string[],
    more: Readonly<Record<string, string>> = {},
  ): Promise<BrowserResponse> {
    const body = new URLSearchParams([
      ['csrf', await visitor.csrf()],
      ...chosen.map((item) => ['chosen', item] as [string, string]),
      ...Object.entries(more),
    ]);
    return visitor.browser.request(visitor.address(`deep-linking/${request}`), {
      method: 'POST',
      body: body.toString(),
      from: testApp.origin,
    });
  }

  const cancel = async ({ visitor, request }: Choosing): Promise<BrowserResponse> =>
    visitor.browser.request(visitor.address(`deep-linking/${request}/cancel`), {
      method: 'POST',
      body: new URLSearchParams({ csrf: await visitor.csrf() }).toString(),
      from: testApp.origin,
    });

  const jwtOn = (page: BrowserResponse): string =>
    page.forms.find(({ fields }) => 'JWT' in fields)?.fields.JWT ?? '';
  const itemsOn = (page: BrowserResponse): Item[] => decodeJwt(jwtOn(page))[`${DL}/content_items`] as Item[];
  const activities = () => testApp.lms.control.activities('2').filter(({ home }) => !home);

  /** What the LMS is told of reviews: that they are offered here, of the same thing. */
  const reviewed = (test: string) => ({
    submissionReview: {
      reviewableStatus: ['Completed'],
      label: 'Посмотреть работу',
      url: `${testApp.origin}/lti/launch`,
      custom: { nastavnik_kind: 'test', nastavnik_id: test },
    },
  });

  it('takes the name of the tool for none, and that of its content for a former choice', async () => {
    for (const title of ['Наставник', ' nastavnik ']) {
      const choosing = await choose({ title, text: '' });
      expect(choosing.page.text).not.to.contain('name="title"');
      expect(itemsOn(await send(choosing, [`test:${first}`]))[0]?.title).to.equal('Первый');
    }
    // Chosen again: it is marked, and another choice brings its own name.
    const again = await choose({ title: 'Первый', text: '' });
    expect(again.page.text).to.match(new RegExp(`value="test:${first}"\\s+checked`));
    expect(again.page.text).not.to.contain('name="title"');
    expect(itemsOn(await send(again, [`test:${second}`]))[0]?.title).to.equal('Второй');
    const own = await choose({ title: 'Своё имя', text: '' });
    expect(own.page.text)
      .to.contain('value="Своё имя"')
      .and.not.match(/value="test:[0-9a-f]+"\s+checked/);
  });

  it('places several at once, tests with a line item and its maximum', async () => {
    const before = activities().length;
    const choosing = await choose();
    expect(choosing.page.text).to.contain('type="checkbox"').and.not.contain('type="radio"');
    const answer = await send(choosing, [
      `test:${first}`,
      `test:${second}`,
      `consultations:${series}`,
      'directory:centre',
    ]);
    const items = itemsOn(answer);
    expect(items.map(({ custom }) => custom)).to.deep.equal([
      { nastavnik_kind: 'test', nastavnik_id: first },
      { nastavnik_kind: 'test', nastavnik_id: second },
      { nastavnik_kind: 'consultations', nastavnik_id: series },
      { nastavnik_kind: 'directory', nastavnik_id: 'centre' },
    ]);
    for (const { type, url } of items) {
      expect({ type, url }).to.deep.equal({ type: 'ltiResourceLink', url: `${testApp.origin}/lti/launch` });
    }
    expect(items.map(({ lineItem }) => lineItem)).to.deep.equal([
      { scoreMaximum: 6, label: 'Первый', resourceId: `test-${first}`, tag: 'test', ...reviewed(first) },
      { scoreMaximum: 2, label: 'Второй', resourceId: `test-${second}`, tag: 'test', ...reviewed(second) },
      undefined,
      undefined,
    ]);

    await returnSelection(choosing.visitor.browser, answer);
    const placed = activities().slice(before);
    expect(placed.map(({ title }) => title)).to.deep.equal([
      'Первый',
      'Второй',
      'Перед зачётом',
      items[3]?.title,
    ]);
    const maxima = placed.map(({ id }) => testApp.lms.control.columnsOfActivity(id)[0]?.scoreMaximum);
    expect(maxima).to.deep.equal([6, 2, undefined, undefined]);
    // And each leads where it says.
    const student = await testApp.launch({ person: '103', course: '2', link: placed[1]!.id });
    expect(new URL(student.landing!.url).pathname).to.equal(`/c/${student.key!}/tests/${second}`);
  });

  it('answers with a message signed by a published key, for this platform, now', async () => {
    const data = '{"opaque": "ы & \\" <b>"}';
    const answer = await send(await choose({ data }), [`test:${first}`]);
    const jwt = jwtOn(answer);
    const keys = (await (await fetch(`${testApp.origin}/lti/keys`)).json()) as {
      keys: { kid: string; [name: string]: string }[];
    };
    const key = keys.keys.find(({ kid }) => kid === decodeProtectedHeader(jwt).kid);
    expect(key, 'the key is published').to.be.an('object').and.not.have.any.keys('d', 'p', 'q');
    const { payload } = await jwtVerify(jwt, createPublicKey({ key: key!, format: 'jwk' }), {
      algorithms: ['RS256'],
      issuer: testApp.registration.clientId,
      audience: testApp.lms.origin,
    });
    expect(payload).to.include({
      [`${DL}/data`]: data,
      [`${LTI}/message_type`]: 'LtiDeepLinkingResponse',
      [`${LTI}/version`]: '1.3.0',
      [`${LTI}/deployment_id`]: testApp.lms.control.tools()[0]!.deploymentId,
    });
    expect(payload.nonce).to.be.a('string').and.have.length.at.least(20);
    const now = testApp.clock.now().getTime() / 1000;
    // Behind, for platforms have no leeway; and not for long.
    expect(payload.iat)
      .to.be.below(now)
      .and.above(now - 60);
    expect(payload.exp! - payload.iat!).to.be.at.most(600);
  });

  it('goes back by a page that needs no script, and may post there alone', async () => {
    const answer = await send(await choose(), [`test:${first}`]);
    const csp = answer.headers.get('content-security-policy') ?? '';
    expect(/form-action ([^;]*)/.exec(csp)?.[1]).to.equal(`'self' ${testApp.lms.origin}`);
    expect(answer.text).to.match(/<form method="post"[^>]*id="return">[\s\S]*<button type="submit">/);
  });

  it('offers one where the platform takes one, and refuses two', async () => {
    for (const accept of [false, 'false', undefined]) {
      const choosing = await choose({ accept_multiple: accept });
      expect(choosing.page.text).to.contain('type="radio"').and.not.contain('type="checkbox"');
      const two = await send(choosing, [`test:${first}`, `test:${second}`]);
      expect(two.status).to.equal(400);
      expect(two.text).to.contain('chosen').and.not.contain('JWT');
      expect(itemsOn(await send(choosing, [`test:${first}`]))).to.have.length(1);
    }
  });

  it('asks for a line item only where the platform takes one', async () => {
    const [item] = itemsOn(await send(await choose({ accept_lineitem: false }), [`test:${first}`]));
    expect(item).to.have.property('title', 'Первый');
    expect(item).not.to.have.property('lineItem');
  });

  it('says when a test opens and closes, in moments that need no zone', async () => {
    const dated = await makeTest(
      teacher,
      {
        title: 'Со сроками',
        zone: 'Europe/Moscow',
        opensAt: '2030-05-01T09:00',
        closesAt: '2030-05-03T18:00',
      },
      [CAPITAL],
    );
    const [item] = itemsOn(await send(await choose(), [`test:${dated}`]));
    expect(item).to.deep.include({
      available: { startDateTime: '2030-05-01T06:00:00.000Z' },
      submission: { startDateTime: '2030-05-01T06:00:00.000Z', endDateTime: '2030-05-03T15:00:00.000Z' },
    });
    const [plain] = itemsOn(await send(await choose(), [`test:${first}`]));
    expect(plain).not.to.have.any.keys('available', 'submission');
  });

  it('asks for a window where the platform offers no frame', async () => {
    const asked = async (targets: readonly string[]): Promise<boolean> => {
      const choosing = await choose({ accept_presentation_document_targets: targets });
      return 'window' in itemsOn(await send(choosing, [`test:${first}`]))[0]!;
    };
    expect(await asked(['window'])).to.equal(true);
    for (const targets of [[], ['iframe', 'window'], ['frame'], ['embed']]) {
      expect(await asked(targets), targets.join()).to.equal(false);
    }
  });

  it('a test without points has no column', async () => {
    const empty = await makeTest(teacher, { title: 'Пустой', state: 'draft' }, []);
    const [item] = itemsOn(await send(await choose(), [`test:${empty}`]));
    expect(item).to.have.property('title', 'Пустой');
    expect(item).not.to.have.property('lineItem');
  });

  it('says so where the platform takes no links, and answers nothing but a cancel', async () => {
    const choosing = await choose({ accept_types: ['file', 'html'] });
    expect(choosing.page.text).not.to.contain('name="chosen"');
    expect((await send(choosing, [`test:${first}`])).status).to.equal(409);
    const { visitor, request } = choosing;
    expect((await visitor.submit(`deep-linking/${request}/cancel`)).status).to.equal(200);
  });

  it('tells the platform what went wrong where it takes nothing of ours, in words and for its log', async () => {
    const choosing = await choose({ accept_types: ['file', 'html'] });
    expect(choosing.page.text).to.contain('не принимает элементы').and.contain('Вернуться в курс');
    const answer = await cancel(choosing);
    expect(decodeJwt(jwtOn(answer))).to.deep.include({
      [`${DL}/content_items`]: [],
      [`${DL}/errormsg`]: 'Эта СДО не принимает элементы инструмента отсюда.',
      [`${DL}/errorlog`]: 'accept_types has neither ltiResourceLink nor link: file, html',
    });
    expect((await returnSelection(choosing.visitor.browser, answer)).text).to.contain(
      'не принимает элементы',
    );
    // A change of mind is no mistake.
    const fine = decodeJwt(jwtOn(await cancel(await choose())));
    expect(fine).not.to.have.any.keys(`${DL}/errormsg`, `${DL}/errorlog`, `${DL}/msg`, `${DL}/log`);
  });

  it('says what was placed, to the person and for the log', async () => {
    const answer = await send(await choose(), [`test:${first}`, 'directory:centre']);
    expect(decodeJwt(jwtOn(answer))).to.include({
      [`${DL}/msg`]: 'Добавлено: 2',
      [`${DL}/log`]: `placed: test ${first}, directory centre`,
    });
  });

  it('gives addresses of open pages where the platform takes only those, and of nothing else', async () => {
    const choosing = await choose({ accept_types: ['link', 'file'] });
    expect(choosing.page.text)
      .to.contain('directory:centre')
      .and.not.contain(`test:${first}`)
      .and.not.contain(`consultations:${series}`);
    expect((await send(choosing, [`test:${first}`])).status).to.equal(400);
    const [item, ...more] = itemsOn(await send(choosing, ['directory:centre']));
    expect(more).to.deep.equal([]);
    expect(item).to.deep.equal({ type: 'link', url: `${testApp.origin}/teachers`, title: item?.title });
    expect((await testApp.anonymous().get(new URL(item!.url).pathname)).status).to.equal(200);
    // Where both are taken, what is launched knows who comes.
    const [both] = itemsOn(
      await send(await choose({ accept_types: ['link', 'ltiResourceLink'] }), ['directory:centre']),
    );
    expect(both?.type).to.equal('ltiResourceLink');
  });

  it('begins with the title and text that the platform has, for one item', async () => {
    const settings = { title: 'Моё <название>', text: 'Моё описание' };
    const choosing = await choose(settings);
    expect(choosing.page.text)
      .to.contain('value="Моё &lt;название&gt;"')
      .and.contain('>Моё описание</textarea>');
    const [named] = itemsOn(await send(choosing, [`test:${first}`], settings));
    expect(named).to.include(settings);
    expect(named?.lineItem).to.include({ label: settings.title });
    const [own] = itemsOn(await send(choosing, [`test:${first}`], { title: ' ', text: '' }));
    expect(own).to.include({ title: 'Первый' }).and.not.have.property('text');
    const several = itemsOn(await send(choosing, [`test:${first}`, `test:${second}`], settings));
    expect(several.map(({ title }) => title)).to.deep.equal(['Первый', 'Второй']);
    expect((await send(choosing, [`test:${first}`], { title: 'x'.repeat(201) })).status).to.equal(400);
    expect((await choose()).page.text).not.to.contain('name="title"');
  });

  it('cancelled, places nothing', async () => {
    const before = activities().length;
    const choosing = await choose();
    const { visitor } = choosing;
    const answer = await cancel(choosing);
    expect(itemsOn(answer)).to.deep.equal([]);
    expect((await returnSelection(visitor.browser, answer)).status).to.equal(200);
    expect(activities()).to.have.length(before);
  });

  it('shows that nothing was chosen and keeps the form', async () => {
    const choosing = await choose();
    const nothing = await send(choosing, []);
    expect(nothing.status).to.equal(400);
    expect(nothing.text).to.contain('chosen');
    expect(itemsOn(await send(choosing, [`test:${first}`]))).to.have.length(1);
  });

  it('says on the picker that nothing is chosen, and keeps what was typed', async () => {
    const choosing = await choose({ title: 'Моё', text: '' });
    const again = await send(choosing, [], { title: 'Ещё раз', text: '' });
    expect(again.status).to.equal(400);
    expect(again.text)
      .to.contain(`value="test:${first}"`)
      .and.contain('role="alert"')
      .and.contain('value="Ещё раз"');
  });

  it('places a draft with a warning, and pages of "create" lead back only', async () => {
    const draft = await makeTest(teacher, { title: 'Набросок', state: 'draft' }, [CAPITAL]);
    const choosing = await choose();
    expect(choosing.page.text).to.contain('Черновик обучающиеся увидят');
    const answer = await send(choosing, [`test:${draft}`]);
    expect(decodeJwt(jwtOn(answer))[`${DL}/msg`]).to.contain('Черновик обучающиеся увидят');
    const published = await send(choosing, [`test:${first}`]);
    expect(decodeJwt(jwtOn(published))[`${DL}/msg`]).not.to.contain('Черновик');

    const { visitor, request } = choosing;
    const page = (await visitor.get(`tests/${draft}?for=${request}`)).body;
    const base = `/c/${visitor.key}/`;
    const links = [...page.matchAll(/<a [^>]*href="([^"]*)"/g)]
      .map(([, href = '']) => href)
      .filter((href) => href.startsWith(base));
    const out = links.filter((href) => !href.includes(request));
    expect(out).to.deep.equal([]);
    expect(links).to.include(`${base}deep-linking/${request}?chosen=test:${draft}`);
    // Deleted: back to the picker, and not without asking where it stands in the course.
    await testApp.launch({
      ...{ person: '11', course: '2' },
      link: testApp.lms.control.addActivity('2', testApp.lms.control.tools()[0]!.id, {
        title: 'Набросок',
        custom: `nastavnik_kind=test\nnastavnik_id=${draft}`,
      }).id,
    });
    const asked = await visitor.submit(`tests/${draft}/remove?for=${request}`);
    expect(asked.body).to.contain('Он стоит в 1 месте курса');
    const removed = await visitor.submit(`tests/${draft}/remove?for=${request}`, { sure: 'on' });
    expect(removed.url).to.contain(`/deep-linking/${request}`);
    expect(removed.body).not.to.contain('Набросок');
  });

  it('one thing chosen twice is placed once', async () => {
    expect(itemsOn(await send(await choose(), [`test:${first}`, `test:${first}`]))).to.have.length(1);
  });

  it('answered twice, adds once: the platform has the last word', async () => {
    const before = activities().length;
    const choosing = await choose();
    const [item, two] = [await send(choosing, [`test:${first}`]), await send(choosing, [`test:${second}`])];
    expect((await returnSelection(choosing.visitor.browser, item)).status).to.equal(200);
    expect((await returnSelection(choosing.visitor.browser, two)).status).to.equal(404);
    expect(activities()).to.have.length(before + 1);
  });

  it('of this morning is over', async () => {
    const choosing = await choose();
    testApp.clock.advance(4 * HOUR + 1);
    for (const answer of [
      await send(choosing, [`test:${first}`]),
      await choosing.visitor.get(`deep-linking/${choosing.request}`),
      await choosing.visitor.submit(`deep-linking/${choosing.request}/cancel`),
    ]) {
      expect(answer.status).to.equal(404);
      expect('body' in answer ? answer.body : answer.text).to.contain('deep-linking-over');
    }
    teacher = await testApp.launch({ person: '11', course: '2' });
  });

  it('of a platform disabled meanwhile is over', async () => {
    const choosing = await choose();
    await choosing.visitor.csrf();
    await testApp.app.lti.registrations.setState(testApp.registration.id, 'disabled');
    expect((await send(choosing, [`test:${first}`])).status).to.equal(401);
    await testApp.app.lti.registrations.setState(testApp.registration.id, 'active');
  });

  it('is refused for students, also if the platform sends it', async () => {
    const requests = testApp.storage.connection.model('DeepLinkRequest');
    const before = await requests.countDocuments();
    const { response } = await launchSelection(testApp.lms, {
      person: '11',
      course: '2',
      forge: ({ claims }) => ({
        ...claims,
        [`${LTI}/roles`]: ['http://purl.imsglobal.org/vocab/lis/v2/membership#Learner'],
      }),
    });
    expect(response.status).to.equal(403);
    expect(response.text).to.contain('deep-linking-role');
    expect(await requests.countDocuments()).to.equal(before);
  });
});
