import type { Receiver } from "../clients/receivers.ts";
import type { Platform } from "../platform.ts";
import type { Mischief } from "./delivery.ts";

/** What faults are made on. */
export type Ground = {
  readonly platform: Platform;
  /** The receiver that is harmed; another one always works. */
  readonly victim: Receiver;
  readonly mischief: Mischief;
};

/** A fault that cannot be made on this machine, and why. */
export class NotPossible extends Error {
  override readonly name = "NotPossible";
}
