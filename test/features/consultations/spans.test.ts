import { expect } from 'chai';
import { addDays, dateIn, weekdayOf } from '../../../src/shared/days.js';
import { offsetText } from '../../../src/shared/zoned.js';
import { overlap, spansOf, type Pattern } from '../../../src/features/consultations/slots/intervals.js';
import { personClaims } from '../../../src/features/schedule/index.js';

const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];

const pattern = (changes: Partial<Pattern>): Pattern => ({
  zone: 'Europe/Moscow',
  from: '2026-10-05',
  to: '2026-10-05',
  weekdays: EVERY_DAY,
  start: '15:00',
  end: '17:00',
  length: 30,
  bands: [],
  except: [],
  gap: 0,
  ...changes,
});

const starts = (changes: Partial<Pattern>): string[] =>
  spansOf(pattern(changes)).map(({ startsAt }) => startsAt.toISOString());

const minutes = (changes: Partial<Pattern>): number[] =>
  spansOf(pattern(changes)).map(({ startsAt, endsAt }) => (endsAt.getTime() - startsAt.getTime()) / 60_000);

describe('consultations: spans of a series', () => {
  it('divides the hours of a day into slots and leaves the rest', () => {
    expect(starts({ length: 45 })).to.deep.equal(['2026-10-05T12:00:00.000Z', '2026-10-05T12:45:00.000Z']);
    expect(minutes({ length: 45 })).to.deep.equal([45, 45]);
  });

  it('keeps the break between slots, and asks for none after the last', () => {
    expect(starts({ length: 50, gap: 20 })).to.deep.equal([
      '2026-10-05T12:00:00.000Z',
      '2026-10-05T13:10:00.000Z',
    ]);
  });

  it('takes the days of the week that were chosen, the last day included', () => {
    // The 5th of October 2026 is a Monday.
    const days = starts({ to: '2026-10-18', weekdays: [1, 7], length: 120 });
    expect(days.map((start) => start.slice(0, 10))).to.deep.equal([
      '2026-10-05',
      '2026-10-11',
      '2026-10-12',
      '2026-10-18',
    ]);
  });

  it('has none when the length does not fit, or no such day comes', () => {
    expect(starts({ length: 125 })).to.be.empty;
    expect(starts({ weekdays: [2] })).to.be.empty;
  });

  it('stays at the same clock time in Berlin when summer time ends', () => {
    const all = starts({
      zone: 'Europe/Berlin',
      from: '2026-10-24',
      to: '2026-10-26',
      end: '15:30',
    });
    expect(all).to.deep.equal([
      '2026-10-24T13:00:00.000Z',
      '2026-10-25T14:00:00.000Z',
      '2026-10-26T14:00:00.000Z',
    ]);
  });

  it('stays at the same clock time in Berlin when summer time begins', () => {
    const all = starts({ zone: 'Europe/Berlin', from: '2027-03-27', to: '2027-03-29', end: '15:30' });
    expect(all).to.deep.equal([
      '2027-03-27T14:00:00.000Z',
      '2027-03-28T13:00:00.000Z',
      '2027-03-29T13:00:00.000Z',
    ]);
  });

  it('never moves in Moscow', () => {
    for (const [from, to] of [
      ['2026-10-24', '2026-10-26'],
      ['2027-03-27', '2027-03-29'],
    ] as const) {
      expect(starts({ from, to, end: '15:30' }).map((start) => start.slice(11))).to.deep.equal([
        '12:00:00.000Z',
        '12:00:00.000Z',
        '12:00:00.000Z',
      ]);
    }
  });

  it('gives neither overlapping nor longer slots in a night on which clocks change', () => {
    const night = { zone: 'Europe/Berlin', start: '01:00', end: '04:00', length: 60 };
    const shorter = spansOf(pattern({ ...night, from: '2027-03-28', to: '2027-03-28' }));
    const longer = spansOf(pattern({ ...night, from: '2026-10-25', to: '2026-10-25' }));
    expect(shorter).to.have.length(2);
    expect(longer).to.have.length(4);
    for (const spans of [shorter, longer]) {
      expect(spans.slice(1).every(({ startsAt }, at) => !(startsAt < spans[at]!.endsAt))).to.equal(true);
      expect(spans.every(({ startsAt, endsAt }) => Number(endsAt) - Number(startsAt) === 3_600_000)).to.equal(
        true,
      );
    }
  });
});

describe('consultations: time taken', () => {
  const span = (from: string, to: string) => ({
    startsAt: new Date(`2026-10-05T${from}Z`),
    endsAt: new Date(`2026-10-05T${to}Z`),
  });
  const common = (a: readonly string[], b: readonly string[]): number =>
    a.filter((key) => b.includes(key)).length;

  it('shares a key exactly when two spans of one person overlap', () => {
    const spans = [
      span('12:00', '12:30'),
      span('12:30', '13:00'),
      span('12:25', '12:35'),
      span('11:00', '14:00'),
      span('12:05', '12:10'),
    ];
    for (const a of spans) {
      for (const b of spans) {
        expect(common(personClaims(['p'], a), personClaims(['p'], b)) > 0).to.equal(overlap(a, b));
      }
    }
  });

  it('has a key for every five minutes, and none of another person', () => {
    const keys = personClaims(['p'], span('12:00', '12:30'));
    expect(new Set(keys)).to.have.property('size', 6);
    expect(common(keys, personClaims(['q'], span('12:00', '12:30')))).to.equal(0);
  });
});

describe('consultations: calendar days', () => {
  it('counts days over the ends of months and leap days', () => {
    expect(addDays('2028-02-28', 1)).to.equal('2028-02-29');
    expect(addDays('2026-12-31', 1)).to.equal('2027-01-01');
    expect(addDays('2026-03-01', -1)).to.equal('2026-02-28');
  });

  it('counts Monday as 1 and Sunday as 7', () => {
    expect(weekdayOf('2026-10-05')).to.equal(1);
    expect(weekdayOf('2026-10-11')).to.equal(7);
  });

  it('knows that it is tomorrow already further east', () => {
    const evening = new Date('2026-10-05T20:30:00Z');
    expect(dateIn('Europe/Moscow', evening)).to.equal('2026-10-05');
    expect(dateIn('Asia/Vladivostok', evening)).to.equal('2026-10-06');
  });

  it('writes offsets east and west, with their minutes', () => {
    const day = new Date('2026-07-01T12:34:56.789Z');
    expect(offsetText('Europe/Moscow', day)).to.equal('+03:00');
    expect(offsetText('Asia/Kathmandu', day)).to.equal('+05:45');
    expect(offsetText('America/St_Johns', day)).to.equal('−02:30');
  });
});
