import { partyOf } from "@crossline/contracts";
import { nearestName } from "./nearest-name.ts";

/**
 * A queue that a vendor has named, and the carriers to which it is open. `null` means all carriers, and an empty list closes
 * the queue.
 */
export type OpenQueue = { readonly queue: string; readonly carriers: readonly string[] | null };

/** The known queues of a vendor. Crossline compares the queue that a line or a transfer names with these known queues. */
export type NamedQueues = {
  /** All queues that the vendor has named. If the vendor has named no queue, every name counts as open. */
  readonly opened: readonly OpenQueue[];
  /**
   * The vendor's queues on lines that the carrier has published. A queue on a published line stays open to the carrier, even if
   * the vendor later names other queues.
   */
  readonly onLines: readonly string[];
};

/**
 * The sender of an offer: a carrier through a line, or a vendor that transfers a carrier's case. If `carrier` is undefined, the
 * sender can be any carrier.
 */
export type QueueSender = { readonly carrier: string | undefined; readonly vendor?: string };

/** Returns the warning about a queue that cannot be checked; undefined if the vendor has named its queues. */
export function warningOfQueue({ opened }: NamedQueues, queue: string): string | undefined {
  if (opened.length > 0) return undefined;
  return `${partyOf(queue)} has not named the queues that it reads, so any name is accepted; ask ${partyOf(queue)} whether this one is right`;
}

/**
 * Returns true if a vendor's queue accepts offers from this sender. The vendor's own desk may use every queue that the vendor
 * has named.
 */
export function isOpenTo({ opened, onLines }: NamedQueues, queue: string, { carrier, vendor }: QueueSender): boolean {
  if (opened.length === 0 || onLines.includes(queue)) return true;
  const openQueue = opened.find((one) => one.queue === queue);
  if (openQueue === undefined) return false;
  return carrier === undefined || partyOf(queue) === vendor || isOpenToCarrier(openQueue, carrier);
}

/** Returns the reason why a queue is not open to this sender, with the nearest open queue; undefined if the queue is open. */
export function faultOfQueue(queues: NamedQueues, queue: string, sender: QueueSender): QueueFault | undefined {
  if (isOpenTo(queues, queue, sender)) return undefined;
  const names = [...queues.opened.map((one) => one.queue), ...queues.onLines];
  const nearest = nearestName(queue, names.filter((name) => isOpenTo(queues, name, sender)).toSorted());
  const { carrier } = sender;
  const what = `the queue ${queue} is not open${carrier === undefined ? "" : ` to ${carrier}`}`;
  if (nearest === undefined)
    return { message: `${what}, and no other queue of this vendor is; ask the vendor to open one` };
  return { message: `${what}; the nearest open queue is ${nearest}`, nearest };
}

export type QueueFault = { readonly message: string; readonly nearest?: string };

function isOpenToCarrier({ carriers }: OpenQueue, carrier: string): boolean {
  return carriers === null || carriers.includes(carrier);
}
