import { refusal } from "@crossline/contracts";
import type { Refusal } from "@crossline/contracts";
import type { FastifyInstance } from "fastify";
import { refuse } from "./refusal.ts";
import { writeProblem } from "./write-problem.ts";

type Address = { readonly form: RegExp; readonly methods: Set<string> };
type AddressRefusal = { readonly refused: Refusal; readonly allow?: string };

/** Returns the refusal of a request that no route accepts. */
export type AddressResponder = (address: string) => AddressRefusal;

/**
 * Refuses a request that no route accepts, without reading its body. The refusal is 405 with `Allow` if the address
 * accepts another method, and 404 otherwise. The router selects by method first, so it cannot distinguish a wrong
 * method from an unknown address. Therefore this function keeps its own list of addresses, and searches the list only
 * for a request without a route. Call this function before the first route is added.
 */
export function refuseUnknownAddresses(http: FastifyInstance): AddressResponder {
  const addresses = new Map<string, Address>();
  http.addHook("onRoute", ({ url, method }) => {
    const address = addresses.get(url) ?? { form: toForm(url), methods: new Set() };
    for (const one of [method].flat()) address.methods.add(one);
    addresses.set(url, address);
  });
  const refuseAddress: AddressResponder = (address) => refusalOf(address, addresses.values());
  // Fastify's handler for unknown addresses runs only after Fastify has parsed the body, which fails for a QUERY
  // without a body.
  http.addHook("onRequest", (request, reply, done) => {
    if (!request.is404) return done();
    const { refused, allow } = refuseAddress(request.url);
    if (allow !== undefined) void reply.header("allow", allow);
    refuse(reply, refused);
  });
  // If there is no listener, Node closes the connection of a CONNECT without a response.
  http.server.on("connect", ({ url = "" }, socket) => {
    const { refused, allow } = refuseAddress(url);
    writeProblem(socket, refused, allow === undefined ? [] : [`allow: ${allow}`]);
  });
  return refuseAddress;
}

function refusalOf(url: string, addresses: Iterable<Address>): AddressRefusal {
  const [path = "/"] = url.split("?");
  const methods = new Set<string>();
  for (const address of addresses) if (address.form.test(path)) for (const one of address.methods) methods.add(one);
  if (methods.size === 0) return { refused: refusal("not_found", "This address does not exist.") };
  const allow = [...methods].toSorted().join(", ");
  return { refused: refusal("method_not_allowed", `This address accepts ${allow}.`), allow };
}

/** Returns the regular expression of a route's pattern, for example of `/v1/cases/:id` or `/v1/queues/*`. */
function toForm(url: string): RegExp {
  const form = url
    .split("/")
    .map((part) => (part === "*" ? ".*" : part.startsWith(":") ? "[^/]+" : RegExp.escape(part)))
    .join("/");
  return new RegExp(`^${form}$`);
}
