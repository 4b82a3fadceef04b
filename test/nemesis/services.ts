/** The services of a run, in the order in which they start. */
export const services = ["routing", "timer", "notification", "intake"] as const;

export type Service = (typeof services)[number];

/** The maximum number of replicas of each service. */
export const replicasMax = 3;

/** Every port of a run, from the first one on. */
export type Ports = {
  /** The ports of a replica, of its proxies, and of the broker's listener behind its proxy. */
  readonly of: (
    service: Service,
    replica: number,
  ) => {
    readonly http: number;
    readonly postgresProxy: number;
    readonly kafkaProxy: number;
    readonly kafkaListener: number;
  };
  /** The address that the other services know. The proxy at this address leads to any replica that accepts connections. */
  readonly balancer: (service: Service) => number;
  readonly kafka: number;
  readonly postgres: number;
  readonly receiver: (index: number) => number;
};

/** Assigns a hundred ports. */
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
