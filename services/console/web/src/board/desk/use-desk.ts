import type { PresentedRow, QueueHandoff } from "@crossline/contracts";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ResponseFault } from "../../api/send.ts";
import { useCommand } from "../../api/use-command.ts";
import { type DeskAction, actionsIn, deskActions } from "./actions.ts";
import { tokenOf } from "./claim-tokens.ts";
import { type DeskCommand, type Handoff, claim, commandDesk } from "./commands.ts";
import { handoffOf, useHandoff, useLeaseRenewal } from "./use-handoff.ts";

/** The commands of a person on the hand-off that the pane shows. */
export type Desk = {
  readonly action: DeskAction | undefined;
  readonly isPending: boolean;
  /** The fault of the last command. */
  readonly fault: unknown;
  readonly readFault: unknown;
  /** Why the last key had no effect. */
  readonly notice: string | undefined;
  /** True after a command of this pane, whose button may be gone. */
  readonly returnsFocus: boolean;
  readonly claim: () => void;
  readonly release: () => void;
  /** Opens a form. An offer is claimed first, so that no other person works on it meanwhile. `undefined` closes the form. */
  readonly begin: (action: DeskAction | undefined) => void;
  readonly sendForm: (fields: object) => void;
  readonly reload: () => unknown;
  readonly close: () => void;
};

/** Calls of the pane to the board. */
export type DeskCalls = {
  /** A command changed the hand-off, so its row will change. */
  readonly onDone: (row: PresentedRow, text: string) => void;
  readonly onClose: () => void;
};

type Step = { readonly handoff: Handoff } & (
  | { readonly kind: "claim"; readonly next?: DeskAction }
  | { readonly kind: "command"; readonly command: DeskCommand; readonly fields: object }
);

const commandOf: Readonly<Record<DeskAction, { readonly command: DeskCommand; readonly done: string }>> = {
  accept: { command: "accept", done: "Accepted" },
  question: { command: "request-info", done: "Asked" },
  reject: { command: "reject", done: "Rejected" },
  return: { command: "return", done: "Returned" },
  transfer: { command: "transfer", done: "Transferred" },
  solve: { command: "resolve", done: "Solved" },
};
const staying: ReadonlySet<DeskCommand> = new Set(["accept", "request-info"]);

/** Reads the hand-off of a row, renews its lease, and sends the commands of its person. */
export function useDesk(
  row: PresentedRow,
  { onDone, onClose }: DeskCalls,
): { readonly desk: Desk; readonly handoff: QueueHandoff | undefined } {
  const client = useQueryClient();
  const target = handoffOf(row) ?? { id: "", queue: "" };
  const query = useHandoff(target, row.position);
  const [action, setAction] = useState<DeskAction>();
  const [notice, setNotice] = useState<string>();
  const [returnsFocus, setReturnsFocus] = useState(false);
  useLeaseRenewal(query.data, query.refetch);
  const reread = (): Promise<void> => client.invalidateQueries({ queryKey: ["handoff", target.id] });
  const command = useCommand(
    async (step: Step, key) => {
      try {
        if (step.kind === "claim") await claim(step.handoff, key);
        else await commandDesk(step.handoff, step.command, step.fields, key);
      } catch (fault) {
        // A refusal for the state shows that the brief is old.
        if (fault instanceof ResponseFault && fault.status === 409) await reread();
        throw fault;
      }
    },
    async (_, step) => {
      const name = step.kind === "claim" ? "Claimed" : doneText(step.command);
      const stays = step.kind === "claim" || staying.has(step.command);
      // The pane shows the new state first, because the next key depends on it.
      if (stays) await reread();
      setReturnsFocus(true);
      setAction(step.kind === "claim" ? step.next : undefined);
      onDone(row, `${name} ${row.number}`);
      if (!stays) onClose();
    },
  );
  const begin = (next: DeskAction | undefined): void => {
    command.reset();
    setReturnsFocus(true);
    const phase = query.data?.phase;
    const isPossible = next === undefined || phase === undefined || actionsIn(phase).includes(next);
    setNotice(isPossible ? undefined : `${deskActions[next].text} is not possible while the hand-off is ${phase}.`);
    if (!isPossible) return;
    const isOpen = query.data?.phase === "offered" || tokenOf(target.id) === undefined;
    if (next !== undefined && isOpen && query.data?.phase !== "accepted") {
      command.mutate({ kind: "claim", handoff: target, next });
    } else setAction(next);
  };
  const desk: Desk = {
    action:
      action !== undefined && query.data !== undefined && actionsIn(query.data.phase).includes(action)
        ? action
        : undefined,
    isPending: command.isPending,
    fault: command.error,
    readFault: query.error,
    notice,
    returnsFocus,
    claim: () => command.mutate({ kind: "claim", handoff: target }),
    release: () => command.mutate({ kind: "command", command: "release", handoff: target, fields: {} }),
    begin,
    sendForm: (fields) => {
      if (action === undefined) return;
      command.mutate({ kind: "command", command: commandOf[action].command, handoff: target, fields });
    },
    reload: query.refetch,
    close: onClose,
  };
  return { desk, handoff: query.data };
}

function doneText(command: DeskCommand): string {
  return Object.values(commandOf).find((one) => one.command === command)?.done ?? "Released";
}
