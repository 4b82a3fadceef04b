import type { QueueHandoff } from "@crossline/contracts";

/** The forms of a hand-off. */
export type DeskAction = "accept" | "question" | "reject" | "return" | "transfer" | "solve";

/** The key and the name of each form. */
export const deskActions: Readonly<Record<DeskAction, { readonly key: string | undefined; readonly text: string }>> = {
  accept: { key: "a", text: "Accept" },
  question: { key: "q", text: "Ask a question" },
  reject: { key: undefined, text: "Reject" },
  solve: { key: "s", text: "Solve" },
  return: { key: "r", text: "Return" },
  transfer: { key: "t", text: "Transfer" },
};

/** Returns the forms that fit the phase of a hand-off. */
export function actionsIn(phase: QueueHandoff["phase"]): readonly DeskAction[] {
  switch (phase) {
    case "offered":
    case "claimed":
      return ["accept", "question", "reject"];
    case "info-requested":
      return ["accept", "reject"];
    case "accepted":
      return ["solve", "return", "transfer"];
    default:
      return [];
  }
}
