/**
 * A listener that the broker has besides its main listener. The listener can advertise the port of a proxy, so that clients
 * connect through the proxy.
 */
export type ExtraListener = {
  readonly name: string;
  readonly port: number;
  readonly advertisedPort: number;
  /** The default is 127.0.0.1. */
  readonly advertisedHost?: string;
  /** The default is the protocol of the main listener. */
  readonly protocol?: "PLAINTEXT" | "SSL" | "SASL_SSL";
  /** The settings of this listener only, for example `ssl.keystore.key`. */
  readonly settings?: Readonly<Record<string, string>>;
};

const mainListener = "CLIENTS";

type BrokerPlace = {
  readonly data: string;
  readonly port: number;
  readonly controllerPort: number;
  readonly extra?: readonly ExtraListener[] | undefined;
  /** The password of the broker's own user. Without it, every client may do everything. */
  readonly brokerPassword?: string | undefined;
};

/** The user of the broker itself. */
export const brokerUser = "broker";
/** The user that administers users, rights and topics. */
export const operatorUser = "operator";

/**
 * Returns the settings of a small KRaft node that is both broker and controller. Every start writes the settings again, because
 * ports can change. With `brokerPassword`, the settings contain this password, and only users with rights can connect.
 */
export function brokerProperties({ data, port, controllerPort, extra = [], brokerPassword }: BrokerPlace): string {
  const listeners: ExtraListener[] = [{ name: mainListener, port, advertisedPort: port }, ...extra];
  const addresses = listeners.map(({ name, port: own }) => `${name}://127.0.0.1:${own}`);
  const protocol = brokerPassword === undefined ? "PLAINTEXT" : "SASL_PLAINTEXT";
  const settings = {
    "process.roles": "broker,controller",
    "node.id": 1,
    "controller.quorum.voters": `1@127.0.0.1:${controllerPort}`,
    "controller.listener.names": "CONTROLLER",
    listeners: [...addresses, `CONTROLLER://127.0.0.1:${controllerPort}`].join(","),
    "advertised.listeners": listeners
      .map(({ name, advertisedHost = "127.0.0.1", advertisedPort }) => `${name}://${advertisedHost}:${advertisedPort}`)
      .join(","),
    "listener.security.protocol.map": [...listeners, { name: "CONTROLLER", protocol: undefined }]
      .map(({ name, protocol: own }) => `${name}:${own ?? protocol}`)
      .join(","),
    "log.dirs": data,
    "auto.create.topics.enable": false, // Crossline creates its topics and sets their number of partitions.
    "offsets.topic.replication.factor": 1,
    "offsets.topic.num.partitions": 4, // The first group would wait for the default of 50 partitions.
    "transaction.state.log.replication.factor": 1,
    "transaction.state.log.min.isr": 1,
    "transaction.state.log.num.partitions": 1,
    "share.coordinator.state.topic.replication.factor": 1,
    "share.coordinator.state.topic.min.isr": 1,
    // After a kill -9 the broker waits until its old session has expired, 9 s by default.
    "broker.session.timeout.ms": 3_000,
    "broker.heartbeat.interval.ms": 500,
    "group.initial.rebalance.delay.ms": 0,
    "log.cleaner.dedupe.buffer.size": 16 * 2 ** 20, // The default buffer takes 128 MB of the heap.
    "num.network.threads": 2,
    "num.io.threads": 4,
    "inter.broker.listener.name": mainListener,
    ...(brokerPassword !== undefined && accessSettings(listeners, brokerPassword)),
    ...Object.fromEntries(listeners.flatMap(settingsOf)),
  };
  return Object.entries(settings)
    .map(([key, value]) => `${key}=${value}\n`)
    .join("");
}

/** Returns the own settings of a listener. A PEM text becomes one row. */
function settingsOf({ name, settings = {} }: ExtraListener): (readonly [string, string])[] {
  return Object.entries(settings).map(
    ([key, value]) =>
      [`listener.name.${name.toLowerCase()}.${key}`, value.trim().replaceAll("\n", String.raw`\n`)] as const,
  );
}

/**
 * Returns the settings for users with rights. Every client needs a password (SASL/SCRAM-SHA-512, RFC 5802), and the rights of its user. The
 * controller's own listener uses SASL/PLAIN, because the controller must start before it can read the users of SCRAM.
 */
function accessSettings(listeners: readonly { readonly name: string }[], password: string): Record<string, string> {
  const login = `username="${brokerUser}" password="${password}"`;
  const scram = `org.apache.kafka.common.security.scram.ScramLoginModule required ${login};`;
  const plain = `org.apache.kafka.common.security.plain.PlainLoginModule required ${login} user_${brokerUser}="${password}";`;
  return {
    "sasl.enabled.mechanisms": "SCRAM-SHA-512",
    "sasl.mechanism.inter.broker.protocol": "SCRAM-SHA-512",
    "sasl.mechanism.controller.protocol": "PLAIN",
    ...Object.fromEntries(
      listeners.map(({ name }) => [`listener.name.${name.toLowerCase()}.scram-sha-512.sasl.jaas.config`, scram]),
    ),
    "listener.name.controller.sasl.enabled.mechanisms": "PLAIN",
    "listener.name.controller.plain.sasl.jaas.config": plain,
    "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
    "super.users": `User:${brokerUser};User:${operatorUser}`,
  };
}
