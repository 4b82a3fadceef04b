import type { Operations } from "@crossline/contracts";
import type { PresentedService, ReachedService } from "./queries.ts";

/** How a service is: the worst first. */
const states = ["unreachable", "not ready", "ready"] as const;
export type ServiceState = (typeof states)[number];

/** Returns the state of a service. */
export function stateOf(service: PresentedService): ServiceState {
  if (service.state === "unreachable") return "unreachable";
  return service.ready ? "ready" : "not ready";
}

/** Returns the services, the failing ones first. */
export function failingFirst(services: readonly PresentedService[]): readonly PresentedService[] {
  return services.toSorted((one, other) => states.indexOf(stateOf(one)) - states.indexOf(stateOf(other)));
}

/** Returns the checks of a service that failed, each with its reason. */
export function failedChecks({ checks }: ReachedService): readonly (readonly [check: string, reason: string])[] {
  return Object.entries(checks).filter(([, result]) => result !== "ok");
}

/** Something that a service has set aside until the operator acts: a parked case or a dead letter. */
export type StuckThing = {
  readonly id: string;
  readonly service: string;
  /** The path of the command that lets the service try again. */
  readonly replayPath: string;
  readonly name: string;
  readonly topic: string;
  readonly reason: string;
  readonly at: string;
  /** For a parked case. */
  readonly parked?: { readonly attempts: number; readonly waiting: number; readonly replayRequestedAt?: string };
};

/** Returns the parked cases of all services, the oldest first. */
export function parkedIn({ services }: Operations): readonly StuckThing[] {
  const things = services.flatMap((one) =>
    one.state === "unreachable"
      ? []
      : one.parked.map(({ key, topic, sequence, reason, parkedAt, attempts, waiting, replayRequestedAt }) => ({
          id: `parked ${one.service} ${key}`,
          service: one.service,
          replayPath: `/v1/operations/parked/${one.service}/${encodeURIComponent(key)}/replay`,
          name: key,
          topic: `${topic}, record ${sequence}`,
          reason,
          at: parkedAt,
          parked: { attempts, waiting, ...(replayRequestedAt !== undefined && { replayRequestedAt }) },
        })),
  );
  return things.toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at));
}

/** Returns the dead letters of all services, the newest first. */
export function deadLettersIn({ services }: Operations): readonly StuckThing[] {
  const things = services.flatMap((one) =>
    one.state === "unreachable"
      ? []
      : one.deadLetters.map(({ id, direction, topic, partition, offset, reason, deadAt }) => ({
          id: `letter ${one.service} ${id}`,
          service: one.service,
          replayPath: `/v1/operations/dead-letters/${one.service}/${id}/replay`,
          name: `letter ${id}, ${direction === "in" ? "received" : "to be sent"}`,
          topic: offset === undefined ? topic : `${topic}, partition ${partition}, offset ${offset}`,
          reason,
          at: deadAt,
        })),
  );
  return things.toSorted((one, other) => Date.parse(other.at) - Date.parse(one.at));
}
