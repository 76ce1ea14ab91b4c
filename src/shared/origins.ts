/** Names, IPv4 and IPv6. URLs allow more: `https://a;b` would end a directive of a CSP, `https://*` mean everybody. */
const HOST = /^(?:[\w.-]+|\[[\da-f:.]+\])$/;

/** An address as it may be shown: platforms put tokens into the query. Whatever is no address stays as it is. */
export function withoutQuery(address: string): string {
  if (!URL.canParse(address)) return address;
  const { origin, pathname, search } = new URL(address);
  return search === '' ? address : `${origin}${pathname}?…`;
}

/** The origin of a web page's address; null for whatever else it is. */
export function webOrigin(address: string): string | null {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || !HOST.test(url.hostname)) return null;
  return url.origin;
}
