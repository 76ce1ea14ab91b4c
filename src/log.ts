import { pino, type DestinationStream, type Logger } from 'pino';
import type { Config } from './config.js';

/** How deep causes are followed. */
const DEEPEST = 4;
const LONGEST = 1_000;
/** Of a stack. */
const MOST_FRAMES = 30;
/** Fields of a line, and members of each of them. */
const MOST_FIELDS = 40;

/**
 * The log of a process: JSON, one line each. Errors stand in it by their kind, place and causes. What databases,
 * parsers and validators quote of a person's data does not: it is in their messages, and in fields beside them.
 */
export const createLog = (level: Config['logLevel'], to: DestinationStream): Logger =>
  pino({ level, base: null, serializers: { err: shown }, formatters: { log: cutFields } }, to);

/** Returns the fields of a line with long texts and lists cut: an address that a visitor asks for may have 16 KB. */
function cutFields(fields: Record<string, unknown>, depth = 0): Record<string, unknown> {
  const kept: Record<string, unknown> = {};
  let left = MOST_FIELDS;
  for (const name in fields) {
    if (left-- === 0) break;
    kept[name] = cutValue(fields[name], depth);
  }
  return kept;
}

function cutValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return cutString(value);
  if (typeof value !== 'object' || value === null || value instanceof Error || value instanceof Date)
    return value;
  if (depth >= DEEPEST) return '…';
  if (Array.isArray(value)) return value.slice(0, MOST_FIELDS).map((item) => cutValue(item, depth + 1));
  return cutFields(value as Record<string, unknown>, depth + 1);
}

const cutString = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);

interface ShownError {
  readonly type: string;
  readonly message: string;
  readonly code?: string | number;
  readonly stack: string;
  readonly cause?: ShownError;
}

function shown(error: unknown, depth = 0): ShownError {
  if (!(error instanceof Error)) return { type: typeof error, message: '', stack: '' };
  const { code, cause } = error as { code?: unknown; cause?: unknown };
  return {
    type: error.name === 'Error' ? error.constructor.name : error.name,
    message: unquoted(error.message),
    ...((typeof code === 'string' || typeof code === 'number') && { code }),
    stack: framesOf(error.stack ?? ''),
    ...(cause instanceof Error && depth < DEEPEST && { cause: shown(cause, depth + 1) }),
  };
}

/** Names of paths and models are ours. */
const unquoted = (message: string): string =>
  message
    .slice(0, LONGEST)
    .replace(/dup key: \{[^]*/, 'dup key')
    .replace(/(?<!(?:path|model) )(["`])[^]*?\1/g, '$1…$1')
    .replace(/\S*@\S*/g, '…');

/** A stack begins with the message. */
const framesOf = (stack: string): string =>
  stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, MOST_FRAMES)
    .map(cutString)
    .join('\n');
