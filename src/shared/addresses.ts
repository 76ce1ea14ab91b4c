import ipaddr from 'ipaddr.js';

/** What stands for a visitor's address where visitors are counted: an IPv6 customer has a whole /64 to come from. */
export function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  return parsed.kind() === 'ipv4'
    ? parsed.toString()
    : parsed.toNormalizedString().split(':').slice(0, 4).join(':');
}
