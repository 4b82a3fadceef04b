/**
 * The port between the services and a receiver of traces. Code starts spans explicitly, only when work passes from one
 * component to another, and names the parent of each span. The trace travels in the message and not in the state of a
 * process.
 */

type Attributes = Readonly<Record<string, string | number | boolean>>;

/** The options of a span. */
export type SpanOptions = {
  readonly kind: "server" | "client" | "producer" | "consumer" | "internal";
  /** A `traceparent` (W3C Trace Context). Without a valid `traceparent` the span begins a new trace. */
  readonly parent?: string | undefined;
  /** The `traceparent`s of other traces to which this work belongs, because a batch has many parents. */
  readonly links?: readonly string[];
  /**
   * Attributes must never contain personal data or a client's text. Attributes contain only fixed words, numbers and
   * Crossline ids.
   */
  readonly attributes?: Attributes;
};

/** One step of a trace. */
export type Span = {
  /**
   * The `traceparent` that makes this span the parent of the next span. If tracing is off, the value is the parent of
   * this span, so that a client's trace continues. The value is undefined if tracing is off and this span has no
   * parent.
   */
  readonly traceparent: string | undefined;
  set(attributes: Attributes): void;
  /**
   * Ends the span. `failure` marks the span as failed. `failure` must be a constant text, because the message of an
   * error can contain personal data.
   */
  end(failure?: string): void;
};

/** Starts spans and sends them. */
export type Tracing = {
  /** If false, a span records nothing, and its `traceparent` is the `traceparent` of its parent. */
  readonly isOn: boolean;
  /** Starts a span. */
  span(name: string, options: SpanOptions): Span;
  /** Sends the remaining spans, or gives up after some seconds. `stop` can be called twice. */
  stop(): Promise<void>;
};

/** The options of tracing. */
export type TracingOptions = {
  /** The name of the service in the traces (`service.name`). */
  readonly service: string;
  /** The address of an OTLP receiver (`http://127.0.0.1:4318`), without a trailing slash. Undefined: no tracing. */
  readonly endpoint: string | undefined;
  /**
   * The recorded share of the traces that begin in Crossline, from 0 to 1. The client decides whether a trace of the
   * client is recorded.
   */
  readonly share: number;
  readonly log: { warn(fields: object, message: string): void };
};

/** Records nothing, and passes on the trace of the client. */
export const noTracing: Tracing = {
  isOn: false,
  span: (_, { parent }) => ({ traceparent: parent, set: () => {}, end: () => {} }),
  stop: () => Promise.resolve(),
};
