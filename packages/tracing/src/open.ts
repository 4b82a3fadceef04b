import { noTracing } from "./tracing.ts";
import type { Tracing, TracingOptions } from "./tracing.ts";

/** Opens tracing. Without an endpoint the function does not load OpenTelemetry, which takes 90 ms and 9 MB. */
export async function openTracing({ endpoint, ...options }: TracingOptions): Promise<Tracing> {
  if (endpoint === undefined) return noTracing;
  const { exportTraces } = await import("./export.ts");
  return exportTraces({ endpoint, ...options });
}
