import { connect as connectTcp } from "node:net";
import { connect as connectTls } from "node:tls";
import { Kafka, logLevel } from "kafkajs";
import type { ISocketFactory, KafkaConfig } from "kafkajs";
import type { Log } from "../broker.ts";
import { kafkaLog } from "./log.ts";

/** The options of `kafkaBroker`. */
export type KafkaOptions = {
  /** `host:port` of some brokers, which return the addresses of the other brokers. */
  readonly brokers: readonly string[];
  /** The name of this client in the brokers' logs and quotas. */
  readonly clientId: string;
  readonly log: Log;
  /**
   * The topics that keep every record. A new topic outside this list gets the broker's retention. The adapter does not
   * change an existing topic outside this list.
   */
  readonly keeps?: readonly string[];
  /**
   * The credentials as in kafkajs' `KafkaConfig`: `{ mechanism: "scram-sha-512", username, password }`. The value of
   * `ssl` is true or TLS options.
   */
  readonly sasl?: NonNullable<KafkaConfig["sasl"]>;
  readonly ssl?: NonNullable<KafkaConfig["ssl"]>;
};

/**
 * Returns the client that producer, consumers and admin share. The client retries for 1.5 s, and the callers of the
 * client retry for a longer time.
 */
export function kafkaClient({ brokers, clientId, log, sasl, ssl }: KafkaOptions): Kafka {
  return new Kafka({
    brokers: [...brokers],
    clientId,
    connectionTimeout: 3_000,
    requestTimeout: 10_000,
    retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 4 },
    logLevel: logLevel.WARN,
    logCreator: () => kafkaLog(log),
    socketFactory,
    ...(sasl !== undefined && { sasl }),
    ...(ssl !== undefined && { ssl }),
  });
}

// Opens a socket as kafkajs does, but without Nagle's delay. Every write is a complete request whose caller waits for
// the response.
const socketFactory: ISocketFactory = ({ host, port, ssl, onConnect }) => {
  const secure = ssl as typeof ssl | undefined;
  const socket = secure
    ? connectTls({ host, port, servername: host, ...secure }, onConnect)
    : connectTcp({ host, port }, onConnect);
  socket.setNoDelay(true);
  socket.setKeepAlive(true, 60_000);
  return socket;
};
