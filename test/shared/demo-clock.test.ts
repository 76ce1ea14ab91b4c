import { expect } from 'chai';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { HOUR, MINUTE } from '../../src/shared/clock.js';
import { DemoClock } from '../../src/shared/demo-clock.js';

describe('the clock of a demo', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'nastavnik-clock-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('is ahead by what its file says, for other processes as well, and never goes back', () => {
    const file = path.join(folder, 'new', 'demo.clock');
    const clock = new DemoClock(file);
    expect(clock.now().getTime()).to.be.closeTo(Date.now(), MINUTE);
    clock.advance(HOUR);
    clock.advance(2 * HOUR);
    expect(new DemoClock(file).now().getTime()).to.be.closeTo(Date.now() + 3 * HOUR, MINUTE);
    expect(() => clock.advance(-1)).to.throw(RangeError);
  });
});
