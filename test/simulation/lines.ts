import type { Instant, LineDocument, LineRef, Message } from "@crossline/contracts";
import { type Line, builtinLine, builtinRef, compileLine, lintLineDocument } from "@crossline/domain";

type PublishedLine = { readonly ref: LineRef; readonly document: LineDocument; readonly line: Line };

/** The line documents. The targets are short, so that many clocks fire within the hours of a story. */
const documents: readonly (readonly [name: string, version: number, document: object])[] = [
  [
    "handheld",
    1,
    {
      clocks: [
        { kind: "first-response", target: { live: "PT5M", else: "PT20M" } },
        { kind: "stall.busy", target: "PT4M", warnAt: [50, 90] },
        { kind: "handling.limit", target: "PT9M" },
        { kind: "stall.idle", target: { critical: "PT6M", else: "PT15M" }, warnAt: [75] },
      ],
      crossing: [
        { to: "queue:orchard.handheld", mode: "live-assist", acceptWithin: "PT90S" },
        { to: "queue:quill.care", acceptWithin: "PT5M", repeat: 2 },
      ],
      lastResort: ["https://duty.northtel.example/"],
    },
  ],
  [
    "handheld",
    2,
    {
      clocks: [
        { kind: "stall.busy", target: { critical: "PT2M", else: "PT3M" } },
        { kind: "resolution", target: { critical: "PT10M", major: "PT20M", else: "PT1H" }, warnAt: [30] },
        { kind: "next-update", target: { critical: "PT2M", else: "PT6M" } },
        { kind: "stall.idle", target: "PT10M", name: "silence" },
        { kind: "confirmation", target: "PT30M" },
        { kind: "information", target: "PT20M", warnAt: [50] },
      ],
      crossing: [{ to: "queue:quill.care", acceptWithin: "PT2M" }],
      lastResort: ["https://duty.northtel.example/", "https://duty.quill.example/"],
    },
  ],
  [
    "modem",
    1,
    {
      clocks: [
        { kind: "stall.idle", target: "PT30M" },
        { kind: "vendor.acceptance", target: "PT3M", warnAt: [50] },
        { kind: "confirmation", target: "PT4M" },
      ],
      letters: "PT5M",
      triggers: [{ on: "skill.missing", level: 2 }],
      crossing: [
        { to: "pool:modems", acceptWithin: "PT6M" },
        { to: "queue:orchard.tier2" },
        { to: "queue:orchard.handheld", mode: "live-assist" },
      ],
      lastResort: ["https://duty.northtel.example/"],
    },
  ],
  [
    // This line has every obligation to the customer, a roster, a need-by, and a `letters` time.
    "desk",
    1,
    {
      clocks: [
        { kind: "first-response", target: "PT10M", warnAt: [50] },
        { kind: "next-update", target: "PT6M" },
        { kind: "resolution", target: { critical: "PT15M", else: "PT20M" }, warnAt: [50] },
        { kind: "reply", target: "PT5M", warnAt: [50] },
        { kind: "confirmation", target: "PT4M" },
        { kind: "need-by", warnAt: [50] },
        { kind: "stall.idle", target: "PT15M" },
      ],
      crossing: [{ to: "queue:quill.care", acceptWithin: "PT5M" }],
      needBy: { cure: "PT3M", margin: "PT1M" },
      letters: "PT8M",
      lastResort: ["roster:northtel.duty", "roster:northtel.deputies"],
    },
  ],
  [
    "measured",
    1,
    {
      mode: "observe",
      clocks: [
        { kind: "first-response", target: "PT10M" },
        { kind: "stall.idle", target: "PT20M", warnAt: [50] },
      ],
    },
  ],
];

const minuteMs = 60_000;

/** The target of the clock `confirmation` in most lines. */
export const confirmationMs = 4 * minuteMs;
/** The targets of the lines' clocks. */
export const targetsMs = [90_000, ...[2, 3, 4, 5, 6, 9, 10, 15, 20].map((minutes) => minutes * minuteMs)];

/** The lines of the simulated carrier, in the order in which they are published. */
export const lines: readonly PublishedLine[] = documents.map(([name, version, document]) => {
  const linted = lintLineDocument({ line: name, calendar: "24x7", ...document });
  if (!linted.ok) throw new Error(`the line ${name} has lint errors: ${JSON.stringify(linted.faults)}`);
  const ref: LineRef = { carrier: "northtel", name, version };
  return { ref, document: linted.document, line: compileLine(ref, linted.document) };
});

const byName = new Map([
  ...lines.map(({ ref, line }) => [keyOf(ref), line] as const),
  [keyOf(builtinRef), builtinLine],
]);

/** A cache with the reference object as its key, because each step of a run reads the line. */
const byRef = new WeakMap<LineRef, Line>();

/** Returns the line of a case. Throws if no such line exists. */
export function lineOf(ref: LineRef): Line {
  const cached = byRef.get(ref);
  if (cached !== undefined) return cached;
  const line = byName.get(keyOf(ref));
  if (line === undefined) throw new Error(`there is no line ${keyOf(ref)}`);
  byRef.set(ref, line);
  return line;
}

/** Returns the record key of a published line: `carrier/name@version`. */
export function keyOf({ carrier, name, version }: LineRef): string {
  return `${carrier}/${name}@${version}`;
}

/** Returns the record that publishes a line. */
export function publicationOf({ ref, document }: (typeof lines)[number], at: Instant): Message {
  const data = { line: ref, document };
  return {
    topic: "crossline.line.v1",
    key: keyOf(ref),
    sequence: 1,
    type: "line.published",
    time: at,
    timeline: "wall",
    data,
  };
}
