/** Students who take a test in their browsers, as requests over HTTP. */
import { Agent, request } from 'node:http';

export interface Reply {
  readonly status: number;
  readonly location: string;
  readonly body: string;
}

const agent = new Agent({ keepAlive: true, maxSockets: 400 });

export interface Student {
  readonly origin: string;
  readonly cookie: string;
  /** `/c/<course key>`. */
  readonly course: string;
  csrf: string;
}

/** How long each kind of request took, in milliseconds. */
export class Timings {
  readonly #taken = new Map<string, number[]>();

  add(action: string, ms: number): void {
    const list = this.#taken.get(action);
    if (list) list.push(ms);
    else this.#taken.set(action, [ms]);
  }

  /** How many requests there were. */
  get count(): number {
    return [...this.#taken.values()].reduce((sum, { length }) => sum + length, 0);
  }

  print(): void {
    for (const [action, all] of this.#taken) {
      const sorted = [...all].sort((a, b) => a - b);
      const at = (share: number): string =>
        (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0).toFixed(0);
      console.log(
        `  ${action.padEnd(10)} ${String(all.length).padStart(6)}   p50 ${at(0.5).padStart(5)} ms   p95 ${at(0.95).padStart(5)} ms   p99 ${at(0.99).padStart(5)} ms`,
      );
    }
  }
}

export function send(
  student: Pick<Student, 'origin' | 'cookie' | 'csrf'>,
  method: string,
  path: string,
  body?: object,
  accept = 'application/json',
): Promise<Reply> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const sent = request(
      new URL(path, student.origin),
      {
        agent,
        method,
        family: 4,
        headers: {
          accept,
          cookie: student.cookie,
          'x-csrf-token': student.csrf,
          ...(text !== undefined && {
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(text),
          }),
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          resolve({
            status: response.statusCode ?? 0,
            location: response.headers.location ?? '',
            body: Buffer.concat(chunks).toString(),
          });
        });
      },
    );
    sent.on('error', (error) => {
      // The server closes a connection that was idle for five seconds, perhaps just now: browsers send again too.
      if (sent.reusedSocket && 'code' in error && error.code === 'ECONNRESET') {
        send(student, method, path, body, accept).then(resolve, reject);
      } else {
        reject(error);
      }
    });
    sent.end(text);
  });
}

export const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
