/**
 * `npm run pictures`: walks a fresh demo in a real Chromium, once in Russian and once in English, and renews the
 * pictures of both READMEs in docs/pictures/. Nothing of data/ is touched.
 */
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { launchChromium } from './chromium.js';
import { takePictures } from './pictures/walk.js';
import { freePort, ready, start } from './processes.js';

const PICTURES = path.resolve(import.meta.dirname, '../docs/pictures');

interface Demo {
  readonly lms: string;
  readonly tool: string;
  close(): Promise<void>;
}

async function openDemo(folder: string): Promise<Demo> {
  const [toolPort, lmsPort] = [await freePort(), await freePort()];
  const tool = `http://localhost:${toolPort}`;
  const running = start('scripts/demo.ts', {
    env: {
      PORT: String(toolPort),
      LMS_PORT: String(lmsPort),
      MAX_PORT: String(await freePort()),
      DATABASE_URL: `file:${path.join(folder, 'demo.db')}`,
      LMS_DATA: path.join(folder, 'demo-lms.json'),
    },
  });
  await ready(running, `${tool}/readyz`);
  return {
    lms: `http://127.0.0.1:${lmsPort}`,
    tool,
    async close() {
      await running.stop();
    },
  };
}

await mkdir(PICTURES, { recursive: true });
const browser = await launchChromium();
try {
  for (const language of ['ru', 'en'] as const) {
    const folder = await mkdtemp(path.join(tmpdir(), 'nastavnik-pictures-'));
    const demo = await openDemo(folder);
    try {
      for (const file of await takePictures({ browser, ...demo, language, folder: PICTURES })) {
        console.log(`${path.relative(process.cwd(), file)}  ${Math.ceil((await stat(file)).size / 1024)} KB`);
      }
    } finally {
      await demo.close();
      await rm(folder, { recursive: true, force: true });
    }
  }
} finally {
  await browser.close();
}
