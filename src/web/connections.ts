import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { MINUTE, SECOND } from '../shared/clock.js';

/** How long a client may take, and how many connections there may be. Milliseconds. */
export interface ConnectionLimits {
  /** Connections at once. */
  readonly most: number;
  /** Until the headers of a request are whole; also of a connection that asks for nothing. */
  readonly headers: number;
  /** Until the body of a request is whole. */
  readonly body: number;
  /** The same for a form with files. */
  readonly upload: number;
  /** Without a byte in either direction, for instance because the client does not read the answer. */
  readonly silence: number;
  /** How often it is looked for those that are late. */
  readonly check: number;
}

/** A process may have some thousands of open files, which connections share with the database. */
export const CONNECTION_LIMITS: ConnectionLimits = {
  most: 2_000,
  headers: 15 * SECOND,
  body: 30 * SECOND,
  upload: 10 * MINUTE,
  silence: 2 * MINUTE,
  check: 5 * SECOND,
};

interface Connection {
  /** When it began to wait, or its request began. By the clock of timers. */
  since: number;
  req?: IncomingMessage;
  res?: ServerResponse;
}

const isAnswering = ({ res }: Connection): boolean =>
  res !== undefined && !res.writableFinished && !res.destroyed;
const isReceiving = ({ req }: Connection): boolean => req?.complete === false && !req.destroyed;

/**
 * Keeps slow clients from using up the connections of a server: what is not sent in time ends with 408, and above the
 * cap the connection that has waited longest without a request is closed for a new one. If there is none, the new
 * connection is refused, because requests under way are worth more.
 * @param onCrowded called when a connection is closed or refused because of the cap
 */
export function guardConnections(
  server: Server,
  limits: ConnectionLimits,
  onCrowded: () => void = () => undefined,
): void {
  const connections = new Map<Socket, Connection>();
  server.headersTimeout = limits.headers;
  server.requestTimeout = limits.upload;
  server.timeout = limits.silence;

  server.on('connection', (socket: Socket) => {
    if (connections.size >= limits.most) {
      onCrowded();
      const victim =
        oldest(connections, (connection) => !isAnswering(connection)) ?? oldest(connections, isReceiving);
      (victim ?? socket).destroy();
      if (victim === undefined) return;
      connections.delete(victim);
    }
    connections.set(socket, { since: performance.now() });
    socket.once('close', () => connections.delete(socket));
  });
  server.prependListener('request', (req, res) => {
    const connection = connections.get(req.socket);
    if (connection !== undefined) Object.assign(connection, { since: performance.now(), req, res });
  });

  const check = (): void => {
    const now = performance.now();
    for (const [socket, connection] of connections) {
      const limit = isUpload(connection.req) ? limits.upload : limits.body;
      if (isReceiving(connection) && now - connection.since > limit) refuseLate(socket, connection);
    }
  };
  let timer: NodeJS.Timeout | undefined;
  server.on('listening', () => {
    timer = setInterval(check, limits.check).unref();
  });
  server.on('close', () => {
    clearInterval(timer);
  });
}

function oldest(
  connections: ReadonlyMap<Socket, Connection>,
  counts: (connection: Connection) => boolean,
): Socket | undefined {
  let found: Socket | undefined;
  let since = Infinity;
  for (const [socket, connection] of connections) {
    if (connection.since < since && counts(connection)) [found, since] = [socket, connection.since];
  }
  return found;
}

const isUpload = (req: IncomingMessage | undefined): boolean =>
  req?.headers['content-type']?.startsWith('multipart/form-data') === true;

function refuseLate(socket: Socket, { res }: Connection): void {
  if (res === undefined || res.headersSent) {
    socket.destroy();
    return;
  }
  res.once('finish', () => socket.destroy());
  res.writeHead(408, { connection: 'close' }).end();
}
