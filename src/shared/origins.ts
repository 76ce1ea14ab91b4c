/** Names, IPv4 and IPv6. URLs allow more: `https://a;b` would end a directive of a CSP, `https://*` means every origin. */
const HOST = /^(?:[\w.-]+|\[[\da-f:.]+\])$/;

/** Returns an address without its query, in which platforms send tokens; other texts unchanged. */
export function withoutQuery(address: string): string {
  if (!URL.canParse(address)) return address;
  const { origin, pathname, search } = new URL(address);
  return search === '' ? address : `${origin}${pathname}?…`;
}

/** Returns an http or https address as a URL, null for anything else. */
export function webAddress(address: string): URL | null {
  const url = URL.canParse(address) ? new URL(address) : null;
  return url !== null && /^https?:$/.test(url.protocol) && HOST.test(url.hostname) ? url : null;
}

/** `school.example.org/about`: people leave out the scheme. */
const WITHOUT_SCHEME = /^[^/?#:@]+\.[^/?#:@]+(?::\d{1,5})?(?:[/?#]|$)/;

/**
 * Returns an http or https address as a person types it, with `https://` where it has no scheme; null for anything
 * else, and for an address that carries a user name or a password.
 */
export function typedWebAddress(typed: string): URL | null {
  const url = webAddress(WITHOUT_SCHEME.test(typed) ? `https://${typed}` : typed);
  return url !== null && url.username === '' && url.password === '' ? url : null;
}

/** Returns the origin of an http or https address, null for anything else. */
export const webOrigin = (address: string): string | null => webAddress(address)?.origin ?? null;
