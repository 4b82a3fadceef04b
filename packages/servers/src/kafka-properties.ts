/** A further way to the broker, whose clients are told to come back to another port: that of a proxy in between. */
export type ExtraListener = { readonly name: string; readonly port: number; readonly advertisedPort: number };

type BrokerPlace = {
  readonly data: string;
  readonly port: number;
  readonly controllerPort: number;
  readonly extra?: readonly ExtraListener[] | undefined;
};

/** The broker's settings: KRaft, one node in both roles, made small. Written anew at every start, as ports may change. */
export function brokerProperties({ data, port, controllerPort, extra = [] }: BrokerPlace): string {
  const plain = [{ name: "PLAINTEXT", port, advertisedPort: port }, ...extra];
  const addresses = plain.map(({ name, port: own }) => `${name}://127.0.0.1:${own}`);
  const settings = {
    "process.roles": "broker,controller",
    "node.id": 1,
    "controller.quorum.voters": `1@127.0.0.1:${controllerPort}`,
    "controller.listener.names": "CONTROLLER",
    listeners: [...addresses, `CONTROLLER://127.0.0.1:${controllerPort}`].join(","),
    "advertised.listeners": plain.map(({ name, advertisedPort: told }) => `${name}://127.0.0.1:${told}`).join(","),
    "listener.security.protocol.map": [...plain, { name: "CONTROLLER" }]
      .map(({ name }) => `${name}:PLAINTEXT`)
      .join(","),
    "log.dirs": data,
    "auto.create.topics.enable": false, // the system makes its topics itself, with the partitions that it wants
    "offsets.topic.replication.factor": 1,
    "offsets.topic.num.partitions": 4, // 50 would keep the first group waiting
    "transaction.state.log.replication.factor": 1,
    "transaction.state.log.min.isr": 1,
    "transaction.state.log.num.partitions": 1,
    "share.coordinator.state.topic.replication.factor": 1,
    "share.coordinator.state.topic.min.isr": 1,
    // After a kill -9 the broker waits until the session of its former self has run out; 9 s by default.
    "broker.session.timeout.ms": 3_000,
    "broker.heartbeat.interval.ms": 500,
    "group.initial.rebalance.delay.ms": 0,
    "log.cleaner.dedupe.buffer.size": 16 * 2 ** 20, // of the heap; 128 MB by default
    "num.network.threads": 2,
    "num.io.threads": 4,
  };
  return Object.entries(settings)
    .map(([key, value]) => `${key}=${value}\n`)
    .join("");
}
