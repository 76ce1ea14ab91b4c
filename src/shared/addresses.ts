import ipaddr from 'ipaddr.js';

/** Four parts with points, or IPv6 without a zone: how people and proxies write an address. */
const isPlain = (address: string): boolean =>
  ipaddr.IPv4.isValidFourPartDecimal(address) || (ipaddr.IPv6.isValid(address) && !address.includes('%'));

/**
 * Reads a network as people write it: CIDR (RFC 4632, RFC 4291 2.3), or one address.
 * @returns in its shortest form without host bits, "192.0.2.0/24", "2001:db8::/32"; null if it is none
 */
export function networkFrom(text: string): string | null {
  const [, address = '', prefix = ''] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text.trim()) ?? [];
  if (!isPlain(address)) return null;
  const whole = ipaddr.parse(address).kind() === 'ipv4' ? 32 : 128;
  const length = prefix === '' ? whole : Number(prefix);
  if (length > whole) return null;
  const cidr = `${address}/${length}`;
  const network =
    whole === 32 ? ipaddr.IPv4.networkAddressFromCIDR(cidr) : ipaddr.IPv6.networkAddressFromCIDR(cidr);
  return `${network.toString()}/${length}`;
}

/**
 * Whether an address is in one of these networks. An IPv4 address that came through an IPv6 socket (`::ffff:192.0.2.1`)
 * counts as what it is.
 * @param networks as `networkFrom` returns them
 */
export function isInNetworks(address: string, networks: readonly string[]): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  return networks.some((network) => {
    const [range, length] = ipaddr.parseCIDR(network);
    return range.kind() === parsed.kind() && parsed.match(range, length);
  });
}

/** Returns the part of a visitor's address by which visitors are counted: the /64 of IPv6, which one customer has. */
export function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  return parsed.kind() === 'ipv4'
    ? parsed.toString()
    : parsed.toNormalizedString().split(':').slice(0, 4).join(':');
}
