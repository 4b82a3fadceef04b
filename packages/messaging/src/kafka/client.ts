import { connect as connectTcp, isIP } from "node:net";
import { connect as connectTls } from "node:tls";
import { Kafka, logLevel } from "kafkajs";
import type { ISocketFactory, KafkaConfig, SASLOptions } from "kafkajs";
import type { Log } from "../broker.ts";
import { kafkaLog } from "./log.ts";

/** A user of Kafka. */
type KafkaUser = {
  readonly mechanism: "scram-sha-512" | "scram-sha-256" | "plain";
  readonly username: string;
  readonly password: string;
  /** The name of the variable of the password, for sentences about faults. */
  readonly passwordVariable?: string;
};

/** TLS options as in Node's `tls.connect`. */
type KafkaTls = {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly servername?: string;
};

/** The addresses of Kafka, and how a client signs in there. */
export type KafkaConnection = {
  /** `host:port` of some brokers, which return the addresses of the other brokers. */
  readonly brokers: readonly string[];
  /** The user. Each sign-in reads the properties again. Without this option there is no user. */
  readonly sasl?: KafkaUser;
  /** TLS and its options. Each connection reads the properties again. Without this option the connections use no TLS. */
  readonly ssl?: KafkaTls;
};

/** The options of `kafkaBroker`. */
export type KafkaOptions = KafkaConnection & {
  /** The name of this client in the brokers' logs and quotas. */
  readonly clientId: string;
  readonly log: Log;
  /**
   * The topics that keep every record. A new topic outside this list gets the broker's retention. The adapter does not
   * change an existing topic outside this list.
   */
  readonly keeps?: readonly string[];
};

/**
 * Returns the client that producer, consumers and admin share. The client retries for 1.5 s, and the callers of the
 * client retry for a longer time.
 */
export function kafkaClient({ clientId, log, ...connection }: KafkaOptions): Kafka {
  return new Kafka({
    ...kafkajsConnection(connection),
    clientId,
    connectionTimeout: 3_000,
    requestTimeout: 10_000,
    retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 4 },
    logLevel: logLevel.WARN,
    logCreator: () => kafkaLog(log),
  });
}

/** Returns the addresses, the user, TLS and the sockets as options of any kafkajs client. */
export function kafkajsConnection({ brokers, sasl, ssl }: KafkaConnection): KafkaConfig {
  return {
    brokers: [...brokers],
    socketFactory,
    // The objects are not copied, because their properties can change between two connections.
    ...(sasl !== undefined && { sasl: sasl as SASLOptions }),
    ...(ssl !== undefined && { ssl }),
  };
}

// Opens a socket as kafkajs does, but without Nagle's delay. Every write is a complete request whose caller waits for
// the response. A TLS server name cannot be an IP address; Node then compares the address with the certificate.
const socketFactory: ISocketFactory = ({ host, port, ssl, onConnect }) => {
  const secure = ssl as typeof ssl | undefined;
  const socket = secure
    ? connectTls({ host, port, ...(isIP(host) === 0 && { servername: host }), ...secure }, onConnect)
    : connectTcp({ host, port }, onConnect);
  socket.setNoDelay(true);
  socket.setKeepAlive(true, 60_000);
  return socket;
};
