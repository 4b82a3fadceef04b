const thisMachine: ReadonlySet<string> = new Set(["127.0.0.1", "localhost"]);

/** Returns whether an address is `https`, or `http` on this machine (127.0.0.1 or localhost), which a trial and a test need. */
export function isSafeAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  return protocol === "https:" || (protocol === "http:" && thisMachine.has(hostname));
}
