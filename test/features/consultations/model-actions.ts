/** Who does what in the property test: people, series, and actions by chance. */
import fc from 'fast-check';
import { MARKS } from '../../../src/features/consultations/held/marks.js';
import { DAY, HOUR, MINUTE } from '../../../src/shared/clock.js';
import { EDGES, LIMITS, type ModelSeries } from './model.js';

export const DAY_MINUTES = DAY / MINUTE;
const WEEK = 7 * DAY_MINUTES;
export const LENGTH = 30;

/** Two students who study in both courses, and a teacher of the second who studies in the first. */
export const STUDENTS = ['121', '122', '12'] as const;
export type Course = 'first' | 'second';
/** Whose the series are, and who can substitute; 17 teaches in both courses. */
export const TEACHERS = {
  first: { owner: '17', other: '15' },
  second: { owner: '12', other: '17' },
} as const;
export const LMS_COURSE = { first: '3', second: '2' } as const;

const usual = {
  ...{ type: 'group', individual: false, approval: false, shown: false, opensDays: 0, ended: false },
  ...{ closesHours: 0, rescheduleHours: 0, cancelHours: 0, before: 0, after: 0, capacity: 2 },
  limits: { 'at-once': 0, week: 0, series: 0 },
};
type Begun = Omit<ModelSeries, 'teacher'> & { readonly course: Course; readonly starts: readonly number[] };

/** What every sequence begins with; a second start in the first's week is a second band. */
export const SERIES: readonly Begun[] = [
  {
    ...usual,
    name: 'one',
    course: 'first',
    type: 'individual',
    individual: true,
    capacity: 1,
    starts: [600, 660],
  },
  { ...usual, name: 'pair', course: 'first', shown: true, before: 10, after: 5, starts: [720] },
  {
    ...{ ...usual, name: 'asked', course: 'first', type: 'individual', individual: true, capacity: 1 },
    ...{
      approval: true,
      opensDays: 4,
      closesHours: 24,
      rescheduleHours: 12,
      cancelHours: 6,
      starts: [900, 900 + WEEK],
    },
  },
  {
    ...{ ...usual, name: 'limited', course: 'second', limits: { ...usual.limits, series: 1 } },
    starts: [615, 735],
  },
  {
    ...{ ...usual, name: 'weekly', course: 'second', type: 'class', limits: { ...usual.limits, week: 1 } },
    starts: [840, 840 + WEEK],
  },
];
export const ROOMS = ['', 'А', 'Б'] as const;

/** All times are before the slots, but for those of series that close or open early. */
export const BEGINS_AT = 10 * HOUR - 40 * HOUR;

const student = fc.nat({ max: STUDENTS.length - 1 });
const slot = fc.nat({ max: 9 });
const booking = fc.nat({ max: 5 });
const series = fc.nat({ max: SERIES.length - 1 });
/** Of the two teachers, the other has no right to most of it unless as a substitute. */
const by = fc.constantFrom('owner', 'owner', 'owner', 'other');
const to = fc.constantFrom(600, 645, 660, 720, 780, 780 + WEEK, 840 + WEEK);
const step = <Name extends string, Rest>(weight: number, name: Name, rest: fc.Arbitrary<Rest>) => ({
  weight,
  arbitrary: rest.map((values) => ({ do: name, ...values })),
});

export const action = fc.oneof(
  step(
    8,
    'book',
    fc.record({ student, slot, friend: fc.nat({ max: 3 }).map((n) => n === 0), again: fc.boolean() }),
  ),
  step(3, 'join', fc.record({ student, slot, tell: fc.boolean() })),
  step(2, 'accept', fc.record({ booking })),
  step(2, 'approve', fc.record({ booking, by })),
  step(4, 'move', fc.record({ booking, slot, by: fc.option(by), companion: fc.boolean() })),
  step(3, 'cancel', fc.record({ booking, by: fc.option(by), companion: fc.boolean() })),
  step(2, 'undo', fc.record({ booking, by: fc.option(by), companion: fc.boolean() })),
  step(2, 'group', fc.record({ slot, by })),
  step(1, 'cancelSlot', fc.record({ slot, by })),
  step(1, 'removeSlot', fc.record({ slot, by })),
  step(2, 'moveSlot', fc.record({ slot, to, by })),
  step(1, 'addSlot', fc.record({ series, to, by })),
  step(2, 'substitute', fc.record({ slot, by, teacher: fc.constantFrom('owner', 'other') })),
  step(1, 'room', fc.record({ slot, by, room: fc.constantFrom(...ROOMS) })),
  step(
    1,
    'edit',
    fc.record({
      series,
      by,
      more: fc.integer({ min: -1, max: 1 }),
      limit: fc.constantFrom(...LIMITS),
      most: fc.nat(2),
    }),
  ),
  step(1, 'end', fc.record({ series, by })),
  step(
    2,
    'wait',
    fc.record({ ms: fc.constantFrom(30_000, MINUTE, MINUTE + 1, 13 * HOUR, 26 * HOUR), jobs: fc.boolean() }),
  ),
  step(
    2,
    'waitFor',
    fc.record({
      ...{ slot, past: fc.nat({ max: 1 }), jobs: fc.boolean() },
      edge: fc.constantFrom(...(Object.keys(EDGES) as (keyof typeof EDGES)[])),
    }),
  ),
  step(2, 'mark', fc.record({ slot, by, mark: fc.constantFrom(...MARKS), stale: fc.boolean() })),
);
export type Action = typeof action extends fc.Arbitrary<infer Made> ? Made : never;

const book = (who: number, what: number, friend = false): Action => ({
  ...{ do: 'book', student: who, slot: what, friend, again: false },
});

/** How a sequence begins: chance alone seldom meets a full slot for which someone waits, or people who are busy. */
export const BEGINNINGS: readonly (readonly Action[])[] = [
  [],
  [
    book(0, 0),
    { do: 'join', student: 1, slot: 0, tell: false },
    { do: 'cancel', booking: 0, by: null, companion: false },
  ],
  [book(0, 1), book(0, 5)],
  [
    { do: 'group', slot: 5, by: 'owner' },
    { do: 'group', slot: 6, by: 'owner' },
    { do: 'group', slot: 2, by: 'owner' },
  ],
  [book(0, 7), book(0, 8), { do: 'moveSlot', slot: 7, to: 780 + WEEK, by: 'owner' }],
  // One asks, and two wait for the answer.
  [
    book(1, 3),
    { do: 'join', student: 0, slot: 3, tell: false },
    { do: 'join', student: 2, slot: 3, tell: true },
  ],
  // Two who booked together, in a slot that another teacher holds.
  [book(0, 2, true), { do: 'substitute', slot: 2, by: 'owner', teacher: 'other' }],
  // Held, and marked once.
  [
    book(0, 0),
    { do: 'waitFor', slot: 0, past: 0, jobs: true, edge: 'starts' },
    { do: 'mark', slot: 0, by: 'owner', mark: 'late', stale: false },
  ],
];
