/** A workbook with thousands of attempts and the points of each question, written by the tool beside its pages. */
import { pause } from './crowd.js';
import { ATTEMPTS, QUESTIONS } from './filled.js';
import { peakMb, serveFilled, watchLoop } from './served.js';

const MOST_SECONDS = 60;
const MOST_PEAK_MB = 700;

interface Shown {
  readonly files: readonly { readonly state: string; readonly file: string | null }[];
}

export async function exported(folder: string): Promise<boolean> {
  const served = await serveFilled(folder, 'export');
  const { ask, test } = served;
  let passed = true;
  for (const format of ['csv', 'xlsx']) {
    const before = await served.server().usage();
    const longest = watchLoop(served);
    const begun = performance.now();
    const asked = await ask('POST', `${test}/exports`, { format });
    if (asked.status !== 303) throw new Error(`export: ${asked.status} ${asked.body}`);
    let file: Shown['files'][number] | undefined;
    while (file?.state !== 'ready') {
      await pause(100);
      [file] = (JSON.parse((await ask('GET', `${test}/exports`)).body) as Shown).files;
      if (file?.state === 'failed') throw new Error(`export: ${format} failed`);
    }
    const seconds = (performance.now() - begun) / 1000;
    const slowest = await longest();
    const cpu = ((await served.server().usage()).cpuMs - before.cpuMs) / 1000;
    const peak = peakMb(served.server());
    const bytes = (await ask('GET', file.file ?? '')).body.length;
    console.log(
      `${format} of ${ATTEMPTS} attempts × ${QUESTIONS} questions: ${seconds.toFixed(1)} s (at most ${MOST_SECONDS}), ${cpu.toFixed(1)} s of CPU, peak of the tool ${peak.toFixed(0)} MB (at most ${MOST_PEAK_MB}); meanwhile it answered within ${slowest.toFixed(0)} ms; ${(bytes / 1e6).toFixed(1)} MB`,
    );
    passed &&= seconds <= MOST_SECONDS && !(peak > MOST_PEAK_MB) && bytes > 100_000;
  }
  await served.stop();
  return passed;
}
