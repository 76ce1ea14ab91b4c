import { field, isDocument, setField, type Doc } from '../bson.js';
import { badValue } from '../errors.js';
import type { Stage } from './stage.js';

interface UnwindSpec {
  readonly path: readonly string[];
  readonly index: string | undefined;
  /** Documents without elements go through as well. */
  readonly preserve: boolean;
}

function readSpec(operand: unknown): UnwindSpec {
  const spec = isDocument(operand) ? operand : { path: operand };
  const { path, includeArrayIndex: index, preserveNullAndEmptyArrays: preserve } = spec;
  if (typeof path !== 'string' || !path.startsWith('$') || path.length < 2) {
    throw badValue("path option to $unwind stage should be prefixed with a '$'");
  }
  if (index !== undefined && (typeof index !== 'string' || index === '' || index.startsWith('$'))) {
    throw badValue('includeArrayIndex must be the name of a field');
  }
  return { path: path.slice(1).split('.'), index, preserve: preserve === true };
}

/** One document per element of an array. */
export function compileUnwind(operand: unknown): Stage['take'] {
  const { path, index, preserve } = readSpec(operand);
  const indexPath = index?.split('.');
  const finish = (doc: Doc, position: number | null): Doc =>
    indexPath ? withValue(doc, indexPath, position) : doc;
  return (doc, emit) => {
    const value = valueOf(doc, path);
    if (!Array.isArray(value)) {
      if (value === undefined || value === null) return !preserve || emit(finish(doc, null));
      return emit(finish(doc, null));
    }
    if (value.length === 0) return !preserve || emit(finish(withValue(doc, path, undefined), null));
    return value.every((element: unknown, i) => emit(finish(withValue(doc, path, element), i)));
  };
}

function valueOf(doc: Doc, path: readonly string[]): unknown {
  let value: unknown = doc;
  for (const name of path) value = isDocument(value) ? field(value, name) : undefined;
  return value;
}

/** A copy of the document with one value set, or removed. */
function withValue(doc: Doc, path: readonly string[], value: unknown): Doc {
  const [name = '', ...rest] = path;
  const copy: Doc = { ...doc };
  if (rest.length > 0) {
    const below = field(doc, name);
    setField(copy, name, withValue(isDocument(below) ? below : {}, rest, value));
  } else if (value === undefined) {
    Reflect.deleteProperty(copy, name);
  } else {
    setField(copy, name, value);
  }
  return copy;
}
