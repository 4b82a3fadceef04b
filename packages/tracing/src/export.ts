import { ROOT_CONTEXT, type SpanContext, SpanKind, SpanStatusCode, TraceFlags, trace } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  type SpanExporter,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from "@opentelemetry/sdk-trace";
import { parseTraceparent } from "./traceparent.ts";
import type { Span, SpanOptions, Tracing, TracingOptions } from "./tracing.ts";

const kinds = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
  internal: SpanKind.INTERNAL,
};

const exportWithinMs = 5_000;
const logAgainMs = 60_000;
const linksMax = 128;

/**
 * Returns a tracing that sends spans to an OTLP receiver by HTTP (OTLP 1.7, http/protobuf), in the background. The
 * exporter buffers at most 2,048 spans and drops spans that the receiver does not accept, so no other work waits. The
 * function changes no global state, because one process hosts several services in tests.
 */
export function exportTraces({ endpoint, ...options }: TracingOptions & { readonly endpoint: string }): Tracing {
  const { service, share } = options;
  const exporter = new OTLPTraceExporter({ url: `${endpoint}/v1/traces`, timeoutMillis: exportWithinMs });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ "service.name": `crossline-${service}`, "service.namespace": "crossline" }),
    // The client's sampling decision applies to a trace of a client. Crossline records a share of the traces that begin
    // in Crossline.
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(share) }),
    spanProcessors: [
      new BatchSpanProcessor({ exporter: logFailedExports(exporter, options), scheduledDelayMillis: 1_000 }),
    ],
  });
  const tracer = provider.getTracer("crossline");
  let stopped: Promise<void> | undefined;
  return {
    isOn: true,
    span(name, { kind, parent, links = [], attributes = {} }: SpanOptions): Span {
      const parentContext = contextOf(parent);
      const span = tracer.startSpan(
        name,
        {
          kind: kinds[kind],
          attributes,
          links: links.slice(0, linksMax).flatMap((link) => {
            const context = contextOf(link);
            return context === undefined ? [] : [{ context }];
          }),
        },
        parentContext === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, parentContext),
      );
      return {
        traceparent: traceparentOf(span.spanContext()),
        set: (more) => void span.setAttributes(more),
        end(failure) {
          if (failure !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: failure });
          span.end();
        },
      };
    },
    // The stop succeeds even if the receiver fails.
    stop: () => (stopped ??= provider.shutdown().catch(() => {})),
  };
}

function contextOf(traceparent: string | undefined): SpanContext | undefined {
  const [, traceId, spanId, flags] = parseTraceparent(traceparent)?.split("-") ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & TraceFlags.SAMPLED, isRemote: true };
}

function traceparentOf({ traceId, spanId, traceFlags }: SpanContext): string {
  return `00-${traceId}-${spanId}-${(traceFlags & TraceFlags.SAMPLED) === 0 ? "00" : "01"}`;
}

/** OpenTelemetry logs nothing if its receiver is unavailable, but an operator who needs traces must see the fault. */
function logFailedExports(exporter: SpanExporter, { log }: Pick<TracingOptions, "log">): SpanExporter {
  let loggedAt = -Infinity;
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        if (result.error !== undefined && performance.now() - loggedAt > logAgainMs) {
          loggedAt = performance.now();
          log.warn({ spans: spans.length, err: result.error }, "traces could not be sent and are dropped");
        }
        done(result);
      }),
    shutdown: () => exporter.shutdown(),
    ...(exporter.forceFlush !== undefined && { forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve() }),
  };
}
