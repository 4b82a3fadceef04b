const everyHost: ReadonlySet<string> = new Set(["0.0.0.0", "::"]);

/** Returns the host at which a process reaches its own port on this host, in the form that a URL needs. */
export function ownHost(host: string): string {
  if (everyHost.has(host)) return "127.0.0.1";
  return host.includes(":") ? `[${host}]` : host;
}
