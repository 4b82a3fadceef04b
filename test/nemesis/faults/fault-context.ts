import type { Receiver } from "../clients/receivers.ts";
import type { Silence } from "../clients/silence.ts";
import type { Witness } from "../clients/witness.ts";
import type { TrimNote } from "../history.ts";
import type { Platform } from "../platform.ts";
import type { Repeater } from "./repeater.ts";

/** The system and the clients on which a fault acts. */
export type FaultContext = {
  readonly platform: Platform;
  /** The receiver that faults make slow or failing. The second receiver always works. */
  readonly victim: Receiver;
  readonly repeater: Repeater;
  /** The checker cannot judge records that the witness has not read, so no fault deletes them. */
  readonly witness: Pick<Witness, "nextOffset">;
  readonly silence: Silence;
  /** Receives the records that a service can never read. */
  readonly onTrimmed: (trimmed: TrimNote) => void;
};

/** A fault that this machine cannot produce, with the reason. */
export class NotPossible extends Error {
  override readonly name = "NotPossible";
}
