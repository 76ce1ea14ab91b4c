import path from 'node:path';
import { Browser, type BrowserResponse } from '../demo-lms/browser.js';
import { freePort, ready, start } from '../processes.js';
import { seed } from '../seed/index.js';

/** The tool and the demo LMS as two fresh processes, and people with browsers before them. */
export interface Stage {
  readonly lms: string;
  readonly tool: string;
  /** A person signed in at the LMS, one click on its page of people. */
  enter(personId: string): Promise<Browser>;
  close(): Promise<void>;
}

/** Starts both on free ports with their data in `folder`, registers one with the other, and fills the centre. */
export async function openStage(folder: string): Promise<Stage> {
  const [toolPort, lmsPort] = [await freePort(), await freePort()];
  const tool = `http://localhost:${toolPort}`;
  const lms = `http://127.0.0.1:${lmsPort}`;
  const env = {
    PORT: String(toolPort),
    HOST: '127.0.0.1',
    PUBLIC_URL: tool,
    DATABASE_URL: `file:${path.join(folder, 'nastavnik.db')}`,
    ALLOW_PRIVATE_NETWORK: '1',
    LOG_LEVEL: 'warn',
  };
  const platform = start('scripts/demo-lms/main.ts', {
    // As a live Moodle does until its cleanup.
    env: { LMS_PORT: String(lmsPort), TOOL_URL: tool, LMS_ODDITIES: 'names-removed-columns' },
  });
  await ready(platform, `${lms}/mod/lti/openid-configuration.php`);
  await seed({ ...process.env, ...env }, { origin: lms, clientId: 'nastavnik-demo', deploymentId: '1' });
  const server = start('src/main.ts', { env });
  await ready(server, `${tool}/readyz`);
  return {
    lms,
    tool,
    async enter(personId) {
      const browser = new Browser({ framedBy: lms });
      expectOk(await browser.post(`${lms}/act-as/${personId}`, {}, { from: lms }));
      return browser;
    },
    async close() {
      const codes = await Promise.all([server.stop(), platform.stop()]);
      if (codes.some((code) => code !== 0))
        throw new Error(`a process ended badly: ${codes.join(', ')}\n${server.output()}`);
    },
  };
}

/** @throws Error with the page's text unless it is a 2xx */
export function expectOk(page: BrowserResponse): BrowserResponse {
  if (page.status < 200 || page.status > 299) {
    const words = page.text.replace(/<(style|script)[\s\S]*?<\/\1>|<[^>]*>/g, ' ').replace(/\s+/g, ' ');
    throw new Error(`${page.status} at ${page.url}: ${words.slice(0, 400)}`);
  }
  return page;
}
