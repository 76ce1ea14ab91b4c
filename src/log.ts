import { pino, type DestinationStream, type Logger } from 'pino';
import type { Config } from './config.js';

/** How deep causes are followed. */
const DEEPEST = 4;
const LONGEST = 1_000;

/**
 * The log of a process: JSON, one line each. Errors stand in it by their kind, place and causes. What databases,
 * parsers and validators quote of somebody's data does not: it is in their messages, and in fields beside them.
 */
export const createLog = (level: Config['logLevel'], to: DestinationStream): Logger =>
  pino({ level, base: null, serializers: { err: shown } }, to);

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
    .join('\n');
