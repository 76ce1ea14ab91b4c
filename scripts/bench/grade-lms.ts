/**
 * A gradebook for the sender's benchmark, as a process of its own: answers in 50 ms, and fails a fifth of the
 * calls, in equal parts by 500, by 429 with Retry-After, by a cut connection and by silence. Half of the cut and
 * silent ones have taken the score before. Refuses a score that is not later than the one it has, as AGS 2.0 asks.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const ANSWER_MS = 50;
/** Of every hundred calls. */
const EACH_FAILURE = 5;

export interface Gradebook {
  readonly calls: number;
  /** How many calls ended how. */
  readonly answers: Readonly<Record<string, number>>;
  /** How long a call held its connection, summed up, in milliseconds. */
  readonly heldMs: number;
  readonly mostAtOnce: number;
  /** Milliseconds from the first call to the last new score, and to the 99th of a hundred. */
  readonly lastMs: number;
  readonly nearlyMs: number;
  /** Line item and person → score. */
  readonly scores: Readonly<Record<string, number>>;
}

const scores = new Map<string, { score: number; timestamp: number }>();
const arrivals: number[] = [];
const answers: Record<string, number> = {};
let [calls, heldMs, atOnce, mostAtOnce, first] = [0, 0, 0, 0, 0];

/** mulberry32: repeatable. */
let state = 1;
function random(): number {
  state = (state + 0x6d2b79f5) >>> 0;
  let mixed = Math.imul(state ^ (state >>> 15), state | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
}

function take(url: string, body: string): number {
  const { userId, scoreGiven, timestamp } = JSON.parse(body) as {
    userId: string;
    scoreGiven: number;
    timestamp: string;
  };
  const key = `${url.split('/scores')[0] ?? ''} ${userId}`;
  const at = Date.parse(timestamp);
  const before = scores.get(key);
  if (before !== undefined && before.timestamp >= at) return 409;
  if (before?.score !== scoreGiven) arrivals.push(performance.now() - first);
  scores.set(key, { score: scoreGiven, timestamp: at });
  return 200;
}

function answer(req: IncomingMessage, res: ServerResponse, body: string): void {
  const drawn = Math.floor((random() * 100) / EACH_FAILURE);
  const fault = (['500', '429', 'cut', 'silence'] as const)[drawn];
  const lost = random() < 0.5;
  const tell = (what: string): void => void (answers[what] = (answers[what] ?? 0) + 1);
  if (fault === '500') {
    tell('500');
    res.writeHead(500).end('{"reason":"Internal"}');
  } else if (fault === '429') {
    tell('429');
    res.writeHead(429, { 'retry-after': '1' }).end();
  } else if (fault === undefined) {
    const status = take(req.url ?? '', body);
    tell(String(status));
    res.writeHead(status).end();
  } else {
    if (lost) take(req.url ?? '', body);
    tell(`${fault}${lost ? ', score taken' : ''}`);
    if (fault === 'cut') req.socket.destroy();
  }
}

const server = createServer((req, res) => {
  const chunks: Buffer[] = [];
  req.on('data', (chunk: Buffer) => chunks.push(chunk));
  req.on('end', () => {
    if (req.url === '/token') {
      res.setHeader('content-type', 'application/json');
      res.end('{"access_token":"t","token_type":"Bearer","expires_in":3600}');
      return;
    }
    const start = performance.now();
    first ||= start;
    calls += 1;
    atOnce += 1;
    mostAtOnce = Math.max(mostAtOnce, atOnce);
    res.once('close', () => {
      atOnce -= 1;
      heldMs += performance.now() - start;
    });
    setTimeout(() => answer(req, res, Buffer.concat(chunks).toString()), ANSWER_MS);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));

process.on('message', () => {
  const report: Gradebook = {
    calls,
    answers,
    heldMs,
    mostAtOnce,
    lastMs: arrivals.at(-1) ?? 0,
    nearlyMs: arrivals[Math.ceil(arrivals.length * 0.99) - 1] ?? 0,
    scores: Object.fromEntries([...scores].map(([key, { score }]) => [key, score])),
  };
  process.send?.(report);
});
process.on('disconnect', () => process.exit());
