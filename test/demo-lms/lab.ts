import { ManualClock } from '../../src/shared/clock.js';
import type { Activity, Column, DemoLmsOptions, Tool } from '../../scripts/demo-lms/index.js';
import { startLms, type DemoLms } from '../support/lms.js';
import { accessToken, startTool, type SmallTool } from './tool.js';

/** An LMS with a tool in it, a graded link in course 2, and a token for every service. */
export interface Lab {
  readonly lms: DemoLms;
  readonly tool: SmallTool;
  readonly registered: Tool;
  readonly link: Activity;
  /** The link's own column, out of 100. */
  readonly column: Column;
  readonly clock: ManualClock;
  /** Calls a service with the bearer token, or another one; null: none. */
  call(path: string, options?: CallOptions): Promise<Answer>;
  close(): Promise<void>;
}

export interface CallOptions {
  readonly method?: string;
  readonly accept?: string;
  readonly type?: string;
  readonly body?: string | object;
  readonly token?: string | null;
}

export interface Answer {
  readonly status: number;
  readonly statusText: string;
  readonly headers: Headers;
  readonly text: string;
  /** Parsed, when it is JSON. */
  readonly json: unknown;
}

export const START = '2026-11-23T05:32:14.515Z';
export const COURSE = '2';
export const STUDENT = '101';
export const TEACHER = '11';
export const ASSISTANT = '4';
export const ADMINISTRATOR = '2';

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

export async function openLab(options: DemoLmsOptions = {}): Promise<Lab> {
  const clock = new ManualClock(START);
  const lms = await startLms({ clock, ...options });
  const tool = await startTool();
  const registered = lms.control.registerTool({ url: tool.url, clientId: 'tool-1' });
  const link = lms.control.addActivity(COURSE, registered.id, {
    title: 'Контрольная работа № 1',
    text: 'Две задачи',
    custom: 'nastavnik_kind=test\nnastavnik_id=abc',
    column: { scoreMaximum: 100 },
  });
  const [column] = lms.control.columnsOfActivity(link.id);
  if (column === undefined) throw new Error('the link has no column');
  const bearer = await accessToken(lms, tool, registered.clientId);
  return {
    lms,
    tool,
    registered,
    link,
    column,
    clock,
    async call(path, { method = 'GET', accept, type, body, token = bearer } = {}) {
      const headers = new Headers();
      if (token !== null) headers.set('authorization', `Bearer ${token}`);
      if (accept !== undefined) headers.set('accept', accept);
      if (type !== undefined) headers.set('content-type', type);
      const response = await fetch(`${lms.origin}/mod/lti/services.php${path}`, {
        method,
        headers,
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      return {
        status: response.status,
        statusText: response.statusText,
        headers: response.headers,
        text,
        json: parsed(text),
      };
    },
    async close() {
      await lms.close();
      await tool.close();
    },
  };
}
