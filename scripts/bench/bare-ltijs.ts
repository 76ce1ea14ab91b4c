/**
 * ltijs 5.9.9 as its own documentation sets it up, with a database in memory: what the gate is measured
 * against. Never a model: it has every hole that docs/adr/0002 speaks of.
 */
import ltijs, { type Plugin } from 'ltijs';

const port = Number(process.env.PORT);
const issuer = process.env.ISSUER ?? '';

interface Entry {
  readonly query: Readonly<Record<string, unknown>>;
  item: object;
  readonly at: number;
}

/** Finds by one key what ltijs asks for often, so that it is not measured by our slowness. */
function memory(): Plugin {
  const tables = new Map<string, Map<string, Entry>>();
  const HOT: Readonly<Record<string, readonly string[]>> = {
    state: ['state'],
    nonce: ['nonce'],
    idtoken: ['iss', 'clientId', 'deploymentId', 'user'],
    contexttoken: ['contextId', 'user'],
  };
  let serial = 0;
  const table = (name: string): Map<string, Entry> => {
    let found = tables.get(name);
    if (!found) tables.set(name, (found = new Map<string, Entry>()));
    return found;
  };
  const keyOf = (name: string, fields: Readonly<Record<string, unknown>>): string | undefined =>
    HOT[name]?.map((field) => String(fields[field])).join('|');
  const matches = (fields: Readonly<Record<string, unknown>>, query: object): boolean =>
    Object.entries(query).every(([name, value]) => fields[name] === value);
  const put = (name: string, item: object, index: object): void => {
    const query = { ...item, ...index } as Record<string, unknown>;
    table(name).set(keyOf(name, query) ?? String(serial++), { query, item, at: Date.now() });
  };
  const answer = (entry: Entry): object => ({ ...entry.item, createdAt: entry.at });
  return {
    setup: () => Promise.resolve(true),
    Close: () => Promise.resolve(true),
    Get(_key, name, query = {}) {
      const key = keyOf(name, query as Record<string, unknown>);
      const item = key === undefined ? undefined : table(name).get(key);
      if (key !== undefined) return Promise.resolve(item ? [answer(item)] : false);
      const found = [...table(name).values()].filter((entry) => matches(entry.query, query)).map(answer);
      return Promise.resolve(found.length > 0 ? found : false);
    },
    Insert(_key, name, item, index = {}) {
      put(name, item, index);
      return Promise.resolve(true);
    },
    async Replace(_key, name, query, item, index = {}) {
      await this.Delete(name, query);
      put(name, item, { ...query, ...index });
      return true;
    },
    Modify(_key, name, query, changes) {
      for (const entry of table(name).values()) {
        if (matches(entry.query, query)) entry.item = { ...entry.item, ...changes };
      }
      return Promise.resolve(true);
    },
    Delete(name, query) {
      const key = keyOf(name, query as Record<string, unknown>);
      if (key !== undefined) table(name).delete(key);
      else for (const [id, entry] of table(name)) if (matches(entry.query, query)) table(name).delete(id);
      return Promise.resolve(true);
    },
  };
}

interface Bare {
  setup(secret: string, database: { plugin: Plugin }, options: object): void;
  deploy(options: object): Promise<true>;
  registerPlatform(platform: object): Promise<unknown>;
  onConnect(
    callback: (token: { user: string }, req: unknown, res: { send(body: string): void }) => void,
  ): void;
}

const lti = ltijs.Provider as unknown as Bare;
lti.setup(
  'a secret as the documentation shows',
  { plugin: memory() },
  { cookies: { secure: true, sameSite: 'None' } },
);
lti.onConnect((token, _req, res) => {
  res.send(`<!doctype html><title>Tool</title><p>Hello, ${token.user}`);
});
await lti.deploy({ port, silent: true });
await lti.registerPlatform({
  url: issuer,
  name: 'Bench',
  clientId: 'bench',
  authenticationEndpoint: `${issuer}/auth`,
  accesstokenEndpoint: `${issuer}/token`,
  authConfig: { method: 'JWK_SET', key: `${issuer}/jwks` },
});
