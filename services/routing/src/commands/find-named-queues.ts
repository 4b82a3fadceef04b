import { partyOf } from "@crossline/contracts";
import { type NamedQueues, type QueueSender, isOpenTo } from "@crossline/domain";
import type { Tx } from "@crossline/postgres";
import { findOpenQueues, findQueuesOnLines } from "../store/open-queues.ts";

/**
 * Finds all queues that the vendors of the given queues have opened, and the queues on the carrier's published lines. The
 * function reads the lines only if one of the given queues is not opened to the carrier.
 */
export async function findNamedQueues(
  tx: Tx,
  queues: readonly string[],
  sender: QueueSender,
): Promise<(queue: string) => NamedQueues> {
  const opened = await findOpenQueues(tx, [...new Set(queues.map(partyOf))]);
  const byVendor = Map.groupBy(opened, ({ queue }) => partyOf(queue));
  const namedQueues = (onLines: readonly string[]) => (queue: string) => {
    const vendor = partyOf(queue);
    return { opened: byVendor.get(vendor) ?? [], onLines: onLines.filter((name) => partyOf(name) === vendor) };
  };
  const withoutLines = namedQueues([]);
  if (sender.carrier === undefined || queues.every((queue) => isOpenTo(withoutLines(queue), queue, sender)))
    return withoutLines;
  return namedQueues(await findQueuesOnLines(tx, sender.carrier));
}
