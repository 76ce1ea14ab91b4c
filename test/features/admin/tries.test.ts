import { expect } from 'chai';
import { createTriesStore } from '../../../src/features/admin/accounts/tries.store.js';
import { HOUR, ManualClock, MINUTE, SECOND } from '../../../src/shared/clock.js';
import { openStorage } from '../../../src/storage/index.js';

describe('tries at logins', () => {
  it('are paused for no longer than the rule says, also if the clock is put back', async () => {
    const clock = new ManualClock('2026-11-23T10:00:00Z');
    const storage = await openStorage({ url: 'file::memory:', clock });
    try {
      const tries = createTriesStore(storage.connection);
      await storage.ensureIndexes();
      const rule = { free: 1, firstPause: 30 * SECOND, longestPause: 15 * MINUTE, forget: HOUR };
      const claim = () => tries.claim('x', rule, clock.now());
      expect(await claim()).to.equal(null);
      expect(await claim()).to.be.instanceOf(Date);
      clock.advance(-HOUR);
      expect(await claim()).to.equal(null);
      expect(await claim()).to.be.instanceOf(Date);
    } finally {
      await storage.close();
    }
  });
});
