import { expect } from 'chai';
import { DAY } from '../../../src/shared/clock.js';
import { startAdminApp, type AdminTestApp, type AdminVisitor } from './support.js';

interface Platforms {
  readonly platforms: readonly { readonly issuer: string }[];
}
interface Entries {
  readonly entries: readonly { readonly action: string }[];
}
interface Launches {
  readonly launches: readonly { readonly accepted: boolean }[];
}
interface Admins {
  readonly admins: readonly { readonly login: string }[];
}

describe('lists of /admin', () => {
  let testApp: AdminTestApp;
  let admin: AdminVisitor;

  before(async () => {
    testApp = await startAdminApp();
    await testApp.make();
    await testApp.make('Abramov');
    admin = await testApp.enter();
    await testApp.launch({ person: '101', course: '2' });
  });
  after(() => testApp.close());

  it('narrow platforms to a state and to words of their address', async () => {
    const { platforms } = await admin.data<Platforms>('/admin/platforms');
    expect(platforms).to.have.length(1);
    expect((await admin.data<Platforms>('/admin/platforms?state=disabled')).platforms).to.deep.equal([]);
    expect((await admin.data<Platforms>('/admin/platforms?q=nosuchplatform')).platforms).to.deep.equal([]);
    expect((await admin.data<Platforms>('/admin/platforms?state=active')).platforms).to.deep.equal(platforms);
  });

  it('order accounts by login', async () => {
    const logins = async (sort: string): Promise<string[]> =>
      (await admin.data<Admins>(`/admin/administrators?sort=${sort}`)).admins.map(({ login }) => login);
    expect(await logins('login')).to.deep.equal(['Abramov', 'Ivanova']);
    expect(await logins('-login')).to.deep.equal(['Ivanova', 'Abramov']);
  });

  it('narrow the audit log to an action and to days', async () => {
    const { entries } = await admin.data<Entries>('/admin/audit?action=account-made');
    expect(entries.map(({ action }) => action)).to.deep.equal(['account-made', 'account-made']);
    const tomorrow = new Date(testApp.clock.now().getTime() + 2 * DAY).toISOString().slice(0, 10);
    expect((await admin.data<Entries>(`/admin/audit?atFrom=${tomorrow}`)).entries).to.deep.equal([]);
    expect((await admin.data<Entries>(`/admin/audit?atTo=${tomorrow}`)).entries).not.to.deep.equal([]);
  });

  it('narrow launches to a result and to days', async () => {
    const { launches } = await admin.data<Launches>('/admin/launches?result=accepted');
    expect(launches).not.to.deep.equal([]);
    expect((await admin.data<Launches>('/admin/launches?result=refused')).launches).to.deep.equal([]);
    const tomorrow = new Date(testApp.clock.now().getTime() + 2 * DAY).toISOString().slice(0, 10);
    expect((await admin.data<Launches>(`/admin/launches?atFrom=${tomorrow}`)).launches).to.deep.equal([]);
  });

  it('save the log of launches as a file without names and tokens', async () => {
    const { status, text } = await admin.get('/admin/launches/export?format=csv&columns=result,message');
    expect(status).to.equal(200);
    expect(text.replace('\uFEFF', '').split('\r\n')[1]).to.equal('принят;LtiResourceLinkRequest');
    expect((await admin.get('/admin/launches/export?format=csv')).text).not.to.include('Абрамов');
  });

  it('give no file to those who are not signed in', async () => {
    const { url } = await testApp.visitor().get('/admin/launches/export?format=csv');
    expect(url).to.include('/admin/login');
  });

  for (const [path, field] of [
    ['/admin/platforms?state=broken', 'state'],
    ['/admin/administrators?sort=password', 'sort'],
    ['/admin/audit?action=slept', 'action'],
    ['/admin/launches?atFrom=2026-02-30', 'atFrom'],
    ['/admin/grades?after=x', 'after'],
    ['/admin/people?page=0', 'page'],
  ] as const) {
    it(`return 400 naming ${field} for ${path}`, async () => {
      const { status, text } = await admin.get(path, { accept: 'application/json' });
      expect(status).to.equal(400);
      expect((JSON.parse(text) as { fields: object }).fields).to.have.all.keys(field);
    });
  }
});
