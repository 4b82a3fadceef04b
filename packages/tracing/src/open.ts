import { noTracing } from "./tracing.ts";
import type { Tracing } from "./tracing.ts";

export type TracingOptions = {
  /** The service, as it stands in the traces (`service.name`). */
  readonly service: string;
  /** Where an OTLP receiver listens (`http://127.0.0.1:4318`), without a slash at its end. Undefined: no tracing. */
  readonly endpoint: string | undefined;
  /** The share of the traces that begin here which are recorded, 0 to 1. Of others the client has decided. */
  readonly share: number;
  readonly log: { warn(fields: object, message: string): void };
};

/** Opens tracing. Without an endpoint nothing is loaded: OpenTelemetry takes 90 ms of a start, and 9 MB. */
export async function openTracing({ endpoint, ...options }: TracingOptions): Promise<Tracing> {
  if (endpoint === undefined) return noTracing;
  const { exportTraces } = await import("./export.ts");
  return exportTraces({ endpoint, ...options });
}
