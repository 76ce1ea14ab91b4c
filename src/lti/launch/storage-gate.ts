import type { Request, RequestHandler } from 'express';
import { claimedIn } from './claimed-platform.js';
import { hasLogin, isState } from './login-state.js';
import { setStorageQuestion, KEPT_LOGIN, storageKey, storageOrigin } from './platform-storage.js';
import { originsOf } from '../registrations/registration-addresses.js';
import type { Registrations } from '../registrations/registrations.js';
import type { Registration } from '../registrations/registrations.store.js';

/**
 * Makes the handler before the launch gate: answers a launch without its login's cookie by a page (403) that reads the
 * login from the platform's storage and sends the launch again with it. The token is not verified here; it only
 * selects which known platforms the page asks.
 * @param showPage shows that page; `storageQuestionOf(req)` returns its data
 */
export function storageGate(registrations: Registrations, showPage: RequestHandler): RequestHandler {
  return async (req, res, next) => {
    const launch = uncookiedLaunch(req);
    const platforms = launch === null ? [] : await claimedPlatforms(registrations, launch.id_token);
    if (launch === null || platforms.length === 0) {
      next();
      return;
    }
    req.page.frameOrigins = [...new Set(platforms.flatMap(originsOf))];
    const origins = [...new Set(platforms.map(storageOrigin))];
    setStorageQuestion(req, { origins, key: storageKey(launch.state), launch });
    showPage(req, res, next);
  };
}

function uncookiedLaunch(req: Request): { state: string; id_token: string } | null {
  if (req.method !== 'POST') return null;
  const { state, id_token, [KEPT_LOGIN]: kept } = (req.body ?? {}) as Record<string, unknown>;
  if (typeof state !== 'string' || typeof id_token !== 'string' || kept !== undefined) return null;
  return isState(state) && !hasLogin(req, state) ? { state, id_token } : null;
}

async function claimedPlatforms(registrations: Registrations, token: string): Promise<Registration[]> {
  const claimed = claimedIn(token);
  return claimed?.clientId === undefined ? [] : registrations.activeOf(claimed.issuer, claimed.clientId);
}
