/** A regrade of thousands of attempts, as a teacher asks for it, on a tool that is killed on the way. */
import type { mongo } from 'mongoose';
import { pause } from './crowd.js';
import { ATTEMPTS, storesOf } from './filled.js';
import { serveFilled, watchLoop, type Served } from './served.js';

/** Shares of the attempts after which the tool is killed. */
const KILLS = [0.25, 0.5, 0.75];
/** So many scores travel at once: a kill may come between the LMS's answer and the note of it. */
const IN_FLIGHT = 8;
/** So many jobs put grades into the outbox at once: a kill may come between the grade and the end of its job. */
const QUEUEING = 4;
const LONGEST_MS = 10 * 60_000;

interface Shown {
  readonly state: string;
  readonly done: number;
  readonly changed: number;
}

const shown = async ({ ask, test }: Served): Promise<Shown> =>
  JSON.parse((await ask('GET', `${test}/regrade`)).body) as Shown;

/** @throws Error if it takes too long, with what is waited for */
async function until(what: string, isSo: () => Promise<boolean> | boolean): Promise<void> {
  const begun = performance.now();
  while (!(await isSo())) {
    if (performance.now() - begun > LONGEST_MS) throw new Error(`regrade: ${what} did not come`);
    await pause(100);
  }
}

async function expectDone({ ask }: Served, path: string, body: object): Promise<void> {
  const { status, body: text } = await ask('POST', path, body);
  if (status !== 303) throw new Error(`${path}: ${status} ${text}`);
}

/** Everybody gets the points of one question; the tool is killed three times while the marks change. */
export async function regrade(folder: string): Promise<boolean> {
  const sent = new Map<string, number[]>();
  const served = await serveFilled(folder, 'regrade', (userId, score) => {
    sent.set(userId, [...(sent.get(userId) ?? []), score]);
  });
  const { storage, ...stores } = await storesOf(served.url);
  const { testId, test } = served;
  const key = (await stores.tests.findOptional(served.centre.teacher.courseId, testId))?.items[0]?.key ?? '';

  let begun = performance.now();
  const longest = watchLoop(served);
  await expectDone(served, `${test}/questions/${key}/treatment`, { treatment: 'full' });
  await until('the plan', async () => (await shown(served)).state === 'planned');
  const { changed: planned } = await shown(served);
  console.log(
    `regrade of ${ATTEMPTS} attempts: planned in ${((performance.now() - begun) / 1000).toFixed(1)} s, meanwhile the tool answered within ${(await longest()).toFixed(0)} ms; ${planned} would change`,
  );

  begun = performance.now();
  await expectDone(served, `${test}/regrade`, { why: 'Ошибка' });
  for (const share of KILLS) {
    await until('progress', async () => (await shown(served)).done >= share * ATTEMPTS);
    await served.killAndStart();
  }
  await until('the end', async () => (await shown(served)).state === 'done');
  console.log(`  marks changed in ${((performance.now() - begun) / 1000).toFixed(0)} s`);
  await until('every grade', () => sent.size >= ATTEMPTS);
  const seconds = (performance.now() - begun) / 1000;
  const scores = storage.connection.collection('grades') as unknown as mongo.Collection;
  await until('every note', async () => (await scores.countDocuments({ state: 'sent' })) >= ATTEMPTS);
  await served.stop();

  const attempts = storage.connection.collection('test_attempts') as unknown as mongo.Collection;
  const marked = await attempts.find({ testId }, { projection: { markVersion: 1, 'marks.by': 1 } }).toArray();
  const once = marked.filter(({ markVersion }) => markVersion === 2).length;
  const full = marked.filter(({ marks }) => (marks as { by: string }[])[0]?.by === 'full').length;
  const rows = await scores.find({}).toArray();
  const queuedOnce = rows.filter(({ version }) => version === 1).length;
  const exact = rows.filter(({ sub, scoreGiven }) => sent.get(String(sub))?.at(-1) === scoreGiven).length;
  const twice = [...sent.values()].filter(({ length }) => length > 1).length;
  await storage.close();
  console.log(
    `  ${KILLS.length} × kill -9: ${seconds.toFixed(0)} s until the LMS had every grade; ${full} changed, ${once} of them once; ${rows.length} grades, ${exact} exact in the LMS; on their way at a kill, and so once more: ${rows.length - queuedOnce} queued (at most ${QUEUEING} a kill), ${twice} sent (at most ${IN_FLIGHT} a kill beside those)`,
  );
  const all = [planned, full, once, rows.length, exact];
  const again = rows.length - queuedOnce;
  return (
    all.every((count) => count === ATTEMPTS) &&
    again <= QUEUEING * KILLS.length &&
    twice <= again + IN_FLIGHT * KILLS.length
  );
}
