/** Names, IPv4 and IPv6. URLs allow more: `https://a;b` would end a directive of a CSP, `https://*` means every origin. */
const HOST = /^(?:[\w.-]+|\[[\da-f:.]+\])$/;

/** Returns an address without its query, in which platforms send tokens; other texts unchanged. */
export function withoutQuery(address: string): string {
  if (!URL.canParse(address)) return address;
  const { origin, pathname, search } = new URL(address);
  return search === '' ? address : `${origin}${pathname}?…`;
}

/** Returns the origin of an http or https address, null for anything else. */
export function webOrigin(address: string): string | null {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || !HOST.test(url.hostname)) return null;
  return url.origin;
}
