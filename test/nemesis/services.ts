/** The services of a run, in the order in which they start. */
export const services = ["routing", "timer", "notification", "intake"] as const;

export type Service = (typeof services)[number];

/** At most so many replicas of each run at once. */
export const replicasMax = 3;

/** Every port of a run, from the first one on. */
export type Ports = {
  /** The replica's own; its proxies'; and the broker's listener behind its proxy. */
  readonly of: (
    service: Service,
    replica: number,
  ) => {
    readonly http: number;
    readonly postgresProxy: number;
    readonly kafkaProxy: number;
    readonly kafkaListener: number;
  };
  /** The address that the other services know: it leads to any replica that answers. */
  readonly balancer: (service: Service) => number;
  readonly kafka: number;
  readonly postgres: number;
  readonly receiver: (index: number) => number;
};

/** Lays out a hundred ports. */
export function portsFrom(first: number): Ports {
  return {
    of: (service, replica) => {
      const http = first + services.indexOf(service) * replicasMax + replica;
      return { http, postgresProxy: http + 20, kafkaProxy: http + 40, kafkaListener: http + 60 };
    },
    balancer: (service) => first + 80 + services.indexOf(service),
    kafka: first + 90,
    postgres: first + 91,
    receiver: (index) => first + 92 + index,
  };
}
