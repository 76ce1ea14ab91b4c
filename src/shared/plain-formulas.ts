import { FORMULA, LONGEST_FORMULA } from './formula-marks.js';
import {
  ACCENTS,
  DOUBLE_STRUCK,
  FUNCTIONS,
  LOWERED,
  OPERATORS,
  RAISED,
  SIGNS,
  STYLES,
} from './plain-formula-signs.js';

/* Formulas where no MathML can stand: in mail, messengers and SMS. `$x^2 + \frac{1}{2}$` becomes "x² + 1/2". */

const PART = new RegExp(`https?:\\/\\/\\S+|${FORMULA}`, 'gu');
const TOKEN = /\\[a-zA-Z]+\*?|\\\\|\\[^a-zA-Z]|\s+|\d+(?:[.,]\d+)?|[\s\S]/gu;
const DEEPEST = 20;

/** What cannot be written in a line, or is no formula. */
class NotPlain extends Error {}

/** Returns a text with its formulas as plain text. What is no formula, or cannot be written so, stays as it was typed. */
export function plainFormulas(text: string): string {
  if (!/[$\\]/.test(text)) return text;
  return text.replace(PART, (whole, ...groups: (string | undefined)[]) => {
    const source = groups.slice(0, 4).find((group) => group !== undefined);
    return source === undefined ? whole : (plainFormula(source) ?? whole);
  });
}

/** Returns one formula of TeX as plain text; null if it cannot be written so. */
function plainFormula(source: string): string | null {
  if (source.length > LONGEST_FORMULA) return null;
  try {
    const reader = new Reader(source.match(TOKEN) ?? []);
    const text = reader.row(() => reader.ended, 0);
    return text.replace(/ {2,}/g, ' ').trim();
  } catch (error) {
    if (error instanceof NotPlain) return null;
    throw error;
  }
}

/** After these a plus or a minus stands between two things. */
const ENDS_THING = /[\p{L}\p{N}\p{M})\]∞′°!]$/u;
// Words are looked for from their beginnings: from each of their letters would take the square of the time.
const endsInFunction = (text: string): boolean =>
  FUNCTIONS.has(/(?<![a-zA-Z])[a-zA-Z]+$/.exec(text)?.[0] ?? '');
/** What an index and a power belong to as limits: a space keeps them apart from what follows. */
const isLimited = (text: string): boolean =>
  /[∑∏∫∬∮]/u.test(/(?<!\S)\S+$/u.exec(text)?.[0] ?? '') || endsInFunction(text);
const SIGNED: Readonly<Record<string, string>> = {
  '+': '+',
  '-': '−',
  '*': '·',
  '=': '=',
  '<': '<',
  '>': '>',
};

/** Whether a part needs no parentheses around it as a whole. */
const isSingle = (text: string): boolean =>
  /^(?:[\p{L}\p{N}\p{M}.,∞]+|\([^()]*\)|√[\p{L}\p{N}])[⁰¹²³⁴⁵⁶⁷⁸⁹ⁿ₀-₉′]*$/u.test(text);

const inParentheses = (text: string): string => (isSingle(text) ? text : `(${text})`);

/** A divisor of several letters is a product: "1/(2a)". */
const asDivisor = (text: string): string =>
  /^(?:[\d.,]+|\p{L}[⁰¹²³⁴⁵⁶⁷⁸⁹ⁿ₀-₉′]*|\([^()]*\)|√[\p{L}\p{N}])$/u.test(text) ? text : `(${text})`;

/** Reads a formula from the left to the right, and writes what it has read. */
class Reader {
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  get ended(): boolean {
    return this.#at >= this.#tokens.length;
  }

