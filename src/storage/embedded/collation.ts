import { isDocument } from './bson.js';
import type { StringComparator } from './compare.js';
import { serverError, ErrorCode, show, unsupported } from './errors.js';

/** MongoDB's collation document, as far as Intl.Collator can follow it. */
export interface Collation {
  readonly locale: string;
  readonly strength: 1 | 2 | 3;
  readonly caseLevel: boolean;
  readonly numericOrdering: boolean;
  readonly caseFirst: 'upper' | 'lower' | 'off';
}

const KNOWN = new Set(['locale', 'strength', 'caseLevel', 'numericOrdering', 'caseFirst']);

/**
 * Reads the option `collation`.
 * @returns undefined for none and for `{ locale: 'simple' }`, the order of bytes
 */
export function readCollation(option: unknown): Collation | undefined {
  if (option === undefined || option === null) return undefined;
  if (!isDocument(option) || typeof option.locale !== 'string') {
    throw serverError(ErrorCode.BadValue, 'collation needs a locale');
  }
  if (option.locale === 'simple') return undefined;
  const unknown = Object.keys(option).find((name) => !KNOWN.has(name));
  if (unknown !== undefined) throw unsupported(`the collation field ${unknown}`);
  const strength = option.strength ?? 3;
  if (strength !== 1 && strength !== 2 && strength !== 3)
    throw unsupported(`collation strength ${show(strength)}`);
  const [locale] = supportedLocale(option.locale);
  if (locale === undefined)
    throw serverError(ErrorCode.BadValue, `unknown collation locale ${option.locale}`);
  return {
    locale,
    strength,
    caseLevel: option.caseLevel === true,
    numericOrdering: option.numericOrdering === true,
    caseFirst: (option.caseFirst as Collation['caseFirst'] | undefined) ?? 'off',
  };
}

function supportedLocale(locale: string): string[] {
  try {
    return Intl.Collator.supportedLocalesOf(locale.replace('_', '-'));
  } catch {
    return [];
  }
}

/** Strength 1 compares letters, 2 also accents, 3 also case; as ICU and MongoDB number them. */
const SENSITIVITY = { 1: 'base', 2: 'accent', 3: 'variant' } as const;

const collators = new Map<string, StringComparator>();

export function collatorOf(collation: Collation | undefined): StringComparator | undefined {
  if (!collation) return undefined;
  const id = JSON.stringify(collation);
  const known = collators.get(id);
  if (known) return known;
  const sensitivity =
    collation.caseLevel && collation.strength < 3
      ? collation.strength === 1
        ? 'case'
        : 'variant'
      : SENSITIVITY[collation.strength];
  const { compare } = new Intl.Collator(collation.locale, {
    sensitivity,
    numeric: collation.numericOrdering,
    caseFirst: collation.caseFirst === 'off' ? 'false' : collation.caseFirst,
  });
  collators.set(id, compare);
  return compare;
}
