import type { PresentedCase } from "@crossline/contracts";
import { useState } from "react";
import { queryOf, read } from "../../api/send.ts";
import { useMe } from "../../session/session.tsx";
import { ProblemNote } from "../../ui/problem-note.tsx";
import type { FormCommand } from "../../ui/form-command.ts";
import { writeMessage } from "../commands/work.ts";
import { useCase } from "../use-case.ts";

type Draft = { readonly mistakes: number; readonly text?: string };

type ApologyButtonProps = { readonly onDraft: (command: FormCommand) => void };

/** Asks for the draft apology, which names the carrier's mistakes in the case, and opens it as a message that a person completes. */
export function ApologyButton({ onDraft }: ApologyButtonProps) {
  const me = useMe();
  const { shown, handoffs, now, zone } = useCase();
  const [state, setState] = useState<{ readonly fault?: unknown; readonly note?: string }>({});
  if (!mayWrite(shown, me)) return null;
  const draft = async (): Promise<void> => {
    try {
      const { text, mistakes } = await read<Draft>(`/v1/cases/${shown.id}/messages/draft${queryOf({ zone })}`);
      setState(text === undefined ? { note: "The records of the case show no mistake of your company." } : {});
      if (text === undefined) return;
      const command = writeMessage({ shown, handoffs: handoffs.data, me, now, zone }, text);
      onDraft({ ...command, intro: `The draft names ${mistakes} of your mistakes. Fill the place in brackets.` });
    } catch (fault) {
      setState({ fault });
    }
  };
  return (
    <>
      <p className="actions">
        <button type="button" data-command="message" onClick={() => void draft()}>
          Draft an apology
        </button>
        {state.note !== undefined && <span role="status">{state.note}</span>}
      </p>
      <ProblemNote fault={state.fault} />
    </>
  );
}

function mayWrite({ carrier }: PresentedCase, { party, scopes }: ReturnType<typeof useMe>): boolean {
  return carrier === party && scopes.includes("cases");
}
