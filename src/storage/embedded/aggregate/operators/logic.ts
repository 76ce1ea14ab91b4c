import { isDocument } from '../../bson.js';
import { badValue, ErrorCode, serverError } from '../../errors.js';
import { isTrue } from '../../query/truth.js';
import { compareIn, isNullish, onValues, operandsOf, readFields, type Operator } from '../evaluator.js';

const comparison = (name: string, holds: (order: number) => boolean): Operator =>
  onValues(name, 2, 2, ([a, b], context) => holds(compareIn(a, b, context)));

const $cond: Operator = (operand, compile) => {
  const [condition, then, otherwise] = isDocument(operand)
    ? conditionFields(operand)
    : operandsOf('$cond', operand, 3, 3);
  const [test, yes, no] = [compile(condition), compile(then), compile(otherwise)];
  return (scope) => (isTrue(test(scope)) ? yes(scope) : no(scope));
};

function conditionFields(operand: unknown): unknown[] {
  const fields = readFields('$cond', operand, ['if', 'then', 'else'], []);
  return [fields.if, fields.then, fields.else];
}

const $switch: Operator = (operand, compile) => {
  const { branches, default: otherwise, ...rest } = readFields('$switch', operand, ['branches'], ['default']);
  if (Object.keys(rest).length > 0 || !Array.isArray(branches) || branches.length === 0) {
    throw badValue('$switch requires at least one branch');
  }
  const compiled = (branches as unknown[]).map((branch) => {
    const fields = readFields('$switch branch', branch, ['case', 'then'], []);
    return { test: compile(fields.case), then: compile(fields.then) };
  });
  const fallback = isDocument(operand) && 'default' in operand ? compile(otherwise) : undefined;
  return (scope) => {
    const branch = compiled.find(({ test }) => isTrue(test(scope)));
    if (branch) return branch.then(scope);
    if (!fallback) {
      throw serverError(
        ErrorCode.BadValue,
        '$switch could not find a matching branch, and no default was given',
      );
    }
    return fallback(scope);
  };
};

const $ifNull: Operator = (operand, compile) => {
  const parts = operandsOf('$ifNull', operand, 2, Infinity).map((part) => compile(part));
  return (scope) => {
    let value: unknown;
    for (const evaluate of parts) {
      value = evaluate(scope);
      if (!isNullish(value)) return value;
    }
    return value;
  };
};

/** `$and` and `$or` stop at the first operand that decides. */
const junction =
  (decides: boolean): Operator =>
  (operand, compile) => {
    const parts = (Array.isArray(operand) ? (operand as unknown[]) : [operand]).map((part) => compile(part));
    return (scope) => (parts.some((evaluate) => isTrue(evaluate(scope)) === decides) ? decides : !decides);
  };

const $let: Operator = (operand, compile) => {
  const { vars, in: body } = readFields('$let', operand, ['vars', 'in'], []);
  if (!isDocument(vars)) throw badValue('$let needs an object of variables');
  const names = Object.keys(vars);
  const values = names.map((name) => [name, compile(vars[name])] as const);
  const evaluate = compile(body, names);
  return (scope) => {
    const added = Object.fromEntries(values.map(([name, value]) => [name, value(scope)]));
    return evaluate({ ...scope, variables: { ...scope.variables, ...added } });
  };
};

export const LOGIC: Readonly<Record<string, Operator>> = {
  $eq: comparison('$eq', (order) => order === 0),
  $ne: comparison('$ne', (order) => order !== 0),
  $gt: comparison('$gt', (order) => order > 0),
  $gte: comparison('$gte', (order) => order >= 0),
  $lt: comparison('$lt', (order) => order < 0),
  $lte: comparison('$lte', (order) => order <= 0),
  $cmp: onValues('$cmp', 2, 2, ([a, b], context) => Math.sign(compareIn(a, b, context))),
  $and: junction(false),
  $or: junction(true),
  $not: onValues('$not', 1, 1, ([value]) => !isTrue(value)),
  $cond,
  $switch,
  $ifNull,
  $let,
};
