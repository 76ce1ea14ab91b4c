/**
 * Values that a field of each kind must refuse, as JSON can bring them. `undefined` is a missing field; a name
 * with `?` may be missing, and empty.
 */
const MISTYPED = [{}, { $ne: 1 }, { $gt: '' }, [[]], [{ $ne: 1 }], null];
const DOUBLED = ['a', 'b'];
const HUGE = 'я'.repeat(20_000);

const note = [...MISTYPED, DOUBLED, HUGE, 5, true];
const number = [...MISTYPED, 'x', '-1', -1, 1.5, 1e21, '1e3', '0x10', true, HUGE, ['1', '2'], 'NaN'];
const decimal = [...MISTYPED, 'x', -1, '-1', 1e21, '1e99', true, HUGE, ['1', '2'], 'NaN', 'Infinity'];
const choice = [...MISTYPED, DOUBLED, HUGE, 'nonsense', '__proto__', 'constructor', 'toString', 5, true];
const flag = [...MISTYPED, ['on', 'on'], HUGE, 'maybe', 5];
const list = [...MISTYPED, HUGE, [null], [5, {}]];
const date = [
  ...[...MISTYPED, DOUBLED, HUGE, 'tomorrow', '2026-02-30', '2026-13-01', '0', 5, true],
  // The week, and the zones, around them leave the calendar.
  ...['0001-01-01', '9999-12-31'],
];
const time = [...MISTYPED, DOUBLED, HUGE, 'noon', '25:00', '12:60', 5, true];

export const WRONG = {
  text: [...note, undefined, '', '   ', '\u0000\u0007'],
  'text?': note,
  number: [...number, undefined, ''],
  'number?': number,
  'decimal?': decimal,
  decimal: [...decimal, undefined, ''],
  choice: [...choice, undefined, ''],
  'choice?': choice,
  'flag?': flag,
  list: [...list, undefined],
  'list?': list,
  token: [...MISTYPED, DOUBLED, HUGE, undefined, '', 'a b c d e f', '__proto__\u0000', 5, true],
  date: [...date, undefined, ''],
  'date?': date,
  time: [...time, undefined, ''],
} satisfies Record<string, readonly unknown[]>;

export type Kind = keyof typeof WRONG;
