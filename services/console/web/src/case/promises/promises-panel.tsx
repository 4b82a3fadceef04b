import type { PresentedCase } from "@crossline/contracts";
import { useState } from "react";
import { useMe } from "../../session/session.tsx";
import { countdownText } from "../../time/format.ts";
import { Instant } from "../../time/instant.tsx";
import { CommandDialog } from "../commands/command-dialog.tsx";
import { casePath } from "../commands/command.ts";
import type { FormCommand } from "../../ui/form-command.ts";
import { msOf } from "../instants.ts";
import { useCase } from "../use-case.ts";
import { promiseStateText } from "./promise-state.ts";

type CasePromise = PresentedCase["promises"][number];

/** Shows the promises of the case, and ends an open promise. */
export function PromisesPanel() {
  const { shown } = useCase();
  const [open, setOpen] = useState<FormCommand>();
  return (
    <section className="panel" aria-labelledby="promises-title">
      <header>
        <h2 id="promises-title">Promises</h2>
      </header>
      {shown.promises.length === 0 && <p className="empty">No company has made a promise.</p>}
      <ul className="entries">
        {shown.promises.map((promise) => (
          <PromiseItem key={promise.id} promise={promise} onCommand={setOpen} />
        ))}
      </ul>
      {open !== undefined && <CommandDialog command={open} onClose={() => setOpen(undefined)} />}
    </section>
  );
}

type PromiseItemProps = { readonly promise: CasePromise; readonly onCommand: (command: FormCommand) => void };

function PromiseItem({ promise, onCommand }: PromiseItemProps) {
  const me = useMe();
  const { shown, now, zone } = useCase();
  const state = promiseStateText(promise, now);
  const { text, from, until, promisor, deliveredAt } = promise;
  // A former vendor can still end its own promises.
  const mayEnd =
    promise.state === "open" && me.scopes.includes("cases") && (promisor === me.party || shown.carrier === me.party);
  return (
    <li>
      <p>
        <span className={`chip ${state.tone}`}>
          <span aria-hidden="true">{state.shape}</span> {state.text}
        </span>{" "}
        <bdi>{text}</bdi>
      </p>
      <p className="muted">
        {promisor} ·{" "}
        {from === undefined ? (
          "by "
        ) : (
          <>
            between <Instant at={from} now={now} zone={zone} /> and{" "}
          </>
        )}
        <Instant at={until} now={now} zone={zone} named />
        {promise.state === "open" && msOf(until) > now && ` · ${countdownText(msOf(until) - now)} left`}
        {promise.for === "need-by" && " · meets the need-by"}
        {deliveredAt !== undefined && (
          <>
            {" "}
            · delivered <Instant at={deliveredAt} now={now} zone={zone} />
          </>
        )}
      </p>
      {mayEnd && (
        <p className="actions">
          <button
            type="button"
            aria-label={`Deliver the promise: ${text}`}
            onClick={() => onCommand(endOf(shown, promise, "delivered"))}
          >
            Delivered
          </button>
          <button
            type="button"
            aria-label={`Withdraw the promise: ${text}`}
            onClick={() => onCommand(endOf(shown, promise, "withdrawn"))}
          >
            Withdraw
          </button>
        </p>
      )}
    </li>
  );
}

function endOf(shown: PresentedCase, { id, text }: CasePromise, end: "delivered" | "withdrawn"): FormCommand {
  const isDelivery = end === "delivered";
  const name = isDelivery ? "evidence" : "reason";
  return {
    name: end,
    text: isDelivery ? "Deliver a promise" : "Withdraw a promise",
    submitText: isDelivery ? "Record the delivery" : "Withdraw the promise",
    intro: text,
    fields: () => [{ name, label: isDelivery ? "Evidence" : "Reason", kind: "prose", required: true }],
    requestOf: (values) => ({
      path: casePath({ shown }, `promises/${id}/${end}`),
      body: { [name]: values[name] ?? "" },
    }),
  };
}
