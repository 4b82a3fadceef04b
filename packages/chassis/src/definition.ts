import type { Authenticator } from "@crossline/access";
import type { ReceivedMessage, ServiceOperation } from "@crossline/contracts";
import type { Broker, Consumer, KeyHeadFinder, KeyHeadReader, Relay, DeleteTimelineRows } from "@crossline/messaging";
import type { Database, Tx } from "@crossline/postgres";
import type {
  FastifyRequest,
  Health,
  Http,
  HttpOptions,
  Lifecycle,
  Listening,
  Log,
  Loop,
  Metrics,
} from "@crossline/service";
import type { Tracing } from "@crossline/tracing";

/**
 * The settings of a service. Every service has the fields `internalKey` and `partitions`. The type parameter `Own` adds
 * the fields of one service.
 */
export type ServiceSettings<Own extends object = object> = Own & {
  readonly internalKey: string;
  readonly partitions: number;
  /** The commit that the service was built from. Undefined if the build did not name it. */
  readonly commit?: string | undefined;
};

/**
 * Defines a service. The definition names the topics that the service reads and publishes, and builds the service's
 * rooms. The chassis starts the remaining components: broker, relay, consumer, health, metrics, tracing, expiry,
 * removal of timelines, internal routes and HTTP. `Handles` are the values that the started service returns besides its
 * address.
 */
export type ServiceDefinition<Settings extends object = object, Handles extends object = object> = {
  /** The name of the schema, the consumer group and the process, for example `timer`. */
  readonly name: string;
  readonly openapi: { readonly title: string; readonly description: string };
  readonly reads: ServiceReads;
  /** The topics that the service owns. The chassis creates these topics and the topics that the service reads. */
  readonly publishes: readonly string[];
  /**
   * Deletes one batch of the rows of a removed timeline. Only a service that stores no rows of imports omits this
   * function.
   */
  readonly removeRows?: DeleteTimelineRows;
  /** Deletes up to `rowsMax` expired rows and returns their number. */
  readonly expire?: (database: Database, rowsMax: number) => Promise<number>;
  /**
   * Builds the rooms. `build` starts no loop, since `workers` starts the loops. `build` adds each connection that it opens to
   * `life`, which closes these connections last.
   */
  readonly build: (chassis: Chassis<Settings>) => ServiceRooms<Handles>;
};

/** The topics and events that a service's consumer reads. `ConsumerOptions` explains each field. */
type ServiceReads = {
  readonly topics: readonly string[];
  readonly types: ReadonlySet<string>;
  readonly ignores?: (timeline: string, topic: string) => boolean;
  readonly gatherMs?: number;
  readonly pollMs?: number;
  readonly knownKeys?: (tx: Tx) => Promise<readonly string[]>;
  /** Reads the last sequences of the service's own topics for consumers that lost records of a topic. */
  readonly heads?: Readonly<Record<string, KeyHeadReader>>;
  /** Finds the last sequences of some cases on the service's own topics, for the auditor. */
  readonly findHeads?: Readonly<Record<string, KeyHeadFinder>>;
  /** If true, the service can be ready before the owner of lost records has confirmed the loss. */
  readonly readyWithLosses?: true;
};

/** The components that the chassis passes to a service. */
export type Chassis<Settings extends object = object> = {
  readonly settings: ServiceSettings<Settings>;
  readonly database: Database;
  readonly broker: Broker;
  readonly log: Log;
  readonly tracing: Tracing;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly life: Lifecycle;
  /** Adds a worker that has just started. Workers stop in the reverse order of their addition. */
  readonly addWorker: (name: string, worker: Pick<Loop, "stop">) => void;
  /**
   * Adds a worker and its health checks. The service is live only while no pass of the worker hangs. If `shows` is
   * `database`, the check `database` also fails if the last pass of the worker failed and none has succeeded for 5 s.
   */
  readonly watchWorker: (name: string, worker: WatchedWorker, shows: "progress" | "database") => void;
  /**
   * Authenticates callers by their API keys. The service's `migrations` must include those of `@crossline/access`, and the
   * service must apply the party topic with `applyParties`.
   */
  readonly authenticate: Authenticator;
  /** Wakes the relay. Call this function after a commit that added messages to the outbox. */
  readonly wakeRelay: () => void;
  /** Records a read whose response has begun and ends much later, for example a stream. The chassis records all other reads. */
  readonly recordRead: (request: FastifyRequest) => void;
};

type WatchedWorker = Pick<Loop, "stop" | "progress" | "success">;

/** The components that run when the chassis calls `workers` and `routes`. */
export type RunningParts = {
  readonly consumer: Consumer;
  readonly relay: Relay;
  /** Wakes the removal of timelines. Call this function after a commit that removed a timeline. */
  readonly wakeRemoval: () => void;
};

/** The connected rooms of a service. */
export type ServiceRooms<Handles extends object = object> = {
  /** Applies a batch of events in the consumer's transaction. See `ConsumerOptions`. */
  readonly apply: (tx: Tx, events: readonly ReceivedMessage[]) => Promise<void>;
  /** Runs after the commit of a batch. */
  readonly onApplied?: (events: readonly ReceivedMessage[]) => void;
  /**
   * Runs when the consumer retries a transaction. Postgres may have committed the transaction although the commit
   * reported a fault.
   */
  readonly onRetried?: () => void;
  /** The relay's own broker. If this field is missing, the relay uses the service's broker. */
  readonly relayBroker?: Broker;
  /** Runs before the consumer starts. */
  readonly prepare?: () => Promise<void>;
  /** Starts the workers and adds each with `addWorker` or `watchWorker`. */
  readonly workers?: (running: RunningParts) => Handles;
  /** Adds the service's own routes. `handles` is the value that `workers` returned. */
  readonly routes: (http: Http, running: RunningParts, handles: Handles) => void | Promise<void>;
  /** Runs at the beginning of a stop, to end the requests that wait. */
  readonly onStopping?: () => void;
  readonly http?: Partial<Pick<HttpOptions, "metricsKey" | "connectionsMax" | "earlyResponder">> & {
    readonly completeOpenApi?: HttpOptions["openapi"]["complete"];
  };
  /** Returns the fields that the service adds to `GET /internal/timelines/{id}`. */
  readonly timelineReport?: (tx: Tx, timeline: string) => Promise<object>;
  /** Returns the fields that the service adds to `GET /internal/operation`. */
  readonly operationReport?: (tx: Tx) => Promise<OwnOperation>;
};

/** The fields of an operation that only one service has. */
export type OwnOperation = Pick<ServiceOperation, "lateness" | "findings" | "deliveries">;

/** The connections and settings that a start needs. The service leaves these connections open when it stops. */
export type ServiceDeps<Settings extends object> = {
  /** A connection to the migrated schema of the service. */
  readonly database: Database;
  readonly broker: Broker;
  readonly log: Log;
  /** If this field is missing, tracing is off. */
  readonly tracing?: Tracing;
  readonly settings: ServiceSettings<Settings>;
  /** The address to listen on. The default is any free port of this machine. */
  readonly http?: { readonly host: string; readonly port: number };
  /** The time after which the group gives the partitions of a silent member to other members, in milliseconds. */
  readonly sessionTimeoutMs?: number;
  /** The consumer has ended permanently. By default the process ends with an uncaught error. */
  readonly onCrash?: (error: Error) => void;
};

/** A running service. The field `url` has no slash at the end. */
export type StartedService = Pick<Listening, "url" | "port"> & {
  /** Accepts no more work, finishes the running work and leaves the group. Resolves to true if every component stopped in time. */
  stop(): Promise<boolean>;
};
