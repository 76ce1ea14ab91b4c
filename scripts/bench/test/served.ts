/** A tool that serves a filled test, and a teacher who asks it. */
import { readFileSync } from 'node:fs';
import { freePort } from '../../processes.js';
import type { Measured } from '../measured.js';
import { launch, startPlatform, type Platform } from '../platform.js';
import { pause, send, type Reply } from './crowd.js';
import { linkTo, type Centre } from './data.js';
import { startServer } from './exam.js';
import { ATTEMPTS, centreWith } from './filled.js';

export interface Served {
  readonly centre: Centre;
  readonly url: string;
  readonly testId: string;
  /** Address of the test. */
  readonly test: string;
  readonly server: () => Measured;
  /** Asks as the teacher; the answer to GET is JSON. */
  readonly ask: (method: 'GET' | 'POST', path: string, body?: object) => Promise<Reply>;
  /** Kills the tool, and starts it again. */
  readonly killAndStart: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** @param onScore is told each score that the LMS is sent */
export async function serveFilled(
  folder: string,
  name: string,
  onScore?: (userId: string, scoreGiven: number) => void,
): Promise<Served> {
  const platform: Platform = await startPlatform(onScore);
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const { issuer } = platform;
  const { url, centre, testId } = await centreWith(folder, name, ATTEMPTS, { origin, issuer });
  await linkTo(centre, testId, `${issuer}/2/lineitems/13/lineitem?type_id=1`);
  await centre.close();
  let server = await startServer(url, port);
  const target = { origin, login: `${origin}/lti/login`, launch: `${origin}/lti/launch` };
  const arrived = await launch(issuer, target, 1, 'Instructor');
  const test = `${/^\/c\/[a-z0-9]+/.exec(arrived.url.pathname)?.[0] ?? ''}/tests/${testId}`;
  const teacher = { origin, cookie: arrived.cookie, csrf: '' };
  const page = await send(teacher, 'GET', `${test}/regrade`, undefined, 'text/html');
  teacher.csrf = /name="csrf"\s+value="([^"]+)"/.exec(page.body)?.[1] ?? '';
  return {
    ...{ centre, url, testId, test },
    server: () => server,
    ask: (method, path, body) => send(teacher, method, path, body),
    async killAndStart() {
      const gone = new Promise((resolve) => server.child.once('exit', resolve));
      server.child.kill('SIGKILL');
      await gone;
      server = await startServer(url, port);
    },
    async stop() {
      await server.stop();
      platform.close();
    },
  };
}

/** How long the tool takes to say that it is alive, asked all the time until stopped. @returns the longest, in ms */
export function watchLoop({ ask }: Served): () => Promise<number> {
  let [on, longest] = [true, 0];
  const watching = (async () => {
    while (on) {
      const begun = performance.now();
      await ask('GET', '/healthz');
      longest = Math.max(longest, performance.now() - begun);
      await pause(20);
    }
  })();
  return async () => {
    on = false;
    await watching;
    return longest;
  };
}

/** Peak of a process's resident memory so far, in megabytes; NaN where the system does not tell. */
export function peakMb({ child }: Measured): number {
  try {
    const status = readFileSync(`/proc/${child.pid ?? 0}/status`, 'utf8');
    return Number(/VmHWM:\s*(\d+) kB/.exec(status)?.[1]) / 1024;
  } catch {
    return NaN;
  }
}
