import type { XmlElement } from '@rgrove/parse-xml';
import { createHash } from 'node:crypto';
import { SECOND } from '../../shared/clock.js';
import { recordingsIn, type Recording } from './recordings.js';
import { rootOf, textIn } from './xml.js';

/** A BigBlueButton server. */
export interface BbbServer {
  /** Address of the API, with `/api/` at the end. */
  readonly url: string;
  /** The shared secret (`bbb-conf --secret`). */
  readonly secret: string;
}

export interface BbbMeeting {
  readonly meetingId: string;
  readonly name: string;
}

export interface BbbParticipant {
  readonly fullName: string;
  readonly userId: string;
  readonly moderator: boolean;
}

/** The server refused a call or did not answer; `reason` in its words, `unreachable` where it said nothing. */
export class BbbError extends Error {
  override readonly name = 'BbbError';
  constructor(
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(`BigBlueButton: ${reason}`, options);
  }
}

const TIMEOUT_MS = 10 * SECOND;
const MOST_BYTES = 256 * 1024;

/**
 * The signed address of a call: the checksum is over the name, the query as it is sent, and the secret.
 * https://docs.bigbluebutton.org/development/api#usage
 */
export function signedUrl(
  { url, secret }: BbbServer,
  call: string,
  parameters: Readonly<Record<string, string>>,
): string {
  const query = new URLSearchParams(parameters).toString();
  const checksum = createHash('sha256').update(`${call}${query}${secret}`).digest('hex');
  return `${url}${call}?${query}${query === '' ? '' : '&'}checksum=${checksum}`;
}

/** Calls of the API. https://docs.bigbluebutton.org/development/api */
export interface BigBlueButton {
  /** Makes the meeting. A meeting that is there already is left unchanged. @throws BbbError */
  create(server: BbbServer, meeting: BbbMeeting): Promise<void>;
  /** The address at which one person joins. */
  joinUrl(server: BbbServer, meeting: Pick<BbbMeeting, 'meetingId'>, who: BbbParticipant): string;
  /** Ends the meeting for everyone. A meeting that is over is no error. @throws BbbError */
  end(server: BbbServer, meetingId: string): Promise<void>;
  /** The recordings of a meeting that are published. @throws BbbError */
  recordings(server: BbbServer, meetingId: string): Promise<Recording[]>;
  /** Asks for something that needs the secret. @throws BbbError */
  check(server: BbbServer): Promise<void>;
}

export function createBigBlueButton(): BigBlueButton {
  async function call(
    server: BbbServer,
    name: string,
    parameters: Readonly<Record<string, string>>,
    accepted: readonly string[] = [],
  ): Promise<XmlElement | null> {
    const answer = await get(signedUrl(server, name, parameters));
    const root = rootOf(answer);
    const code = textIn(root, 'returncode');
    const key = textIn(root, 'messageKey');
    if (code === 'SUCCESS' || accepted.includes(key)) return root;
    throw new BbbError(key || 'no-answer');
  }

  return {
    async create(server, { meetingId, name }) {
      // Allows it: nothing is recorded until a moderator says so, and everyone sees it.
      await call(server, 'create', { meetingID: meetingId, name, record: 'true' });
    },
    joinUrl: (server, { meetingId }, { fullName, userId, moderator }) =>
      signedUrl(server, 'join', {
        meetingID: meetingId,
        fullName,
        userID: userId,
        role: moderator ? 'MODERATOR' : 'VIEWER',
        redirect: 'true',
      }),
    async end(server, meetingId) {
      await call(server, 'end', { meetingID: meetingId }, ['notFound']);
    },
    recordings: async (server, meetingID) =>
      recordingsIn(await call(server, 'getRecordings', { meetingID, state: 'published' })),
    async check(server) {
      await call(server, 'getMeetings', {});
    },
  };
}

async function get(url: string): Promise<string> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'error' });
    const text = await response.text();
    if (text.length > MOST_BYTES) throw new BbbError('too-large');
    return text;
  } catch (error) {
    // The address holds the checksum, and the error may quote it.
    throw error instanceof BbbError ? error : new BbbError('unreachable');
  }
}
