/**
 * `npm run bench:import`: how fast files of questions are read, with the peak of the memory, and what of the files in
 * a folder is read, partly read and refused, per format.
 *
 *   QUESTIONS=10000 FILES=folder
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
// What the thread that reads files loads, and no more: memory is measured.
import { FileProblem, readQuestions } from '../../src/features/assessments/exchange/read-file.js';
import { summaryOf } from '../../src/features/assessments/exchange/summary.js';
import { translator } from '../../src/i18n/index.js';

const QUESTIONS = Number(process.env.QUESTIONS ?? 10_000);
const MOST_MB = 300;
const MB = 1024 * 1024;
const t = translator('en');

const question = (n: number): string =>
  `<question type="multichoice"><name><text>q${n}</text></name><questiontext format="html"><text><![CDATA[<p>Сколько будет ${n} + ${n}?</p>]]></text></questiontext><generalfeedback format="html"><text>Сложите.</text></generalfeedback><defaultgrade>1</defaultgrade><single>true</single>${[0, 1, 2, 3].map((more) => `<answer fraction="${more === 0 ? 100 : 0}" format="html"><text><![CDATA[<p>${n + n + more}</p>]]></text><feedback format="html"><text></text></feedback></answer>`).join('')}</question>`;

async function speed(): Promise<boolean> {
  const bytes = Buffer.from(
    `<?xml version="1.0"?><quiz>${Array.from({ length: QUESTIONS }, (_, n) => question(n)).join('\n')}</quiz>`,
  );
  const before = process.cpuUsage();
  const begin = performance.now();
  const { ready } = summaryOf(await readQuestions(bytes, 'bench.xml'), t);
  const seconds = (performance.now() - begin) / 1000;
  const { user, system } = process.cpuUsage(before);
  const peak = process.resourceUsage().maxRSS / 1024;
  console.log(
    `Moodle XML: ${ready} questions, ${(bytes.length / MB).toFixed(1)} MB in ${seconds.toFixed(2)} s = ${(bytes.length / MB / seconds).toFixed(1)} MB/s; CPU ${((user + system) / 1e6).toFixed(2)} s; peak ${peak.toFixed(0)} MB`,
  );
  return ready === QUESTIONS && peak < MOST_MB;
}

const filesBelow = (folder: string): string[] =>
  readdirSync(folder).flatMap((name) => {
    const at = path.join(folder, name);
    return statSync(at).isDirectory() ? filesBelow(at) : [at];
  });

async function coverage(folder: string): Promise<void> {
  const rows = new Map<string, { files: number; read: number; partly: number; refused: number }>();
  for (const file of filesBelow(folder)) {
    let format = path.extname(file).slice(1) || 'unknown';
    let [read, partly] = [0, 0];
    let refused: number;
    try {
      const summary = summaryOf(await readQuestions(readFileSync(file), path.basename(file)), t);
      format = summary.format;
      partly = summary.notes.length;
      read = summary.ready - partly;
      refused = summary.leftOut.length;
      for (const { place, why } of summary.leftOut) console.log(`  ${path.basename(file)} ${place}: ${why}`);
    } catch (error) {
      if (!(error instanceof FileProblem)) throw error;
      refused = 1;
      console.log(`  ${path.basename(file)}: ${t(`exchange.problem.${error.key}`)}`);
    }
    const row = rows.get(format) ?? { files: 0, read: 0, partly: 0, refused: 0 };
    rows.set(format, {
      files: row.files + 1,
      read: row.read + read,
      partly: row.partly + partly,
      refused: row.refused + refused,
    });
  }
  console.table(Object.fromEntries(rows));
}

const passed = await speed();
if (process.env.FILES !== undefined) await coverage(process.env.FILES);
console.log(passed ? 'passed' : 'NOT passed');
process.exitCode = passed ? 0 : 1;