  get #next(): string {
    return this.#tokens[this.#at] ?? '';
  }

  /** Reads until `done` holds, which stays unread. */
  row(done: () => boolean, depth: number): string {
    if (depth > DEEPEST) throw new NotPlain();
    let text = '';
    while (!done()) {
      if (this.ended) throw new NotPlain();
      text = this.#add(text, depth);
    }
    return text.trim();
  }

  /** Adds what comes next to what was written before it. */
  #add(before: string, depth: number): string {
    const token = this.#take();
    if (/^\s/.test(token)) return before;
    if (token === '^' || token === '_') {
      const base = before.trimEnd();
      return base + this.#script(token, depth) + (isLimited(base) ? ' ' : '');
    }
    const operator = token.startsWith('\\') ? OPERATORS[token.slice(1)] : SIGNED[token];
    if (operator !== undefined) return before + this.#spaced(operator, before);
    if (token === ',' || token === ';') return `${before.trimEnd()}${token} `;
    const part = this.#part(token, depth);
    const apart = endsInFunction(before) && /^[\p{L}\p{N}√]/u.test(part);
    return apart ? `${before} ${part}` : before + part;
  }

  /** A sign at the beginning belongs to what follows it. */
  #spaced(operator: string, before: string): string {
    const last = before.trimEnd();
    const bars = last.endsWith('|') && last.split('|').length % 2 === 1;
    if (/^[+−±∓]$/.test(operator) && !ENDS_THING.test(last) && !bars) return operator;
    return ` ${operator} `;
  }

  #take(): string {
    this.#at += 1;
    return this.#tokens[this.#at - 1] ?? '';
  }

  #skipSpaces(): void {
    while (/^\s/.test(this.#next)) this.#take();
  }

  /** The next thing as a whole: a group in braces, or one sign. */
  #argument(depth: number): string {
    this.#skipSpaces();
    if (this.ended) throw new NotPlain();
    const token = this.#take();
    return SIGNED[token] ?? this.#part(token, depth + 1);
  }

  #part(token: string, depth: number): string {
    if (token === '{') {
      const text = this.row(() => this.#next === '}', depth + 1);
      this.#take();
      return text;
    }
    if (token === '}' || token === '&' || token === '\\\\') throw new NotPlain();
    if (token === "'") return '′';
    if (token === '~') return ' ';
    return token.startsWith('\\') ? this.#command(token.slice(1), depth) : token;
  }

  #command(name: string, depth: number): string {
    if (/^[,;:>! ]$/.test(name)) return name === '!' ? '' : ' ';
    if (/^[{}%$#_&]$/.test(name)) return name;
    if (name === '|') return '‖';
    if (name === 'quad' || name === 'qquad') return ' ';
    if (/^[dtc]?frac$/.test(name))
      return `${inParentheses(this.#argument(depth))}/${asDivisor(this.#argument(depth))}`;
    if (/^[dt]?binom$/.test(name)) return `C(${this.#argument(depth)}, ${this.#argument(depth)})`;
    if (name === 'sqrt') return this.#root(depth);
    if (name === 'left' || name === 'right' || /^[bB]igg?[lrm]?$/.test(name)) return this.#fence();
    if (name === 'mathbb') {
      const letter = this.#argument(depth);
      return DOUBLE_STRUCK[letter] ?? letter;
    }
    if (STYLES.has(name)) return '';
    if (/^(?:text.*|mbox|operatorname\*?)$/.test(name)) return this.#words();
    const accent = ACCENTS[name];
    if (accent !== undefined) return this.#accented(accent, depth);
    if (name === 'begin') return this.#environment(depth);
    if (FUNCTIONS.has(name)) return name;
    const sign = SIGNS[name] ?? OPERATORS[name];
    if (sign === undefined) throw new NotPlain();
    return sign;
  }

  #fence(): string {
    this.#skipSpaces();
    const token = this.#take();
    if (token === '.') return '';
    if (/^[()[\]|/<>]$/.test(token)) return token;
    return this.#command(token.slice(1), 0);
  }

  #root(depth: number): string {
    let degree = '';
    if (this.#next === '[') {
      this.#take();
      degree = this.row(() => this.#next === ']', depth + 1);
      this.#take();
    }
    const under = this.#argument(depth);
    return `${rootSign(degree)}${/^(?:\d+|\p{L})$/u.test(under) ? under : `(${under})`}`;
  }

  /** A power or an index: raised or lowered signs where there are some for all of it. */
  #script(mark: string, depth: number): string {
    if (this.#next === "'") throw new NotPlain();
    const argument = this.#argument(depth);
    if (mark === '^' && (argument === '∘' || argument === '°')) return '°';
    if (mark === '^' && /^[′∗*]+$/.test(argument)) return argument;
    const signs = Array.from(argument.replaceAll(' ', ''), (sign) =>
      (mark === '^' ? RAISED : LOWERED).get(sign),
    );
    if (signs.every((sign) => sign !== undefined)) return signs.join('');
    return `${mark}${Array.from(argument).length === 1 ? argument : `(${argument})`}`;
  }

  #accented(accent: string, depth: number): string {
    const under = this.#argument(depth);
    // A vector of two points: the arrow stands over the first of them only in some programs.
    if (/^\p{L}{1,2}$/u.test(under)) return Array.from(under, (letter) => letter + accent).join('');
    return inParentheses(under);
  }

  /** Words within a formula, with their spaces. */
  #words(): string {
    this.#skipSpaces();
    if (this.#take() !== '{') throw new NotPlain();
    let text = '';
    while (this.#next !== '}') {
      if (this.ended || this.#next === '{') throw new NotPlain();
      text += this.#take();
    }
    this.#take();
    return text;
  }

  /** Rows become a list: of a matrix in parentheses, of a system behind a brace. */
  #environment(depth: number): string {
    const name = this.#words();
    if (name === 'array') this.#words();
    const cells: string[][] = [[]];
    for (;;) {
      const cell = this.row(() => ['&', '\\\\', '\\end'].includes(this.#next), depth + 1);
      cells.at(-1)?.push(cell);
      const token = this.#take();
      if (token === '\\end') break;
      if (token === '\\\\') cells.push([]);
    }
    this.#words();
    const matrix = name.endsWith('matrix');
    const rows = cells.map((row) => row.filter((cell) => cell !== '').join(matrix ? ', ' : ' '));
    const text = rows.filter((row) => row !== '').join('; ');
    if (name === 'cases') return `{ ${text}`;
    return matrix ? (name === 'vmatrix' ? `|${text}|` : `(${text})`) : text;
  }
}

function rootSign(degree: string): string {
  if (degree === '' || degree === '2') return '√';
  if (degree === '3') return '∛';
  if (degree === '4') return '∜';
  const signs = Array.from(degree, (sign) => RAISED.get(sign));
  if (signs.some((sign) => sign === undefined)) throw new NotPlain();
  return `${signs.join('')}√`;
}
