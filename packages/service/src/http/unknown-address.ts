import { refusal } from "@crossline/contracts";
import type { Refusal } from "@crossline/contracts";
import type { FastifyInstance } from "fastify";
import { refuse } from "./refusal.ts";
import { writeProblem } from "./write-problem.ts";

type Address = { readonly form: RegExp; readonly methods: Set<string> };
type AddressRefusal = { readonly refused: Refusal; readonly allow?: string };

/** What a request comes to that no route takes, by the path of its address: 405 with `Allow`, or 404. */
export type AddressResponder = (address: string) => AddressRefusal;

/**
 * Answers a request that no route takes: 405 with `Allow` when the address takes another method, else 404. Its body is not read.
 * The router finds a route by method first and cannot say so, hence a list of its own, which only such requests walk through.
 * To be called before the first route.
 */
export function refuseUnknownAddresses(http: FastifyInstance): AddressResponder {
  const addresses = new Map<string, Address>();
  http.addHook("onRoute", ({ url, method }) => {
    const address = addresses.get(url) ?? { form: toForm(url), methods: new Set() };
    for (const one of [method].flat()) address.methods.add(one);
    addresses.set(url, address);
  });
  const untaken: AddressResponder = (address) => refusalOf(address, addresses.values());
  // Fastify parses the body of an unknown address, so its own handler came too late: a QUERY without a body was a fault.
  http.addHook("onRequest", (request, reply, done) => {
    if (!request.is404) return done();
    const { refused, allow } = untaken(request.url);
    if (allow !== undefined) void reply.header("allow", allow);
    refuse(reply, refused);
  });
  // Node closes the connection of a CONNECT that has no listener, without an answer.
  http.server.on("connect", ({ url = "" }, socket) => {
    const { refused, allow } = untaken(url);
    writeProblem(socket, refused, allow === undefined ? [] : [`allow: ${allow}`]);
  });
  return untaken;
}

function refusalOf(url: string, addresses: Iterable<Address>): AddressRefusal {
  const [path = "/"] = url.split("?");
  const methods = new Set<string>();
  for (const address of addresses) if (address.form.test(path)) for (const one of address.methods) methods.add(one);
  if (methods.size === 0) return { refused: refusal("not_found", "There is nothing at this address.") };
  const allow = [...methods].toSorted().join(", ");
  return { refused: refusal("method_not_allowed", `This address takes ${allow}.`), allow };
}

/** `/v1/cases/:id` and `/v1/queues/*` as regular expressions. */
function toForm(url: string): RegExp {
  const form = url
    .split("/")
    .map((part) => (part === "*" ? ".*" : part.startsWith(":") ? "[^/]+" : RegExp.escape(part)))
    .join("/");
  return new RegExp(`^${form}$`);
}
