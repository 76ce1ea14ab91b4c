import { field, isDocument, setField, type Doc } from '../../bson.js';
import { badValue } from '../../errors.js';
import { isNullish, onPresentValues, onValues, wrongType, type Operator } from '../evaluator.js';

/** Later objects win, field by field; null and missing count as empty. */
export function mergeObjects(values: readonly unknown[]): Doc {
  const result: Doc = {};
  for (const value of values) {
    if (isNullish(value)) continue;
    if (!isDocument(value)) throw wrongType('$mergeObjects', 'objects');
    for (const [name, item] of Object.entries(value)) setField(result, name, item);
  }
  return result;
}

const $mergeObjects: Operator = (operand, compile) => {
  if (Array.isArray(operand)) {
    const parts = (operand as unknown[]).map((part) => compile(part));
    return (scope) => mergeObjects(parts.map((evaluate) => evaluate(scope)));
  }
  const evaluate = compile(operand);
  return (scope) => {
    const value = evaluate(scope);
    return mergeObjects(Array.isArray(value) ? value : [value]);
  };
};

const $arrayToObject = onPresentValues('$arrayToObject', 1, 1, ([value]) => {
  if (!Array.isArray(value)) throw wrongType('$arrayToObject', 'an array');
  const result: Doc = {};
  for (const item of value as unknown[]) {
    const [name, content] = Array.isArray(item)
      ? (item as unknown[])
      : isDocument(item)
        ? [item.k, item.v]
        : [];
    if (typeof name !== 'string') throw wrongType('$arrayToObject', 'pairs of a name and a value');
    setField(result, name, content ?? null);
  }
  return result;
});

const $getField: Operator = (operand, compile) => {
  const named = isDocument(operand) && 'field' in operand;
  const name = compile(named ? operand.field : operand);
  const input = named && 'input' in operand ? compile(operand.input) : compile('$$CURRENT');
  return (scope) => {
    const key = name(scope);
    if (typeof key !== 'string') throw badValue('$getField requires a string');
    const value = input(scope);
    if (isNullish(value)) return value;
    return isDocument(value) ? field(value, key) : undefined;
  };
};

export const OBJECTS: Readonly<Record<string, Operator>> = {
  $mergeObjects,
  $arrayToObject,
  $getField,
  $objectToArray: onValues('$objectToArray', 1, 1, ([value]) => {
    if (isNullish(value)) return null;
    if (!isDocument(value)) throw wrongType('$objectToArray', 'an object');
    return Object.entries(value).map(([k, v]) => ({ k, v }));
  }),
};
