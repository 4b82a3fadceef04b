import type { Brief, QueueHandoff } from "@crossline/contracts";

/** The properties of each form of a hand-off. `onSend` sends the fields of the request without the token. */
export type DeskFormOf = {
  readonly handoff: QueueHandoff;
  readonly brief: Brief;
  readonly fault: unknown;
  readonly isPending: boolean;
  readonly onSend: (fields: object) => void;
  readonly onCancel: () => void;
};
