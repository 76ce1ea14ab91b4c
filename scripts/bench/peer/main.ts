/**
 * The honest peer of `bench:launch`: a tool on ltijs 5.9.9 as it ships, with ltijs's own Mongoose database over
 * our embedded engine. It keeps person, course and membership and prints a front page of the same bytes as ours,
 * by plain EJS. Its models, queries and templates are its own. It does less than ours: no resource link, no log
 * of launches, no session of its own, no nonce that is bound to the browser.
 *
 *   PORT, ISSUER, FOLDER (its database)
 */
import path from 'node:path';
import ejs from 'ejs';
import ltijs from 'ltijs';
import mongoose from 'mongoose';
import type * as storageModule from '../../../src/storage/index.js';
import type { LtijsToken } from './models.js';

const { PORT = '', ISSUER = '', FOLDER = '' } = process.env;
// The built engine, as the tool under measurement has it.
const built = path.resolve(import.meta.dirname, '../../../dist/storage/index.js');
const { openStorage } = (await import(built)) as typeof storageModule;
const storage = await openStorage({ url: `file:${FOLDER}/peer.db` });

/** Mongoose's global connection, as ltijs uses it, over the embedded engine. */
interface Native {
  readyState: number;
  client: unknown;
  db: unknown;
  name: string;
  host: string;
  onOpen(): void;
}
const NativeConnection = mongoose.connection.constructor as new (base: typeof mongoose) => Native;
class EmbeddedConnection extends NativeConnection {
  createClient(): Promise<this> {
    const { client } = storage.connection as unknown as { client: { db(): unknown } };
    this.readyState = 2;
    this.client = client;
    this.db = client.db();
    this.name = 'peer';
    this.host = 'embedded';
    this.onOpen();
    return Promise.resolve(this);
  }
}
(mongoose as unknown as { setDriver(driver: object): void }).setDriver({ Connection: EmbeddedConnection });

interface PeerResponse {
  type(name: string): PeerResponse;
  send(body: string): void;
}

interface Ltijs {
  setup(secret: string, database: { url: string }, options: object): void;
  deploy(options: object): Promise<true>;
  registerPlatform(platform: object): Promise<unknown>;
  onConnect(callback: (token: LtijsToken, req: unknown, res: PeerResponse) => unknown): void;
}

const lti = ltijs.Provider as unknown as Ltijs;
lti.setup(
  'a secret as the documentation shows',
  { url: 'embedded:peer' },
  { cookies: { secure: true, sameSite: 'None' } },
);
// After setDriver: models belong to the connection that there is.
const { buildIndexes, keepMember, nextFor } = await import('./models.js');
const view = path.join(import.meta.dirname, 'home.ejs');

lti.onConnect(async (token, _req, res) => {
  const member = await keepMember(token);
  const next = await nextFor(member);
  const html = await ejs.renderFile(view, { member, ...next }, { cache: true });
  res.type('html').send(html);
});
await lti.deploy({ port: Number(PORT), silent: true });
await buildIndexes();
await lti.registerPlatform({
  url: ISSUER,
  name: 'Bench',
  clientId: 'bench',
  authenticationEndpoint: `${ISSUER}/auth`,
  accesstokenEndpoint: `${ISSUER}/token`,
  authConfig: { method: 'JWK_SET', key: `${ISSUER}/jwks` },
});
