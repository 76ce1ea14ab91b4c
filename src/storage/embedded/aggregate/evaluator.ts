import { field, isDocument, type Doc } from '../bson.js';
import { compareValues, type StringComparator } from '../compare.js';
import { badValue, ErrorCode, serverError, type ServerError } from '../errors.js';

/** What an expression is evaluated against. */
export interface Scope {
  /** `$$ROOT`, and what `$field` looks into. */
  readonly root: unknown;
  /** `$$name` without the dollars. */
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Returns the value, undefined for a missing one. */
export type Evaluator = (scope: Scope) => unknown;

export interface ExpressionContext {
  readonly collator?: StringComparator | undefined;
  /** Names of the variables in reach. */
  readonly variables?: ReadonlySet<string>;
}

/** Compiles an inner expression; `names` are variables the operator itself provides. */
export type Compile = (expression: unknown, names?: readonly string[]) => Evaluator;

/** Compiles one operator of the aggregation language. */
export type Operator = (operand: unknown, compile: Compile, context: ExpressionContext) => Evaluator;

export const isNullish = (value: unknown): value is null | undefined => value === null || value === undefined;

/** A path as expressions walk it: through arrays element by element, without positions. */
export function valueAt(value: unknown, path: readonly string[], at = 0): unknown {
  if (at === path.length) return value;
  if (isDocument(value)) return valueAt(field(value, path[at] ?? ''), path, at + 1);
  if (!Array.isArray(value)) return undefined;
  const items: unknown[] = [];
  for (const element of value) {
    const item = isDocument(element) ? valueAt(element, path, at) : undefined;
    if (item !== undefined) items.push(item);
  }
  return items;
}

export const wrongType = (operator: string, wanted: string): ServerError =>
  serverError(ErrorCode.TypeMismatch, `${operator} needs ${wanted}`);

/** The operands of an operator that takes `[a, b, …]`, or a lone one without brackets. */
export function operandsOf(name: string, operand: unknown, least: number, most: number): unknown[] {
  const list = Array.isArray(operand) ? (operand as unknown[]) : [operand];
  if (list.length < least || list.length > most) {
    const wanted = least === most ? `exactly ${least}` : `${least} to ${most}`;
    throw badValue(`Expression ${name} takes ${wanted} arguments. ${list.length} were passed in.`);
  }
  return list;
}

/** An operator on plain values. */
export function onValues(
  name: string,
  least: number,
  most: number,
  apply: (values: readonly unknown[], context: ExpressionContext) => unknown,
): Operator {
  return (operand, compile, context) => {
    const parts = operandsOf(name, operand, least, most).map((part) => compile(part));
    return (scope) =>
      apply(
        parts.map((evaluate) => evaluate(scope)),
        context,
      );
  };
}

/** An operator that is null as soon as one operand is null or missing. */
export function onPresentValues(
  name: string,
  least: number,
  most: number,
  apply: (values: readonly unknown[], context: ExpressionContext) => unknown,
): Operator {
  return onValues(name, least, most, (values, context) =>
    values.some(isNullish) ? null : apply(values, context),
  );
}

/** An operator with named arguments: `{ $name: { a: …, b: … } }`. */
export function onFields(
  name: string,
  required: readonly string[],
  optional: readonly string[],
  apply: (values: Doc, context: ExpressionContext) => unknown,
): Operator {
  return (operand, compile, context) => {
    const fields = readFields(name, operand, required, optional);
    const parts = Object.entries(fields).map(([key, value]) => [key, compile(value)] as const);
    return (scope) =>
      apply(Object.fromEntries(parts.map(([key, evaluate]) => [key, evaluate(scope)])), context);
  };
}

/** @throws MongoServerError naming an argument that is missing or unknown */
export function readFields(
  name: string,
  operand: unknown,
  required: readonly string[],
  optional: readonly string[],
): Doc {
  if (!isDocument(operand)) throw badValue(`${name} needs an object`);
  const missing = required.find((key) => !(key in operand));
  if (missing !== undefined) throw badValue(`Missing '${missing}' parameter to ${name}`);
  const unknown = Object.keys(operand).find((key) => !required.includes(key) && !optional.includes(key));
  if (unknown !== undefined) throw badValue(`Unrecognized parameter to ${name}: ${unknown}`);
  return operand;
}

/** In expressions, other than in queries, a missing value is below null. */
export function compareIn(a: unknown, b: unknown, { collator }: ExpressionContext): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  return compareValues(a, b, collator);
}
