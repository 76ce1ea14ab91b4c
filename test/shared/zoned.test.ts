import { expect } from 'chai';
import { instantAt, localAt } from '../../src/shared/zoned.js';

describe('wall-clock times of a zone', () => {
  for (const [local, zone, instant] of [
    ['2026-11-23T14:05', 'Europe/Moscow', '2026-11-23T11:05:00.000Z'],
    ['2026-11-23T14:05:30', 'Europe/Moscow', '2026-11-23T11:05:00.000Z'],
    ['2026-06-01T00:00', 'Asia/Vladivostok', '2026-05-31T14:00:00.000Z'],
    ['2026-01-01T00:30', 'America/St_Johns', '2026-01-01T04:00:00.000Z'],
    ['2026-02-28T23:59', 'UTC', '2026-02-28T23:59:00.000Z'],
  ] as const) {
    it(`${local} in ${zone} is ${instant}, and back`, () => {
      expect(instantAt(local, zone)?.toISOString()).to.equal(instant);
      expect(localAt(new Date(instant), zone)).to.equal(local.slice(0, 16));
    });
  }

  it('returns the first instant of an hour that comes twice', () => {
    expect(instantAt('2026-10-25T02:30', 'Europe/Berlin')?.toISOString()).to.equal(
      '2026-10-25T00:30:00.000Z',
    );
  });

  it('returns the time after the change for an hour that is skipped', () => {
    expect(instantAt('2026-03-29T02:30', 'Europe/Berlin')?.toISOString()).to.equal(
      '2026-03-29T01:30:00.000Z',
    );
  });

  for (const wrong of [
    '',
    '2026-02-30T10:00',
    '2026-13-01T00:00',
    '2026-07-01T25:00',
    '2026-07-01',
    'завтра',
  ]) {
    it(`${JSON.stringify(wrong)} is no time`, () => {
      expect(instantAt(wrong, 'Europe/Moscow')).to.equal(null);
    });
  }
});
