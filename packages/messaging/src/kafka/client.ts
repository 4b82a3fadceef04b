import { connect as connectTcp } from "node:net";
import { connect as connectTls } from "node:tls";
import { Kafka, logLevel } from "kafkajs";
import type { ISocketFactory, KafkaConfig } from "kafkajs";
import type { Log } from "../broker.ts";
import { kafkaLog } from "./log.ts";

export type KafkaOptions = {
  /** `host:port` of some brokers; the others are learnt from them. */
  readonly brokers: readonly string[];
  /** Who we are, in the brokers' logs and quotas. */
  readonly clientId: string;
  readonly log: Log;
  /** Topics that keep every record; others are made with the broker's retention, or left as they are. */
  readonly keeps?: readonly string[];
  /** As kafkajs takes them (`KafkaConfig`): `{ mechanism: "scram-sha-512", username, password }`, and TLS options or true. */
  readonly sasl?: NonNullable<KafkaConfig["sasl"]>;
  readonly ssl?: NonNullable<KafkaConfig["ssl"]>;
};

/** The connection settings that producer, consumers and admin share. Tries for 1.5 s; whoever calls tries on for longer. */
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

// As kafkajs' own, but without Nagle's delay: every write is a whole request that somebody waits for.
const socketFactory: ISocketFactory = ({ host, port, ssl, onConnect }) => {
  const secure = ssl as typeof ssl | undefined;
  const socket = secure
    ? connectTls({ host, port, servername: host, ...secure }, onConnect)
    : connectTcp({ host, port }, onConnect);
  socket.setNoDelay(true);
  socket.setKeepAlive(true, 60_000);
  return socket;
};
