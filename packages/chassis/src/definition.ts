import type { Authenticator } from "@crossline/access";
import type { ReceivedMessage } from "@crossline/contracts";
import type { Broker, Consumer, KeyHeadReader, Relay, DeleteTimelineRows } from "@crossline/messaging";
import type { Database, Tx } from "@crossline/postgres";
import type { Health, Http, HttpOptions, Lifecycle, Listening, Log, Loop, Metrics } from "@crossline/service";
import type { Tracing } from "@crossline/tracing";

/** The settings of a service: those that every service has, and `Own` beside them. */
export type ServiceSettings<Own extends object = object> = Own & {
  readonly internalKey: string;
  readonly partitions: number;
};

/**
 * What a service is: the topics that it reads and publishes, and how it builds its rooms. The chassis brings up everything
 * else: broker, relay, consumer, health, metrics, tracing, expiry, removal of timelines, internal routes, HTTP.
 * `Handles` is what the started service offers beside its address.
 */
export type ServiceDefinition<Settings extends object = object, Handles extends object = object> = {
  /** The name of the schema, the consumer group and the process: `timer`. */
  readonly name: string;
  readonly openapi: { readonly title: string; readonly description: string };
  readonly reads: ServiceReads;
  /** The topics that the service owns. The chassis makes them, and those that the service reads. */
  readonly publishes: readonly string[];
  /** Deletes one batch of the rows of a removed timeline. A service without it keeps no rows of imports. */
  readonly removeRows?: DeleteTimelineRows;
  /** Deletes up to `rowsMax` expired rows and returns their number. */
  readonly expire?: (database: Database, rowsMax: number) => Promise<number>;
  /** Builds the rooms. It starts no loop: `workers` does. The connections that it opens it adds to `life`; they stop last. */
  readonly build: (chassis: Chassis<Settings>) => ServiceRooms<Handles>;
};

/** What the consumer of a service reads; see `ConsumerOptions` for each. */
type ServiceReads = {
  readonly topics: readonly string[];
  readonly types: ReadonlySet<string>;
  readonly ignores?: (timeline: string, topic: string) => boolean;
  readonly gatherMs?: number;
  readonly knownKeys?: (tx: Tx) => Promise<readonly string[]>;
  /** The last sequences of the service's own topics, by topic, for consumers that lost records of them. */
  readonly heads?: Readonly<Record<string, KeyHeadReader>>;
  /** The service stays ready while the loss of records is not confirmed by their owner. */
  readonly readyWithLosses?: true;
};

/** What the chassis hands to a service. */
export type Chassis<Settings extends object = object> = {
  readonly settings: ServiceSettings<Settings>;
  readonly database: Database;
  readonly broker: Broker;
  readonly log: Log;
  readonly tracing: Tracing;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly life: Lifecycle;
  /** Adds a worker that has just started: it stops before those that were added earlier. */
  readonly addWorker: (name: string, worker: Pick<Loop, "stop">) => void;
  /**
   * Adds a worker and watches it. The service is live while its passes end. Where it shows the `database`, the service is
   * ready while its passes succeed: this replaces the chassis' own ping, since the worker queries the database anyway.
   */
  readonly watchWorker: (name: string, worker: WatchedWorker, shows: "progress" | "database") => void;
  /** Needs the tables of `@crossline/access` (`migrations`), and `applyParties` for the party topic. */
  readonly authenticate: Authenticator;
  /** Wakes the relay, after a commit that appended to the outbox. */
  readonly wakeRelay: () => void;
};

type WatchedWorker = Pick<Loop, "stop" | "progress" | "success">;

/** What runs by the time that the chassis calls `workers` and `routes`. */
export type RunningParts = {
  readonly consumer: Consumer;
  readonly relay: Relay;
  /** Wakes the removal of timelines, after a commit that removed one. */
  readonly wakeRemoval: () => void;
};

/** The rooms of a service, wired together. */
export type ServiceRooms<Handles extends object = object> = {
  /** Applies a batch of events in the consumer's transaction; see `ConsumerOptions`. */
  readonly apply: (tx: Tx, events: readonly ReceivedMessage[]) => Promise<void>;
  /** Runs after the commit of such a batch. */
  readonly onApplied?: (events: readonly ReceivedMessage[]) => void;
  /** The consumer retries a transaction; the commit of the failed one may have succeeded. */
  readonly onRetried?: () => void;
  /** The broker that the relay sends by, where it is not the service's. */
  readonly relayBroker?: Broker;
  /** Runs before the consumer starts. */
  readonly prepare?: () => Promise<void>;
  /** Starts the workers, and adds each by `addWorker` or `watchWorker`. */
  readonly workers?: (running: RunningParts) => Handles;
  /** Adds the service's own routes. `handles` is what `workers` returned. */
  readonly routes: (http: Http, running: RunningParts, handles: Handles) => void | Promise<void>;
  /** Runs first when the service stops: ends the waits of requests. */
  readonly onStopping?: () => void;
  readonly http?: Partial<Pick<HttpOptions, "metricsKey" | "connectionsMax" | "earlyResponder">> & {
    readonly completeOpenApi?: HttpOptions["openapi"]["complete"];
  };
  /** What `GET /internal/timelines/{id}` reports beside the counts. */
  readonly timelineReport?: (tx: Tx, timeline: string) => Promise<object>;
};

/** What a start needs: the connections stay open when the service stops. */
export type ServiceDeps<Settings extends object> = {
  /** Of the service's schema, migrated. */
  readonly database: Database;
  readonly broker: Broker;
  readonly log: Log;
  /** Without it nothing is traced. */
  readonly tracing?: Tracing;
  readonly settings: ServiceSettings<Settings>;
  /** Where to listen; without it on any free port of this machine. */
  readonly http?: { readonly host: string; readonly port: number };
  /** How long a crashed member can be silent before its partitions go to others, in milliseconds. */
  readonly sessionTimeoutMs?: number;
};

/** A service that runs. Its `url` has no slash at its end. */
export type StartedService = Pick<Listening, "url" | "port"> & {
  /** Takes no more work, finishes what runs, leaves the group. Resolves to true when every part stopped in time. */
  stop(): Promise<boolean>;
};
