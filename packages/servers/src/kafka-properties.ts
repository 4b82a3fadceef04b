/**
 * A listener that the broker has besides its main listener. The listener advertises the port of a proxy, so that clients connect
 * through the proxy.
 */
export type ExtraListener = { readonly name: string; readonly port: number; readonly advertisedPort: number };

type BrokerPlace = {
  readonly data: string;
  readonly port: number;
  readonly controllerPort: number;
  readonly extra?: readonly ExtraListener[] | undefined;
};

/**
 * Returns the settings of a small KRaft node that is both broker and controller. Every start writes the settings again, because
 * ports can change.
 */
export function brokerProperties({ data, port, controllerPort, extra = [] }: BrokerPlace): string {
  const plain = [{ name: "PLAINTEXT", port, advertisedPort: port }, ...extra];
  const addresses = plain.map(({ name, port: own }) => `${name}://127.0.0.1:${own}`);
  const settings = {
    "process.roles": "broker,controller",
    "node.id": 1,
    "controller.quorum.voters": `1@127.0.0.1:${controllerPort}`,
    "controller.listener.names": "CONTROLLER",
    listeners: [...addresses, `CONTROLLER://127.0.0.1:${controllerPort}`].join(","),
    "advertised.listeners": plain
      .map(({ name, advertisedPort: advertised }) => `${name}://127.0.0.1:${advertised}`)
      .join(","),
    "listener.security.protocol.map": [...plain, { name: "CONTROLLER" }]
      .map(({ name }) => `${name}:PLAINTEXT`)
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
  };
  return Object.entries(settings)
    .map(([key, value]) => `${key}=${value}\n`)
    .join("");
}
