import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** One span in its wire form. */
export type SeenSpan = {
  readonly service: string;
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId: string;
  readonly links: readonly string[];
  readonly attributes: Readonly<Record<string, string>>;
  readonly failure: string;
};

export type OtlpReceiver = {
  /** The address of the receiver, without a slash at its end. */
  readonly endpoint: string;
  /** All received spans, in order of arrival. */
  readonly spans: SeenSpan[];
  readonly close: () => Promise<void>;
};

/**
 * Starts a receiver of OTLP traces over HTTP. The receiver reads the traces with its own protobuf reader, independently of
 * the sender's library.
 */
export async function startOtlpReceiver(): Promise<OtlpReceiver> {
  const spans: SeenSpan[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const isTraces = request.url === "/v1/traces" && request.headers["content-type"] === "application/x-protobuf";
      if (isTraces) spans.push(...readTraces(Buffer.concat(chunks)));
      response.writeHead(isTraces ? 200 : 404, { "content-type": "application/x-protobuf" }).end();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** The values of one protobuf message by field number. */
type Fields = ReadonlyMap<number, readonly (Buffer | bigint)[]>;

// Field numbers of opentelemetry/proto/trace/v1/trace.proto and its imports, version 1.7.
function readTraces(body: Buffer): SeenSpan[] {
  return messages(read(body), 1).flatMap((resourceSpans) => {
    const [resource = new Map()] = messages(resourceSpans, 1);
    const service = attributes(resource, 1)["service.name"] ?? "";
    return messages(resourceSpans, 2)
      .flatMap((scopeSpans) => messages(scopeSpans, 2))
      .map((span) => ({
        service,
        name: text(span, 5),
        traceId: hex(span, 1),
        spanId: hex(span, 2),
        parentId: hex(span, 4),
        links: messages(span, 13).map((link) => hex(link, 1)),
        attributes: attributes(span, 9),
        failure: messages(span, 15)
          .map((status) => text(status, 2))
          .join(""),
      }));
  });
}

function attributes(fields: Fields, number: number): Record<string, string> {
  return Object.fromEntries(messages(fields, number).map((pair) => [text(pair, 1), value(messages(pair, 2)[0])]));
}

function value(any: Fields | undefined): string {
  const found = [...(any?.values() ?? [])][0]?.[0];
  return Buffer.isBuffer(found) ? found.toString() : String(found);
}

function messages(fields: Fields, number: number): Fields[] {
  return (fields.get(number) ?? []).filter((field) => Buffer.isBuffer(field)).map(read);
}

function text(fields: Fields, number: number): string {
  return (fields.get(number) ?? []).map((field) => (Buffer.isBuffer(field) ? field.toString() : "")).join("");
}

function hex(fields: Fields, number: number): string {
  return (fields.get(number) ?? []).map((field) => (Buffer.isBuffer(field) ? field.toString("hex") : "")).join("");
}

function read(bytes: Buffer): Fields {
  const fields = new Map<number, (Buffer | bigint)[]>();
  let at = 0;
  const varint = (): bigint => {
    let number = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++] ?? 0;
      number |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return number;
    }
  };
  const take = (length: number): Buffer => bytes.subarray(at, (at += length));
  while (at < bytes.length) {
    const tag = Number(varint());
    const wire = tag & 7;
    const field = wire === 0 ? varint() : wire === 1 ? take(8) : wire === 5 ? take(4) : take(Number(varint()));
    fields.set(tag >>> 3, [...(fields.get(tag >>> 3) ?? []), field]);
  }
  return fields;
}
