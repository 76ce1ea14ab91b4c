import { SignJWT } from 'jose';
import { HOUR, SECOND } from '../../shared/clock.js';

/** A Jitsi Meet server. */
export interface JitsiServer {
  /** Origin, such as `https://meet.example.org`. */
  readonly url: string;
  /** Application id and secret, where the server demands tokens; both '' otherwise. */
  readonly appId: string;
  readonly secret: string;
}

export interface JitsiParticipant {
  readonly id: string;
  readonly name: string;
  readonly moderator: boolean;
}

const TOKEN_MS = 6 * HOUR;

/**
 * The address of a room, with a token where the server demands one.
 * https://github.com/jitsi/lib-jitsi-meet/blob/master/doc/tokens.md
 * @param room a name that cannot be guessed
 */
export async function jitsiUrl(
  { url, appId, secret }: JitsiServer,
  room: string,
  who: JitsiParticipant,
  now: Date,
): Promise<string> {
  const address = `${url}/${room}`;
  if (secret === '') return address;
  const seconds = Math.floor(now.getTime() / SECOND);
  const token = await new SignJWT({
    room: room.toLowerCase(),
    // Strings alone: the server refuses other kinds.
    context: { user: { id: who.id, name: who.name, moderator: String(who.moderator) } },
  })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuer(appId)
    .setAudience(appId || 'jitsi')
    .setSubject(new URL(url).hostname)
    .setNotBefore(seconds - 10)
    .setExpirationTime(seconds + TOKEN_MS / SECOND)
    .sign(new TextEncoder().encode(secret));
  return `${address}?jwt=${token}`;
}
