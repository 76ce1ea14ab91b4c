import { expect } from 'chai';
import { SECOND, HOUR } from '../../../src/shared/clock.js';
import { CLAIM } from '../../../src/lti/index.js';
import { launchLink, launchSelection } from '../../support/lms.js';
import { makeCard } from '../directory/support.js';
import { comeAs } from '../consultations/fixtures.js';
import { renew, snapshotOf, type Snapshot } from '../../support/snapshot.js';
import { PASSWORD, startAdminApp, type AdminTestApp, type AdminVisitor } from './support.js';

const PAGE = { page: '/admin/settings' };

interface Shown {
  readonly values: Record<string, string> & { readonly version: number };
}

describe('settings of the centre', () => {
  let testApp: AdminTestApp;
  let admin: AdminVisitor;
  let kept: Snapshot;
  before(async () => {
    testApp = await startAdminApp();
    await testApp.make();
    kept = await snapshotOf(testApp);
  });
  beforeEach(async () => {
    await renew(testApp, kept);
    admin = await testApp.enter();
  });
  after(() => testApp.close());

  const shown = async (): Promise<Shown['values']> => (await admin.data<Shown>('/admin/settings')).values;
  const save = async (changes: Record<string, string>, version?: number) => {
    const { version: current, ...values } = await shown();
    return admin.post(
      '/admin/settings',
      { ...values, ...changes, version: String(version ?? current) },
      PAGE,
    );
  };
  const set = async (changes: Record<string, string>): Promise<void> => {
    const saved = await save(changes);
    expect(saved.url, saved.text).to.contain('settingsSaved');
  };
  const directoryIn = async (language: string): Promise<string> =>
    (await fetch(`${testApp.origin}/teachers`, { headers: { 'accept-language': language } })).text();
  const newest = async () =>
    (
      await admin.data<{
        entries: { action: string; changes: { field: string; before: string; after: string }[] }[];
      }>('/admin/audit')
    ).entries[0];

  it('begin as the testApp was built, and are noted before and after', async () => {
    expect(await shown()).to.deep.equal({
      ...{ nameRu: '', nameEn: '', site: '', zone: 'Europe/Moscow', locale: 'ru', rosterHours: '' },
      ...{ reminderHours: '24, 1', classReminderHours: '24, 1', alarmAddresses: '' },
      ...{ workDays: 'five', workFrom: '', workTo: '', answerHours: '', escalateHours: '' },
      ...{ academicMinutes: '45', videoMinutes: '10', termStarts: '' },
      ...{ unknownDeployments: 'ask', version: 0 },
    });
    await set({ nameRu: 'Центр «Логос»', zone: 'Asia/Omsk' });
    expect(await newest()).to.deep.include({
      action: 'settings-changed',
      changes: [
        { field: 'nameRu', before: '', after: 'Центр «Логос»' },
        { field: 'zone', before: 'Europe/Moscow', after: 'Asia/Omsk' },
      ],
    });
    await set({ zone: 'Europe/Samara' });
    expect((await newest())?.changes).to.deep.equal([
      { field: 'zone', before: 'Asia/Omsk', after: 'Europe/Samara' },
    ]);
  });

  it('a wrong value names its field, keeps what was typed, and saves nothing', async () => {
    const wrong: [string, string][] = [
      ['site', 'javascript:alert(1)'],
      ['site', 'сайт логоса'],
      ['site', 'https://name:word@logos.example'],
      ['zone', 'Mars/Olympus'],
      ['zone', ''],
      ['locale', 'de'],
      ['unknownDeployments', 'perhaps'],
      ['rosterHours', '-1'],
      ['rosterHours', '1000'],
      ['rosterHours', 'soon'],
      ['nameRu', 'я'.repeat(151)],
    ];
    for (const [field, value] of wrong) {
      const answer = await save({ nameEn: 'Typed', [field]: value });
      expect(answer.status, `${field}: ${value}`).to.equal(400);
      expect(answer.text).to.contain(`f-${field}-error`).and.to.contain('Typed');
    }
    expect((await shown()).version).to.equal(0);
    expect((await admin.post('/admin/settings', {}, PAGE)).status).to.equal(400);
  });

  it('takes an address without its scheme as people write it', async () => {
    await set({ site: 'logos.example/о-нас' });
    expect((await shown()).site).to.equal('https://logos.example/о-нас');
  });

  it('returns a conflict for a stale form and loses neither version', async () => {
    const { version } = await shown();
    await set({ nameRu: 'Первый', site: 'https://first.example' });
    const stale = await save({ nameRu: 'Второй', nameEn: 'Second', site: '' }, version);
    expect(stale.status).to.equal(409);
    // What was typed stays, what is saved stands under it, and the next try is over what is there now.
    expect(stale.text)
      .to.contain('value="Второй"')
      .and.contain('value="Second"')
      .and.contain('Сейчас сохранено: Первый')
      .and.contain('Сейчас сохранено: https://first.example')
      .and.contain('name="version" value="1"');
    expect(await shown()).to.include({ nameRu: 'Первый', nameEn: '', version: 1 });
    const asProgram = await admin.post(
      '/admin/settings',
      { ...(await shown()), nameRu: 'x', version: '0' },
      { ...PAGE, headers: { accept: 'application/json' } },
    );
    expect(asProgram.status).to.equal(409);
    expect(JSON.parse(asProgram.text)).to.include({ code: 'settings-stale' });
  });

  it('of many that save the same version at once, one does', async () => {
    for (const version of [0, 1]) {
      const answers = await Promise.all(
        Array.from({ length: 8 }, (_, at) => save({ nameRu: `Имя ${version}-${at}` }, version)),
      );
      expect(answers.filter(({ status }) => status === 409)).to.have.length(7);
      expect((await shown()).version).to.equal(version + 1);
    }
  });

  it('what another process saves holds here within seconds, and costs no query at each request', async () => {
    await testApp.anonymous().get('/teachers');
    // Past this process's memory of them, as another one's write comes.
    await testApp.storage.connection
      .model('Centre')
      .create({ _id: 'centre', version: 1, nameRu: 'Из другого процесса', nameEn: '' });
    testApp.clock.advance(3 * SECOND);
    const collection = testApp.storage.connection.model('Centre').collection;
    const find = collection.findOne.bind(collection);
    let queries = 0;
    collection.findOne = ((...args: Parameters<typeof find>) => (queries++, find(...args))) as typeof find;
    try {
      const pages = await Promise.all(
        Array.from({ length: 20 }, () => testApp.anonymous().get('/teachers?lang=ru')),
      );
      for (const { body } of pages) expect(body).to.contain('Из другого процесса');
      await testApp.launch({ person: '101', course: '2' });
      expect(queries).to.equal(1);
    } finally {
      collection.findOne = find;
    }
  });

  it('shows pages with defaults when the settings cannot be read', async () => {
    testApp.clock.advance(HOUR);
    const collection = testApp.storage.connection.model('Centre').collection;
    const find = collection.findOne.bind(collection);
    collection.findOne = () => Promise.reject(new Error('gone'));
    try {
      const page = await testApp.anonymous().get('/teachers');
      expect(page.status).to.equal(200);
      expect(page.body).to.contain('Наставник');
    } finally {
      collection.findOne = find;
    }
  });

  it('shows the name on public pages and in titles, links the site, and tells search engines', async () => {
    await makeCard(await comeAs(testApp, 'methodist', { person: '3', course: '2' }), {
      surname: 'Открытов',
      visibility: 'public',
      consent: 'on',
    });
    await set({ nameRu: 'Центр <b>«Логос»', nameEn: '', site: 'https://logos.example/?a=1&b=2' });
    const list = await testApp.anonymous().get('/teachers');
    expect(list.body)
      .to.contain('<a href="https://logos.example/?a=1&amp;b=2">Центр &lt;b&gt;«Логос»</a>')
      .and.contain(' · Центр &lt;b&gt;«Логос»</title>');
    const slug = /teachers\/([\w-]+)/.exec(list.body)?.[1] ?? '';
    const card = await testApp.anonymous().get(`/teachers/${slug}`);
    const data = JSON.parse(
      /<script type="application\/ld\+json">(.*?)<\/script>/.exec(card.body)?.[1] ?? '',
    ) as {
      worksFor: object;
    };
    expect(data.worksFor).to.deep.equal({
      '@type': 'EducationalOrganization',
      name: 'Центр <b>«Логос»',
      url: 'https://logos.example/?a=1&b=2',
    });
    expect(await directoryIn('en')).to.contain('«Логос»');
    await set({ nameEn: 'Logos Centre' });
    expect(await directoryIn('en'))
      .to.contain('Logos Centre')
      .and.not.contain('«Логос»');
    expect((await testApp.launch({ person: '101', course: '2' })).landing?.text).to.contain(
      ' · Центр &lt;b&gt;«Логос»</title>',
    );
  });

  it('offers Russia’s zones first and in words', async () => {
    const { text } = await admin.get('/admin/settings');
    const yekaterinburg = text.indexOf('екатеринбургское время (UTC+5)');
    expect(yekaterinburg).to.be.within(1, text.indexOf('Africa/Abidjan'));
    expect(text.match(/<option value="Asia\/Yekaterinburg"/g)).to.have.length(1);
  });

  it('shows the open pages in the centre’s zone, also to a reader whose zone is known', async () => {
    const zoneOf = async (): Promise<string> =>
      /data-zone="([^"]+)"/.exec((await testApp.anonymous().get('/teachers')).body)?.[1] ?? '';
    expect(await zoneOf()).to.equal('Europe/Moscow');
    await set({ zone: 'Asia/Vladivostok' });
    expect(await zoneOf()).to.equal('Asia/Vladivostok');
    const known = await testApp.anonymous().get('/teachers', { headers: { cookie: 'zone=Asia%2FOmsk' } });
    expect(known.body).to.contain('data-zone="Asia/Vladivostok"');
  });

  it('the language is for those who ask for none of ours, and for what stays in the LMS', async () => {
    const language = async (accepted: string): Promise<string> =>
      /<html lang="(\w+)"/.exec(await directoryIn(accepted))?.[1] ?? '';
    const placed = async (): Promise<string> =>
      (await launchSelection(testApp.lms, { person: '11', course: '2' })).response.text;
    expect(await Promise.all(['de', '*', 'en', 'ru'].map(language))).to.deep.equal(['ru', 'ru', 'en', 'ru']);
    expect(await placed()).to.contain('Преподаватели центра');
    await set({ locale: 'en' });
    expect(await Promise.all(['de', '*', 'en', 'ru'].map(language))).to.deep.equal(['en', 'en', 'en', 'ru']);
    expect(await placed()).not.to.contain('Преподаватели центра');
  });

  it('unknown deployments are answered so on platforms that are registered from then on', async () => {
    await set({ unknownDeployments: 'accept' });
    const { registrations } = testApp.app.lti;
    expect((await registrations.findOptionalById(testApp.registration.id))?.unknownDeployments).to.equal(
      'ask',
    );
    const tool = testApp.lms.control.registerTool({ url: testApp.origin });
    const { issuer, authUrl, tokenUrl, jwksUrl } = testApp.registration;
    const fields = { issuer, authUrl, tokenUrl, jwksUrl, clientId: tool.clientId };
    const added = await registrations.add({ ...fields, deployments: [tool.deploymentId] });
    expect(added.unknownDeployments).to.equal('accept');
    // Registered once more it is what its administrator has made of it.
    await set({ unknownDeployments: 'ask' });
    const again = await registrations.add({ ...fields, deployments: [tool.deploymentId] });
    expect(again.unknownDeployments).to.equal('accept');
    const link = testApp.lms.control.addActivity('2', tool.id, { title: 'Новая' });
    const { response } = await launchLink(testApp.lms, {
      person: '101',
      course: '2',
      link: link.id,
      forge: ({ claims }) => ({ ...claims, [CLAIM.deploymentId]: 'never-seen' }),
    });
    expect(response.status, response.text).to.equal(200);
  });

  it('rosters are read again by the hours set; the environment says them where nothing is', async () => {
    const { jobs } = testApp.app;
    await jobs.stop();
    const calls = async (): Promise<number> => {
      await testApp.launch({ person: '101', course: '2' });
      await jobs.drain();
      return testApp.lms.control.faults.calls.nrps;
    };
    expect((await admin.get('/admin/settings')).text).to.contain('(ROSTER_HOURS)');
    expect(await calls(), 'the environment says 0').to.equal(0);
    await set({ rosterHours: '2' });
    expect(await calls()).to.equal(1);
    testApp.clock.advance(HOUR);
    expect(await calls()).to.equal(1);
    testApp.clock.advance(HOUR + SECOND);
    expect(await calls()).to.equal(2);
    admin = await testApp.enter(undefined, PASSWORD);
    await set({ rosterHours: '' });
    testApp.clock.advance(9 * HOUR);
    expect(await calls()).to.equal(2);
  });
});
