import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import ltijs, { type Plugin, type ProviderClass } from 'ltijs';
import type { Registration } from '../registrations/registrations.store.js';
import { refuse } from './refusal.js';
import type { ToolKeys } from '../keys/tool-keys.js';

/** What the gate found out before ltijs sees the request; ltijs's database answers from this alone. */
interface VerifiedPlatform {
  readonly registration: Registration;
  /** The platform's key for this token; absent at login. */
  readonly key?: KeyObject;
}

/** Where the plugin finds what was verified, while ltijs runs synchronously. */
interface LaunchContext {
  verified: VerifiedPlatform | undefined;
}

export interface Engine {
  /** Lets ltijs answer a login: it makes state and nonce, and redirects to the platform. */
  login(req: Request, res: Response, next: NextFunction, registration: Registration): void;
  /** Lets ltijs verify a launch's signature and claims; calls `next` when it holds, `next(error)` when not. */
  launch(req: Request, res: Response, next: NextFunction, registration: Registration, key: KeyObject): void;
  /** Our public keys as a JWKS. */
  keys: RequestHandler;
}

/**
 * ltijs 5.9.9, kept behind the gate. It is stateless here: the login's state and nonce are bound in a cookie of
 * ours and used once, so what it stores of them is dropped; its own sessions and ltiks are never used. Several of
 * its habits are worked around in this file alone:
 * - one instance per process by default: we make our own;
 * - `deploy()` exits the process on failure and listens to SIGINT: it is never called;
 * - its Express 4 app parses bodies and sets headers again, some of which break framed pages: only its three
 *   handlers are called;
 * - a string secret is tried as PEM at every signature (0.4 ms): a KeyObject is not;
 * - its database is not told which request asks. It looks the platform up before its first `await`, so what the
 *   gate verified is laid out for exactly that long; an AsyncLocalStorage would do as well, but makes every promise
 *   of the process dearer on Node 20. Were the order to change, nothing would be found, and the launch refused.
 */
export function createEngine(toolKeys: ToolKeys): Engine {
  const launchContext: LaunchContext = { verified: undefined };
  const Provider = ltijs.Provider.constructor as new () => ProviderClass;
  const provider = new Provider();
  provider.setup(
    createSecretKey(randomBytes(32)),
    { plugin: createPlugin(launchContext, toolKeys) },
    {
      appRoute: '/launch',
      loginRoute: '/login',
      keysetRoute: '/keys',
      cors: false,
      // The verified token arrives in res.locals, without a redirect that carries an ltik in its URL.
      ltiaas: true,
      // The gate's own limit is the same; this is the second lock.
      tokenMaxAge: 600,
      cookies: { secure: true, sameSite: 'None' },
    },
  );
  const onward = new WeakMap<Request, NextFunction>();
  const refused = (req: Request, res: Response): void => {
    const reason = (res.locals.err as { details?: { message?: string } } | undefined)?.details?.message ?? '';
    onward.get(req)?.(refuse('lti-token-refused', 403, { reason }));
  };
  provider.onInvalidToken(refused);
  provider.onSessionTimeout(refused);
  provider.onUnregisteredPlatform(refused);
  provider.onInactivePlatform(refused);
  const handlers = handlersOf(provider);

  const run = (
    handler: Handler,
    verified: VerifiedPlatform,
    req: Request,
    res: Response,
    next: NextFunction,
  ): void => {
    onward.set(req, next);
    launchContext.verified = verified;
    try {
      Promise.resolve(handler(req, res, next)).catch(next);
    } finally {
      launchContext.verified = undefined;
    }
  };

  return {
    login: (req, res, next, registration) => run(handlers.login, { registration }, req, res, next),
    launch: (req, res, next, registration, key) =>
      run(handlers.launch, { registration, key }, req, res, next),
    keys: (req, res, next) => {
      Promise.resolve(handlers.keys(req, res, next)).catch(next);
    },
  };
}

type Handler = (req: Request, res: Response, next: NextFunction) => unknown;

/** A layer of an Express 4 router, as far as it is looked at here. */
interface Layer {
  readonly name: string;
  readonly handle: Handler;
  readonly route?: { readonly path: string; readonly stack: readonly { readonly handle: Handler }[] };
}

/** @throws Error when ltijs is not built as the pinned version is */
function handlersOf(provider: ProviderClass): Record<'login' | 'launch' | 'keys', Handler> {
  const { stack } = (provider.app as { _router: { stack: readonly Layer[] } })._router;
  const route = (path: string) => stack.find((layer) => layer.route?.path === path)?.route?.stack[0]?.handle;
  const [login, launch, keys] = [
    route('/login'),
    stack.find(({ name }) => name === 'sessionValidator')?.handle,
    route('/keys'),
  ];
  if (!login || !launch || !keys) throw new Error('ltijs has changed: its handlers are not where they were');
  return { login, launch, keys };
}

const done = (): Promise<true> => Promise.resolve(true);

/** ltijs's database: nothing is stored through it, and nothing is found that the gate did not vet. */
function createPlugin(launchContext: LaunchContext, toolKeys: ToolKeys): Plugin {
  return {
    setup: done,
    Close: done,
    Insert: done,
    Replace: done,
    Modify: done,
    Delete: done,
    async Get(_key, collection) {
      switch (collection) {
        case 'publickey':
          return (await toolKeys.published()).map(({ kid, publicPem }) => ({ kid, key: publicPem }));
        case 'platform':
          return launchContext.verified === undefined ? false : [platformRow(launchContext.verified)];
        default:
          // 'platformStatus': the gate lets active ones through only, and a missing row means active. 'nonce' and
          // 'state': the gate has bound and consumed both.
          return false;
      }
    },
  };
}

const platformRow = ({ registration, key }: VerifiedPlatform): object => ({
  platformName: registration.name,
  platformUrl: registration.issuer,
  clientId: registration.clientId,
  authEndpoint: registration.authUrl,
  accesstokenEndpoint: registration.tokenUrl,
  kid: registration.id,
  authConfig: { method: 'RSA_KEY', key },
});
