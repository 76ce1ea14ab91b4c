import { expect } from 'chai';
import express from 'express';
import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import request from 'supertest';
import { readyz } from '../../src/web/health.js';
import { workshop } from '../storage/support.js';

describe('readiness', () => {
  const { folder, open } = workshop();

  it('ends with the reason in words when the file of the database is moved away or replaced, and comes back', async () => {
    const path = join(folder(), 'x.db');
    const storage = await open(`file:${path}`);
    const lines: unknown[] = [];
    const app = express().get(
      '/readyz',
      readyz(storage, { error: (...line: unknown[]) => lines.push(line) }),
    );
    const ask = async () => {
      const reply = await request(app).get('/readyz');
      return { status: reply.status, body: reply.body as { status: string; reason?: string } };
    };
    expect(await ask()).to.deep.equal({ status: 200, body: { status: 'ready' } });

    renameSync(path, `${path}.away`);
    const away = await ask();
    expect(away).to.include({ status: 503 });
    expect(away.body.reason).to.contain('moved away or deleted').and.not.to.contain(path);
    writeFileSync(path, '');
    expect((await ask()).body.reason).to.contain('replaced by another one');
    await ask();
    expect(lines, 'said once for each reason').to.have.length(2);

    renameSync(`${path}.away`, path);
    expect((await ask()).status).to.equal(200);
  });
});
