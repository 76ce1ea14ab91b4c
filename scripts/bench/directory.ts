/**
 * `npm run bench:directory`: the open directory at 20, 2,000 and 20,000 teachers in the same run, at rest and right after
 * a card was changed. Three tools take turns, so that a busy machine slows all; what counts are the ratios to the
 * smallest.
 *
 *   ROUNDS=15 REQUESTS=20
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { pino } from 'pino';
import { buildApp } from '../../src/app.js';
import { loadConfig } from '../../src/config.js';
import { recordOf } from '../../src/features/directory/cards/record.js';
import { blankCard, detailsOf } from '../../src/features/directory/cards/card.js';
import { ANNOUNCED_MS } from '../../src/features/directory/version.store.js';
import { systemClock } from '../../src/shared/clock.js';
import { searchTerms } from '../../src/shared/search-terms.js';
import { openStorage } from '../../src/storage/index.js';

const SCALES = [20, 2_000, 20_000];
const ROUNDS = Number(process.env.ROUNDS ?? 15);
const REQUESTS = Number(process.env.REQUESTS ?? 20);
/** A page may take this much longer with the most teachers than with the fewest. */
const WANTED = 1.5;
/** The first byte of a page that has not changed, beside a static file of the same tool. */
const WANTED_CACHED = 1.3;

const SURNAMES = [
  'Соколова',
  'Белов',
  'Ёлкина',
  'Григорьев',
  'Воронцова',
  'Ким',
  'Петренко',
  'Черных',
  'Штерн',
];
const NAMES = ['Елена', 'Семён', 'Анна', 'Илья', 'Мария', 'Пётр', 'Ольга'];
const SUBJECTS = ['Алгебра', 'Физика', 'Химия', 'Литература', 'История'];
const pick = <Item>(items: readonly Item[], index: number): Item => items[index % items.length] as Item;

/** A card of a public teacher with contacts. */
function cardOf(number: number) {
  const consent = { at: new Date(0), personId: '', name: '', text: '2026-11' };
  const name = {
    surname: `${pick(SURNAMES, number)}${number < 20 ? '' : `-${number.toString(36)}`}`,
    givenName: pick(NAMES, number),
    patronymic: 'Ильинична',
  };
  return {
    ...recordOf({
      ...blankCard(name),
      ...{ position: 'Преподаватель', subjects: [pick(SUBJECTS, number)], visibility: 'public', consent },
      education: [{ level: 'master', speciality: 'Педагогика', qualification: 'учитель' }],
      experienceSince: '2010-09-01',
      programmes: ['Программа'],
      contacts: [
        {
          ...{ id: 'a', kind: 'telephone', value: '+79001234567', purpose: 'any', hours: '' },
          ...{ visibility: 'public', consent },
        },
      ],
      details: detailsOf(() => ({ value: 'Вт 15:00', visibility: 'public', consent })),
    }),
    slug: `teacher-${number}`,
    version: 1,
    journal: [],
  };
}

/** As many as fill a page, and one of each teacher. */
const FEWEST_MATERIALS = 40;

/** A material of a teacher, found by its own words and by those that all have. */
function materialOf(number: number, cardId: string) {
  const title = `Формулы сокращённого умножения ${number.toString(36)}`;
  const text = `Разбираем примеры ${pick(SUBJECTS, number)} и решаем задачи ${pick(SURNAMES, number)}`;
  const at = new Date(Date.UTC(2026, 0, 1) + number * 60_000);
  return {
    ...{ key: `material-${number}`, cardId, title, topic: pick(SUBJECTS, number), kind: 'text', text },
    ...{ audience: 'public', version: 1, createdAt: at, updatedAt: at },
    searchTerms: searchTerms(title, text),
  };
}

interface Tool {
  readonly teachers: number;
  /** Changes one card. */
  change(): Promise<void>;
  get(address: string, headers?: Record<string, string>): Promise<Response>;
  close(): Promise<void>;
}

async function toolWith(teachers: number, folder: string): Promise<Tool> {
  const config = loadConfig({
    DATABASE_URL: `file:${path.join(folder, `${teachers}.db`)}`,
    PORT: '1',
    LOG_LEVEL: 'error',
    RATE_LIMITS: '0',
  });
  const storage = await openStorage({ url: config.databaseUrl, clock: systemClock });
  const app = buildApp({
    ...{ config, storage, clock: systemClock },
    secret: 'a secret for benchmarks, long enough',
    log: pino({ level: 'error' }),
  });
  await storage.ensureIndexes();
  const cards = storage.connection.model('DirectoryCard');
  for (let from = 0; from < teachers; from += 500) {
    const count = Math.min(500, teachers - from);
    await cards.insertMany(Array.from({ length: count }, (_, index) => cardOf(from + index)));
  }
  const ids = (await cards.find().select({ _id: 1 }).lean()).map(({ _id }) => String(_id));
  const materials = Math.max(FEWEST_MATERIALS, teachers);
  for (let from = 0; from < materials; from += 500) {
    const count = Math.min(500, materials - from);
    await storage.connection
      .model('DirectoryMaterial')
      .insertMany(
        Array.from({ length: count }, (_, index) => materialOf(from + index, pick(ids, from + index))),
      );
  }
  const server = createServer(app.express);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    teachers,
    async change() {
      changes += 1;
      await cards.updateOne({ slug: 'teacher-7' }, { $set: { position: `Преподаватель ${changes}` } });
    },
    get: (address, headers = {}) => fetch(`${origin}${address}`, { headers }),
    async close() {
      server.closeAllConnections();
      server.close();
      await app.lti.close();
      await app.files.close();
      await storage.close();
    },
  };
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

