import type { Random } from "../simulation/random.ts";
import { wildValue } from "./values.ts";

/* Mutations, each of which damages a valid request in one way. */

export type WireRequest = {
  method: string;
  /** The path with its query. */
  path: string;
  headers: Record<string, string | string[]>;
  /** The body in its wire form, or undefined without a body. */
  body: string | Buffer | undefined;
};

export type Mutation = {
  readonly name: string;
  readonly apply: (request: WireRequest, random: Random) => void;
};

/** Changes a JSON body. A body that is not JSON stays unchanged. */
function onJson(change: (value: any, random: Random) => unknown): Mutation["apply"] {
  return (request, random) => {
    if (typeof request.body !== "string") return;
    try {
      request.body = JSON.stringify(change(JSON.parse(request.body), random));
    } catch {
      // An earlier mutation has already damaged the body.
    }
  };
}

type JsonPlace = { readonly holder: any; readonly key: string | number };

function placesIn(value: unknown): JsonPlace[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [{ holder: value, key }, ...placesIn(inner)]);
}

function atPlace(change: (place: JsonPlace, random: Random) => void): Mutation["apply"] {
  return onJson((value, random) => {
    const places = placesIn(value);
    if (places.length > 0) change(random.pick(places), random);
    return value;
  });
}

const onText =
  (change: (text: string, random: Random) => string | Buffer): Mutation["apply"] =>
  (request, random) => {
    if (typeof request.body === "string") request.body = change(request.body, random);
  };

const setHeader =
  (name: string, values: readonly string[]): Mutation["apply"] =>
  (request, random) => {
    request.headers[name] = random.pick(values);
  };

const keys = ["__proto__", "constructor", "prototype", "toString", "unknown", "", "ключ", "a/b~c", "x".repeat(300)];
const types = [
  "text/plain",
  "application/xml",
  "multipart/form-data; boundary=x",
  "application/json; charset=utf-16",
  "json",
  "",
];
const methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "QUERY", "PROPFIND", "LOCK", "PURGE"];
const oddSegments = [
  "%00",
  "%zz",
  "..%2f..",
  "%2e%2e",
  "a".repeat(400),
  "%F0%9F%99%82",
  "%20",
  "*",
  "-1",
  "null",
  "%ff",
];
const oddQueries = [
  "limit=-1",
  "limit=1e9",
  "limit=1&limit=2",
  "cursor=%00",
  "cursor=e30",
  "at=nonsense",
  "__proto__=1",
  "a[b]=c",
  "timeline=x",
  "=",
  "&&&",
];

export const mutations: readonly Mutation[] = [
  { name: "wrong value", apply: atPlace(({ holder, key }, random) => (holder[key] = wildValue(random))) },
  { name: "left out", apply: atPlace(({ holder, key }) => delete holder[key]) },
  {
    name: "odd key",
    apply: onText((text, random) =>
      text.replace("{", () => `{${JSON.stringify(random.pick(keys))}:${JSON.stringify(wildValue(random) ?? 1)},`),
    ),
  },
  { name: "key twice", apply: onText((text) => text.replace(/^\{("[^"]+"):/, "{$1:null,$1:")) },
  { name: "another body", apply: onJson((_, random) => wildValue(random) ?? null) },
  { name: "cut off", apply: onText((text, random) => text.slice(0, random.below(text.length + 1))) },
  {
    name: "deep",
    apply: onText((text, random) =>
      random.chance(0.5) ? "[".repeat(50_000) : text.replace(/:/, `:${"[".repeat(5_000)}${"]".repeat(5_000)},"x":`),
    ),
  },
  { name: "huge", apply: onText((text) => text.replace("{", `{"x":"${"y".repeat(1_100_000)}",`)) },
  {
    name: "invalid UTF-8",
    apply: onText((text) => Buffer.concat([Buffer.from(text.slice(0, -1)), Buffer.from([0xff, 0xc3, 0x28])])),
  },
  { name: "byte order mark", apply: onText((text) => `\uFEFF${text}`) },
  { name: "infinite number", apply: onText((text) => text.replace(/:("[^"]*"|\d+)/, ":1e999")) },
  { name: "escapes", apply: onText((text) => text.replace(/:"/, ':"\\u0000\\ud800')) },
  { name: "media type", apply: setHeader("content-type", types) },
  { name: "no media type", apply: ({ headers }) => void delete headers["content-type"] },
  { name: "no idempotency key", apply: ({ headers }) => void delete headers["idempotency-key"] },
  { name: "odd idempotency key", apply: setHeader("idempotency-key", [" ", "x".repeat(256), "ü", "a b", "same"]) },
  {
    name: "odd trace",
    apply: setHeader("traceparent", [
      "00-0-0-00",
      "x".repeat(2_000),
      "00-" + "f".repeat(32) + "-" + "0".repeat(16) + "-01",
    ]),
  },
  { name: "odd request id", apply: setHeader("x-request-id", ["1", "<script>", "f".repeat(32)]) },
  {
    name: "odd API key",
    apply: setHeader("authorization", ["Basic eDp5", "Bearer", "Bearer ü", `Bearer ${"k".repeat(600)}`, "bearer  x"]),
  },
  { name: "method", apply: (request, random) => void (request.method = random.pick(methods)) },
  {
    name: "address",
    apply: (request, random) => {
      const [path = "", query] = request.path.split("?");
      const parts = path.split("/");
      parts[2 + random.below(parts.length - 2)] = random.pick(oddSegments);
      request.path = [parts.join("/"), ...(query === undefined ? [] : [query])].join("?");
    },
  },
  {
    name: "query",
    apply: (request, random) =>
      void (request.path += `${request.path.includes("?") ? "&" : "?"}${random.pick(oddQueries)}`),
  },
  { name: "GET with a body", apply: (request) => void (request.body ??= '{"a":1}') },
];
