import { partyOf } from "@crossline/contracts";
import { nearestName } from "./nearest-name.ts";

/** A queue that a vendor has named, and the carriers that it is open to; `null`: to all. With none of them it is closed. */
export type OpenQueue = { readonly queue: string; readonly carriers: readonly string[] | null };

/** What of a vendor's queues is known where a line or a transfer of one carrier's case names one. */
export type NamedQueues = {
  /** All that the vendor has named. A vendor that has named none has not said which it reads: every name counts as open. */
  readonly opened: readonly OpenQueue[];
  /** Queues of the vendor on lines that the carrier has published: they count as open to it, whatever the vendor names later. */
  readonly onLines: readonly string[];
};

/** Who sends to a queue: a carrier by a line, or a vendor that passes on a carrier's case. An unnamed carrier may be any. */
export type QueueSender = { readonly carrier: string | undefined; readonly vendor?: string };

/** What the author of a line should know of a queue that is taken on trust; undefined where its vendor has named its queues. */
export function warningOfQueue({ opened }: NamedQueues, queue: string): string | undefined {
  if (opened.length > 0) return undefined;
  return `${partyOf(queue)} has not named the queues that it reads, so any name is taken; ask it whether this one is right`;
}

/** Whether a vendor's queue takes what this sender sends. Its own desk may use each queue that the vendor has named. */
export function isOpenTo({ opened, onLines }: NamedQueues, queue: string, { carrier, vendor }: QueueSender): boolean {
  if (opened.length === 0 || onLines.includes(queue)) return true;
  const found = opened.find((one) => one.queue === queue);
  if (found === undefined) return false;
  return carrier === undefined || partyOf(queue) === vendor || isOpenToCarrier(found, carrier);
}

/** Why a queue takes nothing from this sender, with the nearest queue that does; undefined where it takes it. */
export function faultOfQueue(queues: NamedQueues, queue: string, sender: QueueSender): QueueFault | undefined {
  if (isOpenTo(queues, queue, sender)) return undefined;
  const names = [...queues.opened.map((one) => one.queue), ...queues.onLines];
  const nearest = nearestName(queue, names.filter((name) => isOpenTo(queues, name, sender)).toSorted());
  const { carrier } = sender;
  const what = `the queue ${queue} is not open${carrier === undefined ? "" : ` to ${carrier}`}`;
  if (nearest === undefined) return { message: `${what}, nor is another one of this vendor; ask it to open one` };
  return { message: `${what}; the nearest that is open: ${nearest}`, nearest };
}

export type QueueFault = { readonly message: string; readonly nearest?: string };

function isOpenToCarrier({ carriers }: OpenQueue, carrier: string): boolean {
  return carriers === null || carriers.includes(carrier);
}
