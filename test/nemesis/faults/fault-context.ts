import type { Receiver } from "../clients/receivers.ts";
import type { Silence } from "../clients/silence.ts";
import type { Witness } from "../clients/witness.ts";
import type { TrimNote } from "../history.ts";
import type { Platform } from "../platform.ts";
import type { Repeater } from "./repeater.ts";

/** What faults are made on. */
export type FaultContext = {
  readonly platform: Platform;
  /** The receiver that is harmed; another one always works. */
  readonly victim: Receiver;
  readonly repeater: Repeater;
  /** What it has not read cannot be judged, so that no fault takes it away. */
  readonly witness: Pick<Witness, "nextOffset">;
  readonly silence: Silence;
  /** Hears of the records that a service can never read. */
  readonly onTrimmed: (trimmed: TrimNote) => void;
};

/** A fault that cannot be made on this machine, and why. */
export class NotPossible extends Error {
  override readonly name = "NotPossible";
}
