import { BSONRegExp } from '../bson.js';
import { regexParts } from '../compare.js';
import { badValue, unsupported } from '../errors.js';

/**
 * MongoDB's regular expressions (PCRE, UTF-8) as JavaScript ones. Matching by code points is tried first;
 * patterns JavaScript's strict mode rejects, such as a needless backslash, are taken in its lenient mode.
 * @param pattern a string, a RegExp or BSON's regular expression
 * @param options `$options`, which replace those of the pattern
 */
export function compileRegex(pattern: unknown, options?: unknown): RegExp {
  if (options !== undefined && typeof options !== 'string') throw badValue('$options has to be a string');
  let source: string;
  let letters = options ?? '';
  if (typeof pattern === 'string') {
    source = pattern;
  } else if (pattern instanceof RegExp || pattern instanceof BSONRegExp) {
    const parts = regexParts(pattern);
    source = parts.pattern;
    if (options === undefined) letters = parts.options;
  } else {
    throw badValue('$regex has to be a string');
  }
  let flags = '';
  for (const letter of letters) {
    if (letter === 'x') throw unsupported('the regular expression option x');
    if (!'imsu'.includes(letter)) throw badValue(`invalid flag in regex options: ${letter}`);
    if (letter !== 'u' && !flags.includes(letter)) flags += letter;
  }
  try {
    return new RegExp(source, `${flags}u`);
  } catch {
    try {
      return new RegExp(source, flags);
    } catch (error) {
      throw badValue(`Regular expression is invalid: ${(error as Error).message}`);
    }
  }
}

/** The text every match begins with, for `/^text/` without options; '' when there is none. */
export function literalPrefix(pattern: RegExp): string {
  if (!pattern.source.startsWith('^') || pattern.ignoreCase || pattern.multiline) return '';
  if (pattern.source.includes('|')) return '';
  const literal = /^\^((?:[^\\^$.|?*+()[\]{}]|\\[-\\^$.|?*+()[\]{}/])*)/u.exec(pattern.source)?.[1] ?? '';
  const rest = pattern.source.slice(1 + literal.length);
  // A quantifier belongs to the last character, which may then be absent.
  const kept = /^[?*{]/.test(rest) ? literal.replace(/(?:\\.|[^\\])$/su, '') : literal;
  return kept.replace(/\\(.)/gsu, '$1');
}

/** True for `/^literal/`, where beginning with the prefix is all the pattern asks. */
export function isOnlyPrefix(pattern: RegExp): boolean {
  const prefix = literalPrefix(pattern);
  if (prefix === '') return false;
  return pattern.source.slice(1).replace(/\\(.)/gsu, '$1') === prefix;
}
