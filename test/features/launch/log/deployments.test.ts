import { expect } from 'chai';
import { CLAIM } from '../../../../src/lti/index.js';
import { launchLink, type LaunchResult } from '../../../support/lms.js';
import { renew, snapshotOf, type Snapshot } from '../../../support/snapshot.js';
import type { AdminVisitor } from '../../admin/support.js';
import { startAdminApp, type AdminTestApp } from '../../admin/support.js';

interface PlatformPage {
  platform: { deployments: string[]; unknownDeployments: string };
  unknownDeployments: { id: string; deployment: string; launches: number }[];
}

describe('launches from an unknown deployment', () => {
  let testApp: AdminTestApp;
  let admin: AdminVisitor;
  let path: string;
  let kept: Snapshot;
  before(async () => {
    testApp = await startAdminApp();
    await testApp.make();
    kept = await snapshotOf(testApp);
  });
  beforeEach(async () => {
    await renew(testApp, kept);
    admin = await testApp.enter();
    path = `/admin/platforms/${testApp.registration.id}`;
  });
  after(() => testApp.close());

  const from = (deployment: string): Promise<LaunchResult> =>
    launchLink(testApp.lms, {
      person: '101',
      course: '2',
      forge: ({ claims }) => ({ ...claims, [CLAIM.deploymentId]: deployment }),
    });
  /** Deployments are met behind the answer. */
  const page = async (): Promise<PlatformPage> => {
    await testApp.app.features.launches.writer.stop();
    return admin.data<PlatformPage>(path);
  };
  const audit = async () =>
    (
      await admin.data<{
        entries: { action: string; actor: { kind: string }; changes: { field: string; after: string }[] }[];
      }>('/admin/audit')
    ).entries[0]!;
  const accept = async (): Promise<void> => {
    const { text } = await admin.get(`${path}/edit`);
    const version = /name="version" value="([^"]+)"/.exec(text)![1]!;
    const { deployments } = (await admin.data<PlatformPage>(path)).platform;
    await admin.post(path, {
      name: 'Демо',
      deployments: deployments.join('\n'),
      frameOrigins: '',
      unknownDeployments: 'accept',
      version,
    });
  };

  it('are refused, and wait for approval; once approved they come in', async () => {
    expect((await from('77')).response.status).to.equal(403);
    expect((await from('77')).response.status).to.equal(403);
    const { unknownDeployments, platform } = await page();
    expect(platform).to.deep.include({ unknownDeployments: 'ask', deployments: ['1'] });
    expect(unknownDeployments).to.have.length(1);
    expect(unknownDeployments[0]).to.include({ deployment: '77', launches: 2 });
    expect((await admin.get('/admin/platforms')).text).to.contain('1');

    const approved = await admin.post(`${path}/deployments/${unknownDeployments[0]!.id}/approve`);
    expect(approved.url).to.contain('deploymentApproved');
    expect(await page()).to.deep.include({ unknownDeployments: [] });
    expect((await page()).platform.deployments).to.deep.equal(['1', '77']);
    expect(await audit()).to.deep.include({
      action: 'deployment-approved',
      changes: [{ field: 'deployments', before: '1', after: '1, 77' }],
    });
    expect((await from('77')).response.status).to.equal(200);
  });

  it('are taken in and noted, by setting', async () => {
    await accept();
    expect((await from('78')).response.status).to.equal(200);
    const { platform, unknownDeployments } = await page();
    expect(platform).to.deep.include({ unknownDeployments: 'accept', deployments: ['1', '78'] });
    expect(unknownDeployments).to.deep.equal([]);
    const noted = await audit();
    expect(noted).to.deep.include({ action: 'deployment-accepted' });
    expect(noted.actor.kind).to.equal('platform');
    expect(noted.changes).to.deep.equal([{ field: 'deployment', before: '', after: '78' }]);
  });

  it('a listing by hand ends the wait', async () => {
    await from('79');
    expect((await page()).unknownDeployments).to.have.length(1);
    const { text } = await admin.get(`${path}/edit`);
    const version = /name="version" value="([^"]+)"/.exec(text)![1]!;
    await admin.post(path, { name: '', deployments: '1\n79', frameOrigins: '', version });
    expect((await page()).unknownDeployments).to.deep.equal([]);
  });

  it('fill no memory: fifty wait at most, a hundred are listed', async () => {
    const { registrations } = testApp.app.lti;
    for (let at = 0; at < 55; at += 1) {
      testApp.clock.advance(1);
      await registrations.noteUnknownDeployment(testApp.registration, `d${at}`);
    }
    const waiting = await registrations.unknownDeployments(testApp.registration);
    expect(waiting.map(({ deployment }) => deployment))
      .to.have.length(50)
      .and.include('d54')
      .and.not.include('d0');
    for (let at = 0; at < 120; at += 1) await registrations.addDeployment(testApp.registration, `t${at}`);
    expect((await page()).platform.deployments).to.have.length(100);
    const full = await admin.post(`${path}/deployments/${waiting[0]!.id}/approve`);
    expect(full.status).to.equal(409);
    await accept();
    expect((await from('one too many')).response.status).to.equal(403);
  });

  it('a token that the platform has not signed reaches no list', async () => {
    await launchLink(testApp.lms, {
      person: '101',
      course: '2',
      forge: ({ jwt }) => {
        const [header, payload = ''] = jwt.split('.');
        const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
        const forged = Buffer.from(JSON.stringify({ ...claims, [CLAIM.deploymentId]: '80' })).toString(
          'base64url',
        );
        return `${header}.${forged}.${jwt.split('.')[2]}`;
      },
    });
    expect((await page()).unknownDeployments).to.deep.equal([]);
    await accept();
    expect((await page()).platform.deployments).to.deep.equal(['1']);
  });

  it("another platform's unknown deployment is not approved through this one", async () => {
    await testApp.app.lti.registrations.noteUnknownDeployment(
      { ...testApp.registration, id: '0'.repeat(24) },
      '81',
    );
    const [other] = await testApp.app.lti.registrations.unknownDeployments({
      ...testApp.registration,
      id: '0'.repeat(24),
    });
    expect((await admin.post(`${path}/deployments/${other!.id}/approve`)).status).to.equal(404);
  });
});
