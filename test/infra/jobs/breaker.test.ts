import { expect } from 'chai';
import { Breaker } from '../../../src/infra/jobs/breaker.js';
import { DAY, HOUR, SECOND } from '../../../src/shared/clock.js';

const LIMIT = 8;

describe('the circuit breaker of a lane', () => {
  const start = new Date('2026-11-23T10:00:00Z');
  const after = (ms: number) => new Date(start.getTime() + ms);
  const opened = (): Breaker => {
    const breaker = new Breaker(() => 0);
    for (let n = 0; n < 7; n += 1) expect(breaker.failed(`job${n}`, start)).to.equal(false);
    expect(breaker.failed('job7', start)).to.equal(true);
    return breaker;
  };

  it('opens when several jobs fail one after another, and lets one through after a while', () => {
    const breaker = opened();
    expect(breaker.slots(start, LIMIT)).to.equal(0);
    expect(breaker.slots(after(1_999), LIMIT)).to.equal(0);
    expect(breaker.slots(after(2_000), LIMIT)).to.equal(1);
    breaker.succeeded();
    expect(breaker.slots(after(2_000), LIMIT)).to.equal(LIMIT);
    expect(breaker.openUntil).to.equal(null);
  });

  it('lets a job through when its pause became longer than any because the clock was put back', () => {
    const breaker = opened();
    expect(breaker.slots(after(-DAY), LIMIT)).to.equal(1);
    expect(breaker.failed('x', after(-DAY)), 'the pause begins anew').to.equal(true);
    expect(breaker.slots(after(-DAY), LIMIT)).to.equal(0);
  });

  it('waits longer with every job that fails, up to five minutes', () => {
    const breaker = opened();
    const pauses: number[] = [];
    for (let n = 0; n < 10; n += 1) {
      const now = breaker.openUntil!.getTime();
      expect(breaker.failed('x', new Date(now))).to.equal(true);
      pauses.push((breaker.openUntil!.getTime() - now) / SECOND);
    }
    expect(pauses).to.deep.equal([4, 8, 16, 32, 64, 128, 256, 300, 300, 300]);
  });

  it('is not opened by one job that always fails, nor by failures with answers in between', () => {
    const breaker = new Breaker(() => 0);
    for (let n = 0; n < 50; n += 1) expect(breaker.failed('the same', start)).to.equal(false);
    for (let n = 0; n < 50; n += 1) {
      breaker.failed(`job${n}`, start);
      if (n % 5 === 0) breaker.succeeded();
    }
    expect(breaker.slots(start, LIMIT)).to.equal(LIMIT);
  });

  it('learns nothing from jobs that set out before it opened', () => {
    const breaker = opened();
    for (let n = 0; n < 20; n += 1) expect(breaker.failed(`late${n}`, start)).to.equal(false);
    expect(breaker.slots(after(2_000), LIMIT)).to.equal(1);
  });

  it('waits as long as the other side asks, within reason', () => {
    const asked = (ms: number) => {
      const breaker = new Breaker(() => 0);
      for (let n = 0; n < 8; n += 1) breaker.failed(`job${n}`, start, ms);
      return breaker.openUntil!.getTime() - start.getTime();
    };
    expect(asked(30 * SECOND)).to.equal(30 * SECOND);
    expect(asked(7 * DAY)).to.equal(HOUR);
  });
});
