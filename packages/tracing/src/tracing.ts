/**
 * The port between the services and whatever takes their traces. Spans are made by hand at the few places where work passes
 * from one hand to the next, and each is told its parent: what is traced is written in the message, not kept by the process.
 */

type Attributes = Readonly<Record<string, string | number | boolean>>;

export type SpanOptions = {
  readonly kind: "server" | "client" | "producer" | "consumer" | "internal";
  /** A `traceparent` (W3C Trace Context); a damaged one counts as none. Without it the span begins a trace of its own. */
  readonly parent?: string | undefined;
  /** Other traces that this is about, as `traceparent`s: a batch has many parents. */
  readonly links?: readonly string[];
  /** Never personal data, nor anything that a client wrote: a closed set of words, numbers, ids of ours. */
  readonly attributes?: Attributes;
};

/** One piece of work in a trace. */
export type Span = {
  /**
   * What comes next names this as its parent. Without tracing it is the parent's own, so that a client's trace goes through
   * us whole; undefined where there is neither.
   */
  readonly traceparent: string | undefined;
  set(attributes: Attributes): void;
  /** Ends it, as failed where there is a reason: constant words, since an error's message can hold anything. */
  end(failure?: string): void;
};

export type Tracing = {
  /** False: every span is its parent and costs nothing. */
  readonly isOn: boolean;
  span(name: string, options: SpanOptions): Span;
  /** Sends what was not sent yet, or gives up after some seconds. Twice is fine. */
  stop(): Promise<void>;
};

export type TracingOptions = {
  /** The service, as it stands in the traces (`service.name`). */
  readonly service: string;
  /** Where an OTLP receiver listens (`http://127.0.0.1:4318`), without a slash at its end. Undefined: no tracing. */
  readonly endpoint: string | undefined;
  /** The share of the traces that begin here which are recorded, 0 to 1. Of others the client has decided. */
  readonly share: number;
  readonly log: { warn(fields: object, message: string): void };
};

/** Traces nothing, and passes on the trace of whoever came in with one. */
export const noTracing: Tracing = {
  isOn: false,
  span: (_, { parent }) => ({ traceparent: parent, set: () => {}, end: () => {} }),
  stop: () => Promise.resolve(),
};
