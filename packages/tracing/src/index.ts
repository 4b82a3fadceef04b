export { openTracing } from "./open.ts";
export type { TracingOptions } from "./open.ts";
export { parseTraceparent } from "./traceparent.ts";
export { noTracing } from "./tracing.ts";
export type { Span, SpanOptions, Tracing } from "./tracing.ts";
