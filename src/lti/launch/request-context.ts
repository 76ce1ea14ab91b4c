import type { NextFunction, Request } from 'express';
import type { LongLogin, Uncookied } from './cookie-probe.js';
import type { VerifiedLaunch } from './launch-gate.js';
import type { Trace } from './launch-result.js';
import type { PlatformStorage, StorageQuestion } from './platform-storage.js';

/** What the protocol's handlers tell each other of one request. Each member is set by one of them and read by later ones. */
export interface LtiContext {
  /** Facts for the log of launches; absent outside logins and launches. */
  result?: { trace: Trace; refusal?: unknown };
  /** The text of the signed cookie of a login's state, or null: two gates ask for it. */
  signedLogin?: { readonly state: string; readonly text: string | null };
  /** Set by the launch gate. */
  launch?: VerifiedLaunch;
  /** A login that the cookie probe has stopped. */
  uncookied?: Uncookied;
  /** An authentication request that the page posts. */
  longLogin?: LongLogin;
  /** What the platform is to keep of a login. */
  platformStorage?: PlatformStorage;
  /** What the page asks the platform's storage for. */
  storageQuestion?: StorageQuestion;
  /** Where ltijs goes on after a refusal. */
  onward?: NextFunction;
}

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- Express declares its extension points so
  namespace Express {
    interface Request {
      /** Of requests under `/lti`; made when it is first asked for. */
      lti?: LtiContext;
    }
  }
}

export const ltiOf = (req: Request): LtiContext => (req.lti ??= {});
