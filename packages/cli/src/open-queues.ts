import type { Client } from "./client.ts";

type Crossing = { readonly crossing?: readonly { readonly to: string }[] };

/** Opens the vendor's queues in these lines to all carriers. A second call changes nothing. */
export async function openQueues(vendor: Client, name: string, lines: readonly Crossing[]): Promise<void> {
  const named = lines.flatMap(({ crossing = [] }) => crossing.map(({ to }) => to));
  const own = named.filter((to) => to.startsWith(`queue:${name}.`)).map((to) => to.slice("queue:".length));
  for (const queue of new Set(own)) await vendor.put(`/v1/queues/${queue}`, {});
}
