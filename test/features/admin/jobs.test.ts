import { expect } from 'chai';
import { z } from 'zod';
import { defineJob, FinalError } from '../../../src/infra/jobs/index.js';
import { startAdminApp, type AdminTestApp, type AdminVisitor } from './support.js';

interface Page {
  readonly figures: readonly { name: string; label: string; waiting: number; failed: number }[];
  readonly failed: readonly { id: string; name: string; label: string; error: string }[];
}

describe("the administrator's page of background jobs", () => {
  let testApp: AdminTestApp;
  let admin: AdminVisitor;
  let refuses = true;

  before(async () => {
    testApp = await startAdminApp();
    await testApp.app.jobs.stop();
    await testApp.make();
    admin = await testApp.enter();
  });
  after(() => testApp.close());

  const page = () => admin.data<Page>('/admin/jobs');

  it('has a text for every kind of job', async () => {
    const { figures } = await page();
    expect(figures).to.have.length.greaterThan(3);
    for (const { name, label } of figures) expect(label, name).to.not.equal(name);
  });

  it('shows what has failed with its message, without addresses of people, and retries one or all', async () => {
    const { jobs } = testApp.app;
    const job = jobs.register(
      defineJob({
        name: 'refused-job',
        payload: z.object({ id: z.string() }),
        key: ({ id }) => id,
        run: () => {
          if (refuses) throw new FinalError('403 anna@example.org is not known');
        },
      }),
    );
    for (const id of ['a', 'b', 'c']) await jobs.enqueue(job, { id });
    await jobs.drain();
    const { figures, failed } = await page();
    expect(figures.find(({ name }) => name === 'refused-job')).to.include({ failed: 3, waiting: 0 });
    expect(failed.map(({ error }) => error)).to.deep.equal(Array(3).fill('403 •••@••• is not known'));
    expect((await admin.get('/admin/jobs')).text).to.contain('403 •••@••• is not known');

    refuses = false;
    expect((await admin.post(`/admin/jobs/${failed[0]!.id}/retry`, {}, { follow: false })).status).to.equal(
      303,
    );
    await jobs.drain();
    expect((await page()).failed).to.have.length(2);
    expect((await admin.post(`/admin/jobs/${failed[0]!.id}/retry`)).status).to.equal(404);
    expect(
      (await admin.post('/admin/jobs/retry', { name: 'refused-job' }, { follow: false })).status,
    ).to.equal(303);
    await jobs.drain();
    expect((await page()).failed).to.deep.equal([]);
    const { entries } = await admin.data<{ entries: { action: string }[] }>('/admin/audit');
    expect(entries.filter(({ action }) => action === 'jobs-retried')).to.have.length(2);
  });
});
