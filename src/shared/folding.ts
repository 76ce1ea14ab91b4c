/**
 * How texts are folded before they are compared or read. Every rule stands in one table, and every purpose is a list
 * of rules in the order in which they apply. NFKC as a whole is no rule: it turns 2⁵ into 25.
 */

/** Signs that take no room: soft hyphens, zero-width spaces and joiners, marks of direction, variation selectors. */
// Each is meant by itself, none as part of the sign before it.
/* eslint-disable no-misleading-character-class */
const INVISIBLE =
  /[\u00AD\u034F\u061C\u180B-\u180F\u200B-\u200F\u202A-\u202E\u2060-\u206F\uFE00-\uFE0F\uFEFF\u{E0000}-\u{E007F}]/gu;

/** Fillers that are letters or symbols by their class and show nothing. */
const FILLERS = /[\u115F\u1160\u17B4\u17B5\u2800\u3164\uFFA0]/gu;
/* eslint-enable no-misleading-character-class */

const RULES = {
  /** One sign for a letter and its accent: й, é. */
  composed: (text: string) => text.normalize('NFC'),
  /** Full-width letters, digits and signs as plain ones. */
  narrow: (text: string) =>
    text.replace(/[\uFF01-\uFF5E]/gu, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0)),
  /** Ligatures and Roman numerals that are one sign: ﬁ, Ⅳ. */
  letters: (text: string) => text.replace(/[\uFB00-\uFB06\u2160-\u217F]/gu, (sign) => sign.normalize('NFKC')),
  invisible: (text: string) => text.replace(INVISIBLE, ''),
  fillers: (text: string) => text.replace(FILLERS, ''),
  /** Spaces of all kinds single, and none at the ends. */
  spaces: (text: string) => text.replace(/\s+/gu, ' ').trim(),
  noSpaces: (text: string) => text.replace(/\s+/gu, ''),
  yo: (text: string) => text.replace(/ё/gu, 'е').replace(/Ё/gu, 'Е'),
  dashes: (text: string) => text.replace(/[\u2010-\u2015\u2212\uFE58\uFE63]/gu, '-'),
  apostrophes: (text: string) => text.replace(/[\u2018\u2019\u201B\u02BC`\u00B4\u2032]/gu, "'"),
  quotes: (text: string) => text.replace(/[«»\u201C-\u201F]/gu, '"'),
  lower: (text: string) => text.toLocaleLowerCase('ru'),
} as const;

type Rule = keyof typeof RULES;

const PURPOSES = {
  /** Answers and keys that differ only by what a hand or a keyboard decides. */
  answer: [
    'composed',
    'narrow',
    'letters',
    'invisible',
    'spaces',
    'yo',
    'dashes',
    'apostrophes',
    'quotes',
    'lower',
  ],
  /** The same where capitals matter. */
  exactAnswer: [
    'composed',
    'narrow',
    'letters',
    'invisible',
    'spaces',
    'yo',
    'dashes',
    'apostrophes',
    'quotes',
  ],
  /** Names and words that are searched for. */
  search: ['composed', 'narrow', 'letters', 'invisible', 'spaces', 'yo', 'apostrophes', 'lower'],
  /** Telephone numbers, addresses and links as they are pasted. */
  contact: ['composed', 'narrow', 'invisible', 'spaces', 'dashes'],
  /** Numbers before they are read: superscripts stay what they are. */
  number: ['narrow', 'invisible', 'dashes', 'spaces'],
  /** What is left of a text when everything that shows nothing is gone. */
  visible: ['invisible', 'fillers', 'noSpaces'],
} as const satisfies Record<string, readonly Rule[]>;

export type FoldingPurpose = keyof typeof PURPOSES;

/** Returns the text as it is compared or read for this purpose. */
export const fold = (text: string, purpose: FoldingPurpose): string => {
  const rules: readonly Rule[] = PURPOSES[purpose];
  return rules.reduce((folded, rule) => RULES[rule](folded), text);
};

/** Returns true if a text shows anything at all. */
export const isVisible = (text: string): boolean => fold(text, 'visible') !== '';

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

const POWER_OF_TEN =
  /^(?:([+-]?)|(.+?)\s?[·×*xх∙•]\s?)10(?:\^\s?\(?([+-]?\d{1,3})\)?|([⁺⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}))$/iu;

/** 10⁻³ and 10^-3 as an exponent; any other superscript leaves what is no number. */
const powersOfTen = (text: string): string =>
  text.replace(POWER_OF_TEN, (_whole, sign?: string, factor?: string, plain?: string, raised?: string) => {
    // A power of ten alone has the factor 1.
    const exponent = plain ?? Array.from(raised ?? '', superscriptOf).join('');
    return `${factor ?? `${sign ?? ''}1`}e${exponent}`;
  });

const superscriptOf = (sign: string): string =>
  sign === '⁻' ? '-' : sign === '⁺' ? '+' : String(SUPERSCRIPTS.indexOf(sign));

/**
 * Reads a number as people write it: decimal comma or point, a minus of any kind, spaces between groups of digits,
 * `1,5e3`, `1,5·10³`, `10^-3`. Returns null if the text is no number.
 */
export function numberFrom(text: string): number | null {
  const plain = powersOfTen(
    fold(text, 'number')
      .replace(/^([+-])\s/u, '$1')
      .replace(/(\d)\s(?=\d{3}(?!\d))/gu, '$1')
      .replace(',', '.'),
  );
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?$/iu.test(plain)) return null;
  const value = Number(plain);
  return Number.isFinite(value) ? value : null;
}
