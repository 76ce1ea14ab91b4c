import { isDocument, Int32, Long, Timestamp } from '../bson.js';
import { compareValues } from '../compare.js';
import { badValue, ErrorCode, serverError, show } from '../errors.js';
import { arithmetic, IntegerOverflow, isNumeric, numberType, toBigInt } from '../numbers.js';
import { typeName } from '../query/types.js';
import { ARRAY_OPERATORS } from './array-operators.js';
import { KEEP, REMOVE, type Change } from './target.js';

/** Where an operator works, for messages. */
export interface UpdateTarget {
  readonly path: string;
  readonly id: unknown;
  readonly now: Date;
}

/** One operator of the update language. */
export interface UpdateOperator {
  /** True if it may make a field that is missing. */
  readonly creates: boolean;
  /** Reads the operand once; @throws MongoServerError when it is not of the operator's form. */
  compile(path: string, operand: unknown): (target: UpdateTarget) => Change;
}

const setting: UpdateOperator = { creates: true, compile: (_, operand) => () => () => operand };

function calculating(name: '$inc' | '$mul', op: 'add' | 'multiply'): UpdateOperator {
  return {
    creates: true,
    compile: (path, operand) => {
      if (!isNumeric(operand)) {
        const verb = op === 'add' ? 'increment' : 'multiply';
        throw serverError(
          ErrorCode.TypeMismatch,
          `Cannot ${verb} with non-numeric argument: {${path}: ${show(operand)}}`,
        );
      }
      return (target) => (current) => {
        if (current === undefined)
          return op === 'add' ? operand : arithmetic('multiply', operand, new Int32(0));
        if (!isNumeric(current)) throw notNumeric(name, target, current);
        try {
          return arithmetic(op, current, operand);
        } catch (error) {
          if (!(error instanceof IntegerOverflow)) throw error;
          throw badValue(
            `Failed to apply ${name} operations to current value (${show(current)}) for document {_id: ${show(target.id)}}`,
          );
        }
      };
    },
  };
}

const notNumeric = (name: string, { path, id }: UpdateTarget, current: unknown): Error =>
  serverError(
    ErrorCode.TypeMismatch,
    `Cannot apply ${name} to a value of non-numeric type. {_id: ${show(id)}} has the field '${path.split('.').at(-1) ?? ''}' of non-numeric type ${typeName(current)}`,
  );

const extreme = (sign: -1 | 1): UpdateOperator => ({
  creates: true,
  compile: (_, operand) => () => (current) =>
    current === undefined || compareValues(operand, current) * sign > 0 ? operand : KEEP,
});

const $currentDate: UpdateOperator = {
  creates: true,
  compile: (path, operand) => {
    const type = isDocument(operand) ? operand.$type : operand;
    if (typeof type === 'boolean' || type === 'date')
      return ({ now }) =>
        () =>
          now;
    if (type === 'timestamp') {
      return ({ now }) =>
        () =>
          new Timestamp({ t: Math.floor(now.getTime() / 1000), i: 1 });
    }
    throw badValue(`The '$type' of $currentDate must be 'date' or 'timestamp' at ${path}`);
  },
};

const BIT_OPS: Readonly<Record<string, (a: bigint, b: bigint) => bigint>> = {
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
};

const $bit: UpdateOperator = {
  creates: true,
  compile: (path, operand) => {
    const ops = isDocument(operand) ? Object.entries(operand) : [];
    if (ops.length === 0) throw badValue(`You must pass in at least one bitwise operation at ${path}`);
    return (target) => (current) =>
      ops.reduce<unknown>(
        (value, [name, mask]) => {
          const apply = BIT_OPS[name];
          if (!apply || !isInteger(mask))
            throw badValue(`The $bit modifier only supports 'and', 'or', and 'xor' of integers`);
          if (!isInteger(value)) {
            throw badValue(
              `Cannot apply $bit to a value of non-integral type. {_id: ${show(target.id)}} has the field ${path} of non-integer type ${typeName(value)}`,
            );
          }
          const result = apply(toBigInt(value), toBigInt(mask));
          const int = numberType(value) === 'int' && numberType(mask) === 'int';
          return int
            ? new Int32(Number(BigInt.asIntN(32, result)))
            : Long.fromBigInt(BigInt.asIntN(64, result));
        },
        current ?? new Int32(0),
      );
  },
};

const isInteger = (value: unknown): value is InstanceType<typeof Int32> | Long =>
  isNumeric(value) && (numberType(value) === 'int' || numberType(value) === 'long');

export const UPDATE_OPERATORS: Readonly<Record<string, UpdateOperator>> = {
  $set: setting,
  $setOnInsert: setting,
  $unset: {
    creates: false,
    compile: () => () => (current) => (current === undefined ? KEEP : REMOVE),
  },
  $inc: calculating('$inc', 'add'),
  $mul: calculating('$mul', 'multiply'),
  $min: extreme(-1),
  $max: extreme(1),
  $currentDate,
  $bit,
  ...ARRAY_OPERATORS,
};
