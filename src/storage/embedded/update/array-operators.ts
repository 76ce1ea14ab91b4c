import { isDocument, type Doc } from '../bson.js';
import { compareValues, sameValue } from '../compare.js';
import { badValue, ErrorCode, serverError, show } from '../errors.js';
import { isNumeric, toDouble } from '../numbers.js';
import type { ValueTest } from '../paths.js';
import { filterOf } from '../query/filter.js';
import { compileFilter, compileValueNode } from '../query/match.js';
import { isOperatorObject, parseFilter, parseOperators, parseValue } from '../query/parse.js';
import { typeName } from '../query/types.js';
import { readSort } from '../read/options.js';
import { Sorter } from '../read/sorter.js';
import type { UpdateOperator, UpdateTarget } from './operators.js';
import { KEEP } from './target.js';

const NO_CONTEXT = filterOf({ kind: 'and', nodes: [] }).context;

function existing({ path, id }: UpdateTarget, current: unknown): unknown[] {
  if (Array.isArray(current)) return current;
  const name = path.split('.').at(-1) ?? '';
  throw badValue(
    `The field '${name}' must be an array but is of type ${typeName(current)} in document {_id: ${show(id)}}`,
  );
}

const PUSH_MODIFIERS = ['$each', '$slice', '$sort', '$position'];

function wholeNumber(name: string, operand: unknown): number {
  const number = isNumeric(operand) ? toDouble(operand) : NaN;
  if (!Number.isInteger(number)) throw badValue(`The value for ${name} must be an integer value`);
  return number;
}

/** Modifiers, or undefined when the operand is the value to push. */
function readModifiers(operand: unknown): Doc | undefined {
  if (!isDocument(operand) || !('$each' in operand)) return undefined;
  const unknown = Object.keys(operand).find((name) => !PUSH_MODIFIERS.includes(name));
  if (unknown !== undefined) throw badValue(`Unrecognized clause in $push: ${unknown}`);
  if (!Array.isArray(operand.$each)) throw badValue('The argument to $each in $push must be an array');
  return operand;
}

const $push: UpdateOperator = {
  creates: true,
  compile: (_, operand) => {
    const modifiers = readModifiers(operand);
    const added = modifiers ? (modifiers.$each as unknown[]) : [operand];
    const position = modifiers?.$position;
    const at = position === undefined ? undefined : wholeNumber('$position', position);
    const sort = modifiers?.$sort === undefined ? undefined : elementOrder(modifiers.$sort);
    const slice = modifiers?.$slice === undefined ? undefined : wholeNumber('$slice', modifiers.$slice);
    return (target) => (current) => {
      let items = current === undefined ? [] : [...existing(target, current)];
      items.splice(at ?? items.length, 0, ...added);
      if (sort) items = sort(items);
      if (slice === undefined) return items;
      return slice >= 0 ? items.slice(0, slice) : items.slice(slice);
    };
  },
};

function elementOrder(operand: unknown): (items: unknown[]) => unknown[] {
  if (isDocument(operand)) {
    const spec = readSort(operand);
    return (items) => {
      const sorter = new Sorter<unknown>(spec, 0);
      for (const item of items) sorter.add(isDocument(item) ? item : {}, item, 0);
      return sorter.sorted();
    };
  }
  const direction = wholeNumber('$sort', operand);
  if (direction !== 1 && direction !== -1) throw badValue('The $sort element value must be either 1 or -1');
  return (items) => items.toSorted((a, b) => direction * compareValues(a, b));
}

const $addToSet: UpdateOperator = {
  creates: true,
  compile: (_, operand) => {
    const each = isDocument(operand) && '$each' in operand ? operand.$each : undefined;
    if (each !== undefined && !Array.isArray(each)) {
      throw serverError(ErrorCode.TypeMismatch, 'The argument to $each in $addToSet must be an array');
    }
    const added = each ?? [operand];
    return (target) => (current) => {
      const items = current === undefined ? [] : [...existing(target, current)];
      for (const value of added as unknown[]) {
        if (!items.some((item) => sameValue(item, value))) items.push(value);
      }
      return items;
    };
  },
};

/** What goes: equal values, values that pass operators, objects that match a filter. */
function removal(operand: unknown): ValueTest {
  if (isOperatorObject(operand)) return compileValueNode(parseOperators(operand), NO_CONTEXT);
  if (!isDocument(operand)) return compileValueNode(parseValue(operand), NO_CONTEXT);
  const matches = compileFilter(parseFilter(operand), NO_CONTEXT);
  return (element) => isDocument(element) && matches(element);
}

function removing(
  name: '$pull' | '$pullAll',
  goes: ValueTest,
): (target: UpdateTarget) => (current: unknown) => unknown {
  return () => (current) => {
    if (current === undefined) return KEEP;
    if (!Array.isArray(current)) throw badValue(`Cannot apply ${name} to a non-array value`);
    const kept = (current as unknown[]).filter((element) => !goes(element));
    return kept.length === current.length ? KEEP : kept;
  };
}

const $pop: UpdateOperator = {
  creates: false,
  compile: (path, operand) => {
    const end = isNumeric(operand) ? toDouble(operand) : NaN;
    if (end !== 1 && end !== -1) {
      throw serverError(ErrorCode.FailedToParse, `$pop expects 1 or -1, found: ${show(operand)}`);
    }
    return () => (current) => {
      if (current === undefined) return KEEP;
      if (!Array.isArray(current)) {
        throw serverError(
          ErrorCode.TypeMismatch,
          `Path '${path}' contains an element of non-array type '${typeName(current)}'`,
        );
      }
      const items: unknown[] = current;
      return items.length === 0 ? KEEP : end === 1 ? items.slice(0, -1) : items.slice(1);
    };
  },
};

export const ARRAY_OPERATORS: Readonly<Record<string, UpdateOperator>> = {
  $push,
  $addToSet,
  $pull: { creates: false, compile: (_, operand) => removing('$pull', removal(operand)) },
  $pullAll: {
    creates: false,
    compile: (_, operand) => {
      if (!Array.isArray(operand)) throw badValue('$pullAll requires an array argument');
      const values = operand as unknown[];
      return removing('$pullAll', (element) => values.some((value) => sameValue(element, value)));
    },
  },
  $pop,
};