/** Different in each request of a run, so that what is asked for has not been rendered before. */
let asked = 0;
let changes = 0;

/** Milliseconds of one request of a round. */
async function timed(tool: Tool, address: string, headers: Record<string, string> = {}): Promise<number> {
  const begun = performance.now();
  for (let sent = 0; sent < REQUESTS; sent += 1) {
    asked += 1;
    const response = await tool.get(address.replace('FRESH', String(asked)), headers);
    if (response.status !== 200 && response.status !== 304) throw new Error(`${address}: ${response.status}`);
    await response.arrayBuffer();
  }
  return (performance.now() - begun) / REQUESTS;
}

/** The searches find everyone, so that a page shows as many with few teachers as with many, and most is to be gone through. */
const PAGES: readonly (readonly [string, string])[] = [
  ['list', '/teachers?fresh=FRESH'],
  ['search', `/teachers?q=${encodeURIComponent('ильинична')}&fresh=FRESH`],
  ['search of a part', `/teachers?q=${encodeURIComponent('льин')}&fresh=FRESH`],
  ['profile', '/teachers/teacher-7'],
  ['/sveden/employees', '/sveden/employees?fresh=FRESH'],
  ['materials', '/materials?fresh=FRESH'],
  ['search of materials', `/materials?q=${encodeURIComponent('формулами')}&fresh=FRESH`],
];
/** Pages that are measured once more right after a change, when nothing is kept. */
const CHANGED: readonly (readonly [string, string])[] = [
  ['list', '/teachers'],
  ['search', `/teachers?q=${encodeURIComponent('ильинична')}`],
  ['materials', '/materials'],
];

/** Prints a row. @param before what is done to a tool before each round */
async function measure(
  name: string,
  address: string,
  before: (tool: Tool) => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  const times = tools.map((): number[] => []);
  for (let round = -2; round < ROUNDS; round += 1)
    for (const [index, tool] of tools.entries()) {
      await before(tool);
      const time = await timed(tool, address);
      if (round >= 0) times[index]?.push(time);
    }
  const medians = times.map(median);
  const ratio = (medians.at(-1) ?? 0) / (medians[0] ?? 1);
  if (ratio > WANTED) failed += 1;
  console.log(
    `${name.padEnd(24)}${medians.map((time) => `${time.toFixed(2)} ms`.padStart(12)).join('')}  ${ratio.toFixed(2)}${ratio > WANTED ? ` (wanted: ${WANTED})` : ''}`,
  );
}

const folder = await mkdtemp(path.join(tmpdir(), 'nastavnik-directory-'));
const tools = await Promise.all(SCALES.map((teachers) => toolWith(teachers, folder)));
let failed = 0;
// For so long after a change lists and pages are read again at each request; the figures are of a directory at rest.
await setTimeout(ANNOUNCED_MS + 1_000);
try {
  console.log(`${'page'.padEnd(24)}${SCALES.map((scale) => `${scale}`.padStart(12)).join('')}  last : first`);
  for (const [name, address] of PAGES) await measure(name, address);
  for (const [name, address] of CHANGED)
    await measure(`${name}, just changed`, address, (tool) => tool.change());
  // The last change is over.
  await setTimeout(ANNOUNCED_MS + 1_000);
  const [tool] = tools as [Tool];
  const headers: Record<string, string> = {
    'if-none-match': (await tool.get('/teachers')).headers.get('etag') ?? '',
  };
  const asset = /\/assets\/[^"]+\.css[^"]*/.exec(await (await tool.get('/')).text())?.[0] ?? '';
  const pairs: number[] = [];
  for (let round = -2; round < ROUNDS; round += 1) {
    const ratio = (await timed(tool, '/teachers', headers)) / (await timed(tool, asset));
    if (round >= 0) pairs.push(ratio);
  }
  const ratio = median(pairs);
  if (ratio > WANTED_CACHED) failed += 1;
  console.log(
    `unchanged list : static file  ${ratio.toFixed(2)}${ratio > WANTED_CACHED ? ` (wanted: ${WANTED_CACHED})` : ''}`,
  );
} finally {
  await Promise.all(tools.map((tool) => tool.close()));
  await rm(folder, { recursive: true, force: true });
}
process.exitCode = failed === 0 ? 0 : 1;
