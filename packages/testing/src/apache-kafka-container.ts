import {
  AbstractStartedContainer,
  GenericContainer,
  getContainerRuntimeClient,
  type InspectResult,
  Wait,
} from "testcontainers";

const listenersFile = "/var/tmp/advertised";
const startWithListeners = [
  `until [ -s ${listenersFile} ]; do sleep 0.05; done`,
  `export KAFKA_ADVERTISED_LISTENERS=$(cat ${listenersFile})`,
  // If the image was built from a read-only checkout, its templates are read-only, and so are the copies of these templates.
  "chmod -f u+w /etc/kafka/docker/* || true",
  "exec /etc/kafka/docker/run",
].join("; ");

/**
 * One real Kafka broker in a container of the plain apache/kafka image. The KafkaContainer of testcontainers supports
 * only Confluent's images. A broker must advertise its mapped port, which is known only after the container has
 * started. Therefore the broker starts only when the container has a file with the listeners.
 */
export class ApacheKafkaContainer extends GenericContainer {
  #id = "";

  constructor(image: string) {
    super(image);
    this.withExposedPorts(9092)
      .withEnvironment({
        CLUSTER_ID: "4L6g3nShT-eMCtK--X86sw",
        KAFKA_HEAP_OPTS: "-Xms128m -Xmx512m",
        KAFKA_NODE_ID: "1",
        KAFKA_PROCESS_ROLES: "broker,controller",
        KAFKA_LISTENERS: "HOST://:9092,INSIDE://:9093,CONTROLLER://:9094",
        KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: "HOST:PLAINTEXT,INSIDE:PLAINTEXT,CONTROLLER:PLAINTEXT",
        KAFKA_INTER_BROKER_LISTENER_NAME: "INSIDE",
        KAFKA_CONTROLLER_LISTENER_NAMES: "CONTROLLER",
        KAFKA_CONTROLLER_QUORUM_VOTERS: "1@localhost:9094",
        KAFKA_AUTO_CREATE_TOPICS_ENABLE: "false",
        KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: "1",
        KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS: "4",
        KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: "1",
        KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: "1",
        KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: "0",
      })
      .withCommand(["sh", "-c", startWithListeners])
      .withWaitStrategy(Wait.forLogMessage(/Kafka Server started/))
      .withStartupTimeout(60_000);
  }

  protected override async containerCreated(id: string): Promise<void> {
    this.#id = id;
  }

  /** Testcontainers calls this method after it has mapped the ports, and before the wait strategy. */
  protected override async containerStarting(inspect: InspectResult): Promise<void> {
    const { container, info } = await getContainerRuntimeClient();
    const port = inspect.ports["9092/tcp"]?.[0]?.hostPort;
    const listeners = `HOST://${info.containerRuntime.host}:${port},INSIDE://${inspect.hostname}:9093`;
    await container.exec(container.getById(this.#id), ["sh", "-c", `echo '${listeners}' > ${listenersFile}`]);
  }

  override async start(): Promise<StartedApacheKafkaContainer> {
    return new StartedApacheKafkaContainer(await super.start());
  }
}

export class StartedApacheKafkaContainer extends AbstractStartedContainer {
  get broker(): string {
    return `${this.getHost()}:${this.getMappedPort(9092)}`;
  }
}
