import { faultOfQueue, type NamedQueues, type QueueSender, isOpenTo } from "@crossline/domain";
import { nearestName } from "../src/queue/nearest-name.ts";
import { expect, test } from "vitest";

const queues: NamedQueues = {
  opened: [
    { queue: "orchard.handheld", carriers: null },
    { queue: "orchard.tier2", carriers: ["northtel"] },
    { queue: "orchard.lab", carriers: [] },
  ],
  onLines: ["orchard.old"],
};
const northtel = { carrier: "northtel" };

const cases: readonly [queue: string, sender: QueueSender, isOpen: boolean, why: string][] = [
  ["orchard.handheld", northtel, true, "open to every carrier"],
  ["orchard.tier2", northtel, true, "open to the carrier"],
  ["orchard.tier2", { carrier: "southtel" }, false, "open to another carrier"],
  ["orchard.lab", northtel, false, "closed"],
  ["orchard.old", northtel, true, "on a published line of the carrier"],
  ["orchard.teir2", northtel, false, "unknown"],
  ["orchard.tier2", { carrier: undefined }, true, "open to some carrier, for an unnamed carrier"],
  ["orchard.lab", { carrier: "northtel", vendor: "orchard" }, true, "closed, for the vendor's own desk"],
  ["orchard.lab", { carrier: "northtel", vendor: "quill" }, false, "closed, for another vendor's desk"],
  ["orchard.teir2", { carrier: "northtel", vendor: "orchard" }, false, "unknown, for the vendor's own desk"],
];
test.each(cases.map(([queue, sender, isOpen, why]) => ({ queue, sender, isOpen, why })))(
  "$queue, $why: open $isOpen",
  ({ queue, sender, isOpen }) => {
    expect(isOpenTo(queues, queue, sender)).toBe(isOpen);
  },
);

test("a vendor without a list of queues accepts every name", () => {
  expect(isOpenTo({ opened: [], onLines: [] }, "orchard.anything", northtel)).toBe(true);
});

test("a refusal names the nearest queue that is open to the sender", () => {
  expect(faultOfQueue(queues, "orchard.teir2", northtel)).toEqual({
    message: "the queue orchard.teir2 is not open to northtel; the nearest open queue is orchard.tier2",
    nearest: "orchard.tier2",
  });
  expect(faultOfQueue(queues, "orchard.teir2", { carrier: "southtel" })?.nearest).not.toBe("orchard.tier2");
  const closed: NamedQueues = { opened: [{ queue: "orchard.lab", carriers: [] }], onLines: [] };
  expect(faultOfQueue(closed, "orchard.lab", northtel)).toEqual({
    message:
      "the queue orchard.lab is not open to northtel, and no other queue of this vendor is; ask the vendor to open one",
  });
});

test("the nearest name differs by the fewest changed, added or removed letters", () => {
  expect(nearestName("kitten", ["mitten", "sitting", "kit"])).toBe("mitten");
  expect(nearestName("abc", ["abcd", "ab"])).toBe("abcd");
  expect(nearestName("abc", [])).toBeUndefined();
});
