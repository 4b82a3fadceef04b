import { type Consumer, type ConsumerMetrics, startConsumer } from "@crossline/messaging";
import type { Loop } from "@crossline/service";
import type { Tracing } from "@crossline/tracing";
import type { ServiceDefinition, ServiceDeps, ServiceRooms } from "./definition.ts";

export type ServiceConsumerDeps<Settings extends object, Handles extends object> = {
  readonly definition: ServiceDefinition<Settings, Handles>;
  readonly deps: ServiceDeps<Settings>;
  readonly rooms: ServiceRooms<Handles>;
  readonly metrics: ConsumerMetrics;
  readonly tracing: Tracing;
  readonly removal: Loop | undefined;
};

/** Starts the service's consumer. The consumer group has the name of the service. */
export function startServiceConsumer<Settings extends object, Handles extends object>({
  definition: { name, reads },
  deps: { database, broker, log, settings, sessionTimeoutMs, onCrash },
  rooms,
  metrics,
  tracing,
  removal,
}: ServiceConsumerDeps<Settings, Handles>): Promise<Consumer> {
  const { topics, types, heads = {}, knownKeys, ignores, gatherMs, pollMs } = reads;
  return startConsumer({
    database,
    broker,
    log,
    group: name,
    partitions: settings.partitions,
    topics,
    types,
    gaps: { service: name, heads },
    tracing,
    ...(knownKeys !== undefined && { knownKeys }),
    ...(ignores !== undefined && { ignores }),
    ...(gatherMs !== undefined && { gatherMs }),
    ...(pollMs !== undefined && { pollMs }),
    ...(sessionTimeoutMs !== undefined && { sessionTimeoutMs }),
    ...(onCrash !== undefined && { onCrash }),
    metrics: {
      ...metrics,
      retried() {
        metrics.retried?.();
        rooms.onRetried?.();
      },
    },
    apply: (tx, events) => rooms.apply(tx, events),
    onApplied(events) {
      if (events.some(({ type }) => type === "timeline.removed")) removal?.wake();
      rooms.onApplied?.(events);
    },
  });
}
