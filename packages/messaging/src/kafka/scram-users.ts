import { createRequire } from "node:module";
import type { Broker } from "kafkajs";
import { type KafkaOptions, kafkaClient } from "./client.ts";
import { KafkaRefusedError } from "./fault.ts";
import { connectCluster } from "./offsets.ts";

/** A broker of kafkajs, with the connections that its types omit. */
type SendingBroker = Broker & {
  readonly connectionPool: { send<T>(exchange: { request: object; response: object }): Promise<T> };
};

// kafkajs does not export its coding.
const load = createRequire(import.meta.url);
const Encoder = load("kafkajs/src/protocol/encoder") as new () => { writeBuffer(bytes: Buffer): object };
const Decoder = load("kafkajs/src/protocol/decoder") as new (payload: Buffer) => {
  readInt8(): number;
  readInt16(): number;
  readInt32(): number;
  readUVarIntString(): string;
  readUVarIntArray<T>(readItem: () => T): T[] | null;
  readTaggedFields(): unknown;
};

type ScramUsers = { readonly errorCode: number; readonly users: readonly string[] };

const apiKey = 50;
const clusterAuthorizationFailed = 31;
/**
 * No tags of the header, an empty list of users, and no tags of the body. An empty list means all users. A null list does too, but Kafka
 * 4.3.1 sends no response with it to a client without the right.
 */
const everyUser = Buffer.from([0, 1, 0]);

/**
 * Returns the names of all users with a SCRAM password, in alphabetical order. The function sends DescribeUserScramCredentials (KIP-554,
 * version 0), which kafkajs does not have. Kafka returns no password. Rejects with a KafkaRefusedError if the caller may not describe the
 * cluster.
 */
export async function listScramUsers(options: KafkaOptions): Promise<readonly string[]> {
  const cluster = await connectCluster(kafkaClient(options));
  try {
    await cluster.refreshMetadata();
    const broker = (await cluster.findControllerBroker()) as SendingBroker;
    const { errorCode, users } = await broker.connectionPool.send<ScramUsers>({
      request: {
        apiKey,
        apiVersion: 0,
        apiName: "DescribeUserScramCredentials",
        encode: async () => new Encoder().writeBuffer(everyUser),
      },
      response: {
        decode: async (payload: Buffer) => decodeScramUsers(payload),
        parse: async (found: ScramUsers) => found,
      },
    });
    if (errorCode === clusterAuthorizationFailed)
      throw new KafkaRefusedError("Kafka refuses this user the right DESCRIBE on the cluster.");
    if (errorCode !== 0) throw new Error(`Kafka did not list its users: error ${errorCode}`);
    return users.toSorted();
  } finally {
    await cluster.disconnect().catch(() => {});
  }
}

/** Decodes a response. Crossline uses none of its tags, mechanisms and numbers of iterations. */
function decodeScramUsers(payload: Buffer): ScramUsers {
  const decoder = new Decoder(payload);
  const readUser = (): string => {
    const name = decoder.readUVarIntString();
    decoder.readInt16();
    decoder.readUVarIntString();
    decoder.readUVarIntArray(() => {
      decoder.readInt8();
      decoder.readInt32();
      decoder.readTaggedFields();
    });
    decoder.readTaggedFields();
    return name;
  };
  decoder.readTaggedFields();
  decoder.readInt32();
  const errorCode = decoder.readInt16();
  decoder.readUVarIntString();
  return { errorCode, users: decoder.readUVarIntArray(readUser) ?? [] };
}
