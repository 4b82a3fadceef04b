import { type KafkaUsers, freePort } from "@crossline/servers";
import { type Authority, type Certificate, createAuthority } from "./certificates.ts";
import { type PrivateServer, privateLockedKafka } from "./private-servers.ts";

/** A Kafka with users, rights and TLS, as a managed cluster has it. */
export type ManagedKafka = PrivateServer & {
  /** The addresses of the listener `locked`. */
  readonly brokers: readonly string[];
  readonly pid: number;
  /** The address of each listener. */
  readonly addresses: Readonly<Record<ListenerName, string>>;
  readonly users: KafkaUsers;
  /** The authority that signed the certificates of Kafka, and that Kafka trusts. */
  readonly authority: Authority;
};

/**
 * `locked` has users and no TLS. `tls` has both, for the names localhost and 127.0.0.1. `mutual` also requires a client
 * certificate. `expired` shows an expired certificate. `renamed` is like `mutual`, but its certificate is for kafka.example only.
 * `anonymous` has TLS and no users.
 */
type ListenerName = "locked" | "tls" | "mutual" | "expired" | "renamed" | "anonymous";

const localNames = ["localhost", "127.0.0.1"];

/** Starts a Kafka with a TLS listener for each case and a self-made authority (6 s). Returns undefined like `privateKafka`. */
export async function managedKafka(users: readonly string[]): Promise<ManagedKafka | undefined> {
  const authority = await createAuthority();
  const shown = {
    tls: await authority.sign({ name: "kafka", hosts: localNames }),
    mutual: await authority.sign({ name: "kafka", hosts: localNames }),
    expired: await authority.sign({ name: "kafka", hosts: localNames, expired: true }),
    renamed: await authority.sign({ name: "kafka", hosts: ["kafka.example"] }),
    anonymous: await authority.sign({ name: "kafka", hosts: localNames }),
  };
  const extra = await Promise.all(
    Object.entries(shown).map(async ([name, certificate]) => {
      const port = await freePort();
      return {
        name: name.toUpperCase(),
        port,
        advertisedPort: port,
        advertisedHost: "localhost",
        protocol: name === "anonymous" ? ("SSL" as const) : ("SASL_SSL" as const),
        settings: tlsSettings(certificate, authority, name === "mutual" || name === "renamed"),
      };
    }),
  );
  const server = await privateLockedKafka(users, extra);
  if (server === undefined) return undefined;
  const addresses = extra.map(({ name, port }) => [name.toLowerCase(), `localhost:${port}`]);
  return {
    ...server,
    addresses: { ...Object.fromEntries(addresses), locked: server.brokers[0] ?? "" },
    authority,
  };
}

function tlsSettings({ cert, key }: Certificate, authority: Authority, isMutual: boolean): Record<string, string> {
  return {
    "ssl.keystore.type": "PEM",
    "ssl.keystore.certificate.chain": cert,
    "ssl.keystore.key": key,
    "ssl.truststore.type": "PEM",
    "ssl.truststore.certificates": authority.cert,
    "ssl.client.auth": isMutual ? "required" : "none",
  };
}
