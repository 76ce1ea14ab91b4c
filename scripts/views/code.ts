/** A part of a scriptlet: it opens a block, continues one (`} else {`), ends one, or is a statement of its own. */
export interface Piece {
  readonly kind: 'open' | 'middle' | 'close' | 'statement';
  readonly code: string;
}

interface Mark {
  readonly at: number;
  readonly sign: string;
}

/**
 * Splits the code between `<%` and `%>` where a block begins or ends, so that each part can have a tag of its own.
 * Braces that match inside the code (an object, a function's body) split nothing.
 */
export function piecesOf(code: string): Piece[] {
  const { opened, closed, semicolons } = unmatched(code);
  const cuts = [...opened.map((at) => at + 1), ...closed, ...semicolons.map((at) => at + 1)];
  const edges = [0, ...cuts.sort((a, b) => a - b), code.length];
  const parts: string[] = [];
  for (let index = 1; index < edges.length; index += 1) {
    const part = code.slice(edges[index - 1], edges[index]).trim();
    if (part !== '' && part !== ';') parts.push(part);
  }
  return parts.map((part) => ({ kind: kindOf(part, opened.length > 0), code: part }));
}

function kindOf(part: string, opens: boolean): Piece['kind'] {
  const ends = part.startsWith('}');
  const begins = opens && part.endsWith('{');
  if (ends) return begins ? 'middle' : 'close';
  return begins ? 'open' : 'statement';
}

const PAIRS: Readonly<Record<string, string>> = { '}': '{', ')': '(', ']': '[' };

/** Positions of braces without a partner in this code, and of semicolons outside of all brackets that have one. */
function unmatched(code: string): { opened: number[]; closed: number[]; semicolons: number[] } {
  const open: Mark[] = [];
  const closed: number[] = [];
  const semicolons: { at: number; inside: Mark[] }[] = [];
  for (let at = 0; at < code.length; at += 1) {
    const sign = code.charAt(at);
    if (`'"\``.includes(sign)) at = endOfString(code, at);
    else if ('{(['.includes(sign)) open.push({ at, sign });
    else if (sign in PAIRS) {
      if (open.at(-1)?.sign === PAIRS[sign]) open.pop();
      else if (sign === '}') closed.push(at);
    } else if (sign === ';') semicolons.push({ at, inside: [...open] });
  }
  const left = new Set(open);
  return {
    opened: open.filter(({ sign }) => sign === '{').map(({ at }) => at),
    closed,
    semicolons: semicolons.filter(({ inside }) => inside.every((mark) => left.has(mark))).map(({ at }) => at),
  };
}

function endOfString(code: string, start: number): number {
  const quote = code.charAt(start);
  for (let at = start + 1; at < code.length; at += 1) {
    if (code.charAt(at) === '\\') at += 1;
    else if (code.charAt(at) === quote) return at;
  }
  throw new Error(`a string without an end: ${code}`);
}
