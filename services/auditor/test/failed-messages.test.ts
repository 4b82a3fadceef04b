import { describe } from "vitest";
import { closed, contact, reopened, resolved, sent } from "./customer.ts";
import { type HistoryRow, clock, testMissed } from "./history.ts";

/** A person's answer in an outbound message, which may fail later. */
const message = (minutes: number, messageId: string): HistoryRow => [
  minutes,
  "case.contacted",
  { channel: "mail", direction: "outbound", content: "answer", messageId },
];
const failed = (minutes: number, messageId: string, wasSent = true): HistoryRow => [
  minutes,
  "message.failed",
  { messageId, wasSent, reason: "the mailbox is full" },
];

describe("a failed message makes the obligations that it met owed again", () => {
  const first = clock("first-response", "PT1H", { warnAt: [50] });
  testMissed("first-response", [
    [
      "resumes with its counted time",
      first,
      [message(10, "m"), failed(100, "m")],
      ["first-response 50@120 case/3", "first-response 100@150 case/3"],
    ],
    [
      "is due at the failure if it was late",
      first,
      [message(70, "m"), failed(100, "m")],
      ["first-response 50@30 case/1", "first-response 100@60 case/1", "first-response 100@100 case/3"],
    ],
    ["stays met if the message was never sent", first, [message(10, "m"), failed(100, "m", false)], []],
    ["stays met after an answer that is no message", first, [message(10, "m"), sent(20), failed(100, "m")], []],
    [
      "passes to the next message",
      first,
      [message(10, "m"), message(20, "n"), failed(100, "m"), failed(200, "n")],
      ["first-response 50@220 case/5", "first-response 100@250 case/5"],
    ],
    ["stays met if the case cannot be reopened", first, [message(10, "m"), closed(20, "merged"), failed(100, "m")], []],
    [
      "waits for the reopening of a closed case",
      first,
      [message(10, "m"), closed(20), failed(100, "m"), reopened(200)],
      ["first-response 50@220 case/5", "first-response 100@250 case/5"],
    ],
  ]);
  const update = clock("next-update", "PT1H");
  testMissed("next-update", [
    [
      "resumes with its counted time",
      update,
      [sent(1), contact(3, "inquiry"), message(13, "m"), failed(100, "m")],
      ["next-update 100@150 case/5"],
    ],
  ]);
  const reply = clock("reply", "PT1H");
  testMissed("reply", [
    [
      "resumes on a resolved case",
      reply,
      [resolved(2), contact(3, "inquiry"), message(13, "m"), failed(100, "m")],
      ["reply 100@150 case/5"],
    ],
  ]);
});
