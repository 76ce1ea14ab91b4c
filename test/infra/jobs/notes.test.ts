import { expect } from 'chai';
import { z } from 'zod';
import { defineJob, defineLane } from '../../../src/infra/jobs/index.js';
import { gate, openQueue, until, type Queue } from './queue.js';

describe('ends of jobs that are noted together', () => {
  let queue: Queue;
  beforeEach(async () => (queue = await openQueue()));
  afterEach(() => queue.close());

  /** Jobs that end when their gate is opened. */
  const register = (most: number) => {
    const gates = new Map<string, ReturnType<typeof gate>>();
    const noted: string[] = [];
    const job = queue.jobs.register(
      defineJob({
        name: 'tell',
        payload: z.object({ id: z.string() }),
        key: ({ id }) => id,
        lane: defineLane({ name: 'tell', limit: 4, ahead: 4, notes: { most, withinMs: 60_000 } }),
        async run({ payload: { id }, noted: done }) {
          void done.then(() => noted.push(id));
          const step = gate();
          gates.set(id, step);
          await step.opened;
        },
      }),
    );
    const stateOf = async (id: string): Promise<string> => (await queue.row('tell', id)).state;
    return { job, gates, noted, stateOf };
  };
  const ids = ['a', 'b', 'c', 'd'];

  it('wait for each other while others run, and are written at once when none does', async () => {
    const { job, gates, noted, stateOf } = register(10);
    await queue.jobs.enqueueManyOnce(
      job,
      ids.map((id) => ({ id })),
    );
    const drained = queue.jobs.drain();
    await until(() => gates.size === 4);
    for (const id of ['a', 'b', 'c']) gates.get(id)?.open();
    await new Promise((resolve) => setImmediate(resolve));
    expect(noted).to.deep.equal([]);
    expect(await stateOf('a')).to.equal('waiting');
    gates.get('d')?.open();
    await drained;
    expect(noted).to.have.members(ids);
    expect(await Promise.all(ids.map(stateOf))).to.deep.equal(['done', 'done', 'done', 'done']);
  });

  it('are written once there are as many as the lane says', async () => {
    const { job, gates, noted, stateOf } = register(2);
    await queue.jobs.enqueueManyOnce(
      job,
      ids.map((id) => ({ id })),
    );
    const drained = queue.jobs.drain();
    await until(() => gates.size === 4);
    for (const id of ['a', 'b']) gates.get(id)?.open();
    await until(() => noted.length === 2);
    expect(await stateOf('a')).to.equal('done');
    for (const id of ['c', 'd']) gates.get(id)?.open();
    await drained;
  });

  it('leave a job due whose newer payload came meanwhile', async () => {
    const { job, gates } = register(10);
    await queue.jobs.enqueueManyOnce(job, [{ id: 'a' }, { id: 'b' }, { id: 'a' }]);
    const drained = queue.jobs.drain();
    await until(() => gates.size === 2);
    await queue.jobs.enqueue(job, { id: 'a' });
    const [first] = [gates.get('a')];
    gates.delete('a');
    first?.open();
    gates.get('b')?.open();
    await until(() => gates.has('a'));
    gates.get('a')?.open();
    await drained;
    expect(await queue.row('tell', 'a')).to.deep.include({ state: 'done', revision: 2 });
  });
});
