import { BlockList, isIP } from "node:net";

/** The networks whose addresses are not public (IANA special-purpose registries). */
const privateNetworks = new BlockList();
for (const [network, bits] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
] as const) {
  privateNetworks.addSubnet(network, bits, "ipv4");
}
// In IPv6, only 2000::/3 is public. The exceptions in 2000::/3 are the networks for protocol assignments (including Teredo),
// for documentation, and for 6to4, which can carry any IPv4 address. NAT64 (64:ff9b::/96) and mapped IPv4 addresses are outside
// 2000::/3.
const publicV6 = new BlockList();
publicV6.addSubnet("2000::", 3, "ipv6");
for (const [network, bits] of [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
] as const) {
  privateNetworks.addSubnet(network, bits, "ipv6");
}

/** Returns true for loopback, private, link-local and other addresses that no receiver on the internet has. */
export function isPrivateAddress(address: string): boolean {
  if (isIP(address) === 4) return privateNetworks.check(address, "ipv4");
  return !publicV6.check(address, "ipv6") || privateNetworks.check(address, "ipv6");
}

/**
 * Returns true if the host of a URL is a private address or `localhost`. The function does not resolve host names. The URL
 * parser has normalized the host: `0x7f.1` is `127.0.0.1`.
 */
export function namesPrivateAddress(url: URL): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
  if (isIP(host) !== 0) return isPrivateAddress(host);
  return host === "localhost" || host.endsWith(".localhost");
}
