import type { PresentedRow, QueueHandoff } from "@crossline/contracts";
import { useEffect, useId, useRef } from "react";
import { useMe } from "../../session/session.tsx";
import { ProblemNote } from "../../ui/problem-note.tsx";
import { Lease } from "../time-left.tsx";
import { phaseText } from "../words.ts";
import { AcceptForm } from "./accept-form.tsx";
import { type DeskAction, actionsIn, deskActions } from "./actions.ts";
import { BriefView } from "./brief.tsx";
import { tokenOf } from "./claim-tokens.ts";
import type { DeskFormOf } from "./form-props.ts";
import { ReturnForm, SolveForm, TransferForm } from "./holder-forms.tsx";
import { QuestionForm, RejectForm } from "./offer-forms.tsx";
import type { Desk } from "./use-desk.ts";

type HandoffPaneProps = { readonly row: PresentedRow; readonly handoff: QueueHandoff | undefined; readonly desk: Desk };

const forms: Readonly<Record<DeskAction, (props: DeskFormOf) => React.ReactNode>> = {
  accept: AcceptForm,
  question: QuestionForm,
  reject: RejectForm,
  return: ReturnForm,
  transfer: TransferForm,
  solve: SolveForm,
};

/** Shows the brief of the chosen hand-off beside the board, with its commands. On a small window it is a sheet at the lower edge. */
export function HandoffPane({ row, handoff, desk }: HandoffPaneProps) {
  const title = useId();
  const { action, isPending } = desk;
  const brief = handoff?.brief;
  const Form = action === undefined ? undefined : forms[action];
  return (
    <section className="pane" aria-labelledby={title} aria-busy={handoff === undefined}>
      <header>
        <h2 id={title}>
          <bdi>{row.title ?? "No title"}</bdi> <span className="number">{row.number}</span>
        </h2>
        <button
          type="button"
          className="quiet"
          aria-label="Close the brief"
          aria-keyshortcuts="Escape"
          onClick={desk.close}
        >
          ✕
        </button>
      </header>
      {handoff !== undefined && <HandoffState row={row} handoff={handoff} />}
      <ProblemNote fault={desk.readFault} onRetry={desk.reload} />
      {Form === undefined && <ProblemNote fault={desk.fault} />}
      {desk.notice !== undefined && <p role="status">{desk.notice}</p>}
      {handoff !== undefined && Form === undefined && (
        <Commands key={handoff.phase} handoff={handoff} person={row.person} desk={desk} />
      )}
      {brief !== undefined && <BriefView brief={brief} />}
      {handoff !== undefined && brief === undefined && <p>The hand-off has ended, so Crossline shows no brief.</p>}
      {handoff !== undefined && brief !== undefined && Form !== undefined && (
        <Form
          key={`${handoff.handoffId} ${action}`}
          handoff={handoff}
          brief={brief}
          fault={desk.fault}
          isPending={isPending}
          onSend={desk.sendForm}
          onCancel={() => desk.begin(undefined)}
        />
      )}
    </section>
  );
}

function HandoffState({ row, handoff }: { readonly row: PresentedRow; readonly handoff: QueueHandoff }) {
  const { phase, leaseUntil, handoffId } = handoff;
  const isLeased = phase === "claimed" || phase === "info-requested";
  const isLost = phase === "accepted" && tokenOf(handoffId) === undefined;
  return (
    <>
      <p>
        <strong>{phase === "info-requested" ? phaseText.question : phase}</strong> · {handoff.queue} · from{" "}
        {row.carrier}
        {isLeased && row.person !== undefined && ` · ${row.person}`}
        {isLeased && leaseUntil !== undefined && (
          <>
            {" · "}
            <Lease until={leaseUntil} />
          </>
        )}
      </p>
      {isLost && <p className="muted">Another browser or program accepted this hand-off, and only it has the token.</p>}
    </>
  );
}

type CommandsProps = { readonly handoff: QueueHandoff; readonly person: string | undefined; readonly desk: Desk };

function Commands({ handoff, person, desk }: CommandsProps) {
  const { phase } = handoff;
  const me = useMe();
  const place = useRef<HTMLParagraphElement>(null);
  const actions = actionsIn(phase);
  // After a command, the button that had the focus is gone.
  useEffect(() => {
    if (desk.returnsFocus && document.activeElement === document.body) place.current?.querySelector("button")?.focus();
  }, [desk.returnsFocus]);
  if (actions.length === 0 || !me.scopes.includes("cases")) return null;
  const isLeased = phase === "claimed" || phase === "info-requested";
  if (isLeased && person !== undefined && person !== me.session?.person) {
    return <p>{person} works on this hand-off. You can claim it after the lease has expired.</p>;
  }
  return (
    <p className="actions" ref={place}>
      {phase !== "accepted" && (
        <button type="button" className="main" disabled={desk.isPending} aria-keyshortcuts="c" onClick={desk.claim}>
          {isLeased ? "Claim again" : "Claim"} <kbd>c</kbd>
        </button>
      )}
      {actions.map((action) => {
        const { key, text } = deskActions[action];
        return (
          <button
            key={action}
            type="button"
            disabled={desk.isPending}
            aria-keyshortcuts={key}
            onClick={() => desk.begin(action)}
          >
            {text} {key !== undefined && <kbd>{key}</kbd>}
          </button>
        );
      })}
      {isLeased && (
        <button type="button" disabled={desk.isPending} onClick={desk.release}>
          Release
        </button>
      )}
    </p>
  );
}
