import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import ltijs, { type Plugin, type ProviderClass } from 'ltijs';
import type { Registration } from '../registrations/registrations.store.js';
import { refuse } from './refusal.js';
import type { ToolKeys } from '../keys/tool-keys.js';
import { ltiOf } from './request-context.js';

/** What the gate verified before ltijs gets the request; ltijs's database answers only from this. */
interface VerifiedPlatform {
  readonly registration: Registration;
  /** The platform's key for this token; absent at login. */
  readonly key?: KeyObject;
}

/** What the gate verified, for the plugin while ltijs runs synchronously. */
interface LaunchContext {
  verified: VerifiedPlatform | undefined;
}

export interface Engine {
  /** Lets ltijs answer a login: it makes the state and redirects to the platform. */
  login(req: Request, res: Response, next: NextFunction, registration: Registration): void;
  /** Lets ltijs verify a launch's signature and claims; calls `next()` if valid, `next(error)` if not. */
  launch(req: Request, res: Response, next: NextFunction, registration: Registration, key: KeyObject): void;
  /** Answers with this tool's public keys as a JWKS. */
  keys: RequestHandler;
}

/**
 * Makes ltijs 5.9.9 usable behind the gate. It is stateless here: this tool's cookie binds the login's state and nonce,
 * so what ltijs stores of them is dropped, and its sessions and ltiks are not used. This file works around some of its
 * behaviour:
 * - it exports one instance per process: this file makes another;
 * - `deploy()` exits the process on failure and listens to SIGINT: it is never called;
 * - its Express 4 app parses bodies and sets headers again, some of which break framed pages: only its three
 *   handlers are called;
 * - a string secret is tried as PEM at every signature (0.4 ms): a KeyObject is not;
 * - its database does not know which request reads. It looks up the platform before its first `await`, so what the gate
 *   verified is set for exactly that long. An AsyncLocalStorage would make every promise of the process slower on Node
 *   20. If the order changes, the lookup finds nothing and the launch is refused.
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
      // Puts the verified token into res.locals instead of redirecting with an ltik in the URL.
      ltiaas: true,
      // The same limit as the gate's, as a second check.
      tokenMaxAge: 600,
      cookies: { secure: true, sameSite: 'None' },
    },
  );
  const refused = (req: Request, res: Response): void => {
    const reason = (res.locals.err as { details?: { message?: string } } | undefined)?.details?.message ?? '';
    ltiOf(req).onward?.(refuse('lti-token-refused', 403, { reason }));
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
    ltiOf(req).onward = next;
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

/** The used members of a layer of an Express 4 router. */
interface Layer {
  readonly name: string;
  readonly handle: Handler;
  readonly route?: { readonly path: string; readonly stack: readonly { readonly handle: Handler }[] };
}

/** Returns ltijs's handler of a path. @throws Error if ltijs is not the pinned version */
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

/** Makes ltijs's database: it stores nothing and returns only what the gate verified. */
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
          // 'platformStatus': the gate accepts only active ones, and a missing row means active. 'nonce' and 'state':
          // the gate has checked and used both.
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
