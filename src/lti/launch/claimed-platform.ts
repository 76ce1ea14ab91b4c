import { decodeJwt } from 'jose';
import type { Request } from 'express';
import { originsOf } from '../registrations/registration-addresses.js';
import type { Registrations } from '../registrations/registrations.js';
import { payloadOf, registrationOf } from './launch-result.js';
import { CLAIM } from '../claims/claims.js';

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined;

/** Returns issuer and client id of a token, unverified. */
export function claimedIn(token: string): { issuer: string; clientId: string | undefined } | null {
  try {
    const { iss, aud } = decodeJwt(token);
    return typeof iss === 'string' ? { issuer: iss, clientId: text([aud].flat()[0]) } : null;
  } catch {
    return null;
  }
}

/**
 * Returns the origins that may frame the page of a refused message: those of the platform it comes from, also while that
 * waits for approval or is disabled, because the page appears in its frame. A platform that is only named in an unproven
 * message may frame the page as well: it learns nothing but that the tool refuses. No other platform is named.
 */
export async function framesOfRefusal(
  registrations: Registrations,
  req: Request,
): Promise<readonly string[]> {
  const proven = registrationOf(req);
  if (proven !== undefined) return originsOf(proven);
  const sent = { ...req.query, ...(req.body as Record<string, unknown> | undefined) };
  const token = text(sent.id_token);
  const issuer = text(sent.iss);
  const claimed =
    token !== undefined
      ? claimedIn(token)
      : issuer === undefined
        ? null
        : { issuer, clientId: text(sent.client_id) };
  if (claimed === null) return [];
  const named = await registrations.knownOf(claimed.issuer, claimed.clientId);
  const known = named.length > 0 ? named : await registrations.knownOf(claimed.issuer, undefined);
  return [...new Set(known.flatMap(originsOf))];
}

/** Returns the language in which a launch reads the platform, verified or not: it chooses the words of a page alone. */
export function launchLocaleOf(req: Request): string | undefined {
  const token = text((req.body as Record<string, unknown> | undefined)?.id_token);
  const payload = (payloadOf(req) ?? (token === undefined ? undefined : claimsOf(token))) as
    Record<string, unknown> | null | undefined;
  const presentation = payload?.[CLAIM.launchPresentation] as { locale?: unknown } | null | undefined;
  return text(presentation?.locale) ?? text(payload?.locale);
}

function claimsOf(token: string): object | undefined {
  try {
    return decodeJwt(token);
  } catch {
    return undefined;
  }
}
