import { isDocument } from '../../bson.js';
import { badValue } from '../../errors.js';
import { isNumeric, toDouble } from '../../numbers.js';
import { isTrue } from '../../query/truth.js';
import { readSort } from '../../read/options.js';
import { Sorter } from '../../read/sorter.js';
import {
  compareIn,
  isNullish,
  onPresentValues,
  onValues,
  readFields,
  wrongType,
  type Evaluator,
  type Operator,
} from '../evaluator.js';

function arrayOf(name: string, value: unknown): unknown[] {
  if (!Array.isArray(value)) throw wrongType(name, 'an array');
  return value;
}

function intOf(name: string, value: unknown): number {
  const number = isNumeric(value) ? toDouble(value) : NaN;
  if (!Number.isInteger(number)) throw wrongType(name, 'a whole number');
  return number;
}

const $arrayElemAt = onPresentValues('$arrayElemAt', 2, 2, ([array, index]) =>
  arrayOf('$arrayElemAt', array).at(intOf('$arrayElemAt', index)),
);

/** `$filter`, `$map`: an expression per element, under a name. */
function perElement(
  name: string,
  body: string,
  optional: readonly string[],
  collect: (array: unknown[], evaluate: (element: unknown) => unknown, limit: number) => unknown[],
): Operator {
  return (operand, compile) => {
    const fields = readFields(name, operand, ['input', body], ['as', ...optional]);
    const as = fields.as ?? 'this';
    if (typeof as !== 'string') throw badValue(`${name} needs a name in 'as'`);
    const input = compile(fields.input);
    const inner = compile(fields[body], [as]);
    const limit: Evaluator = 'limit' in fields ? compile(fields.limit) : () => undefined;
    return (scope) => {
      const array = input(scope);
      if (isNullish(array)) return null;
      const variables: Record<string, unknown> = { ...scope.variables };
      const innerScope = { root: scope.root, variables };
      const most = limit(scope);
      return collect(
        arrayOf(name, array),
        (element) => {
          variables[as] = element;
          return inner(innerScope);
        },
        isNullish(most) ? Infinity : intOf(name, most),
      );
    };
  };
}

const $reduce: Operator = (operand, compile) => {
  const fields = readFields('$reduce', operand, ['input', 'initialValue', 'in'], []);
  const [input, initial] = [compile(fields.input), compile(fields.initialValue)];
  const inner = compile(fields.in, ['value', 'this']);
  return (scope) => {
    const array = input(scope);
    if (isNullish(array)) return null;
    return arrayOf('$reduce', array).reduce<unknown>(
      (value, element) =>
        inner({ root: scope.root, variables: { ...scope.variables, value, this: element } }) ?? null,
      initial(scope),
    );
  };
};

const $slice = onPresentValues('$slice', 2, 3, (values) => {
  const array = arrayOf('$slice', values[0]);
  const first = intOf('$slice', values[1]);
  if (values.length === 2) return first >= 0 ? array.slice(0, first) : array.slice(first);
  const count = intOf('$slice', values[2]);
  if (count <= 0) throw badValue('Third argument to $slice must be positive');
  const start = first >= 0 ? first : Math.max(0, array.length + first);
  return array.slice(start, start + count);
});

const $range = onPresentValues('$range', 2, 3, ([from, to, by = 1]) => {
  const [start, end, step] = [intOf('$range', from), intOf('$range', to), intOf('$range', by)];
  if (step === 0) throw badValue('$range requires a non-zero step value');
  const count = Math.max(0, Math.ceil((end - start) / step));
  if (count > 1_000_000) throw badValue('$range would be too long');
  return Array.from({ length: count }, (_, i) => start + i * step);
});

const $indexOfArray = onValues('$indexOfArray', 2, 4, ([array, wanted, start = 0, end], context) => {
  if (isNullish(array)) return null;
  const list = arrayOf('$indexOfArray', array);
  const stop = end === undefined ? list.length : intOf('$indexOfArray', end);
  const from = intOf('$indexOfArray', start);
  return list.findIndex((item, i) => i >= from && i < stop && compareIn(item, wanted, context) === 0);
});

const $sortArray: Operator = (operand, compile, context) => {
  const { input, sortBy } = readFields('$sortArray', operand, ['input', 'sortBy'], []);
  const array = compile(input);
  const direction = isNumeric(sortBy) ? toDouble(sortBy) : undefined;
  const sort = direction === undefined ? readSort(sortBy) : [];
  return (scope) => {
    const value = array(scope);
    if (isNullish(value)) return null;
    const items = arrayOf('$sortArray', value);
    if (direction !== undefined) {
      return items.toSorted((a, b) => (direction < 0 ? compareIn(b, a, context) : compareIn(a, b, context)));
    }
    const sorter = new Sorter<unknown>(sort, 0, context.collator);
    for (const item of items) sorter.add(isDocument(item) ? item : {}, item, 0);
    return sorter.sorted();
  };
};

const $concatArrays = onPresentValues('$concatArrays', 0, Infinity, (values) =>
  values.flatMap((value) => arrayOf('$concatArrays', value)),
);

export const ARRAYS: Readonly<Record<string, Operator>> = {
  $arrayElemAt,
  $concatArrays,
  $filter: perElement('$filter', 'cond', ['limit'], (array, evaluate, limit) => {
    const kept: unknown[] = [];
    for (const element of array) {
      if (kept.length >= limit) break;
      if (isTrue(evaluate(element))) kept.push(element);
    }
    return kept;
  }),
  $map: perElement('$map', 'in', [], (array, evaluate) => array.map((element) => evaluate(element) ?? null)),
  $reduce,
  $slice,
  $range,
  $indexOfArray,
  $sortArray,
  $in: onValues('$in', 2, 2, ([item, array], context) =>
    arrayOf('$in', array).some((other) => compareIn(other, item, context) === 0),
  ),
  $isArray: onValues('$isArray', 1, 1, ([value]) => Array.isArray(value)),
  $size: onValues('$size', 1, 1, ([value]) => arrayOf('$size', value).length),
  $reverseArray: onPresentValues('$reverseArray', 1, 1, ([value]) =>
    arrayOf('$reverseArray', value).toReversed(),
  ),
};

/** `$first` and `$last` of an array value. */
export const firstOf = onPresentValues('$first', 1, 1, ([value]) => arrayOf('$first', value)[0]);
export const lastOf = onPresentValues('$last', 1, 1, ([value]) => arrayOf('$last', value).at(-1));
