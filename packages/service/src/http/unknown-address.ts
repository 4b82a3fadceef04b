import { refusal } from "@crossline/contracts";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { refuse } from "./refusal.ts";

type Address = { readonly form: RegExp; readonly methods: Set<string> };

/**
 * Answers an address that no route takes: 405 with `Allow` when another method would, else 404. The router finds a route by
 * method first and cannot say so, hence a list of its own, which only such requests walk through. To be called before the first route.
 */
export function answerUnknownAddresses(http: FastifyInstance): void {
  const addresses = new Map<string, Address>();
  http.addHook("onRoute", ({ url, method }) => {
    const address = addresses.get(url) ?? { form: toForm(url), methods: new Set() };
    for (const one of [method].flat()) address.methods.add(one);
    addresses.set(url, address);
  });
  http.setNotFoundHandler((request, reply) => answer(request, reply, addresses.values()));
}

function answer(request: FastifyRequest, reply: FastifyReply, addresses: Iterable<Address>): FastifyReply {
  const [path = "/"] = request.url.split("?");
  const methods = new Set<string>();
  for (const address of addresses) if (address.form.test(path)) for (const one of address.methods) methods.add(one);
  if (methods.size === 0) return refuse(reply, refusal("not_found", "There is nothing at this address."));
  const allow = [...methods].toSorted().join(", ");
  void reply.header("allow", allow);
  return refuse(reply, refusal("method_not_allowed", `This address takes ${allow}.`));
}

/** `/v1/cases/:id` and `/v1/queues/*` as regular expressions. */
function toForm(url: string): RegExp {
  const form = url
    .split("/")
    .map((part) => (part === "*" ? ".*" : part.startsWith(":") ? "[^/]+" : RegExp.escape(part)))
    .join("/");
  return new RegExp(`^${form}$`);
}
