import type { LineDocument } from "@crossline/contracts";
import { compileLine } from "../../src/index.ts";

const document: LineDocument = {
  line: "sample",
  mode: "cross",
  calendar: "24x7",
  clocks: [{ kind: "resolution", target: "PT80H", warnAt: [] }],
  crossing: [
    { to: "queue:orchard.handheld", mode: "ticket", acceptWithin: "PT2H", repeat: 1 },
    { to: "queue:quill.care", mode: "ticket", acceptWithin: "PT2H", repeat: 1 },
  ],
  lastResort: ["https://duty.northtel.example/"],
};
const version = (number: number) =>
  compileLine({ carrier: "northtel", name: "sample", version: number }, { ...document });

/** The line of the samples. `otherLine` is the next version of `sampleLine`. */
export const sampleLine = version(1);
export const otherLine = version(2);
