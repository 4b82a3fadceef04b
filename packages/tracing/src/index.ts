export { openTracing } from "./open.ts";
export { parseTraceparent } from "./traceparent.ts";
export { noTracing } from "./tracing.ts";
export type { Span, SpanOptions, Tracing, TracingOptions } from "./tracing.ts";
