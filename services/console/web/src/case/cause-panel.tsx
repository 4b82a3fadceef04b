import { useState } from "react";
import { ChangeLink } from "../changes/change-table.tsx";
import { LateChip } from "../changes/receipt.tsx";
import { ProblemLink } from "../problems/problem-table.tsx";
import { useMe } from "../session/session.tsx";
import { Instant } from "../time/instant.tsx";
import { Chip } from "../ui/chip.tsx";
import type { FormCommand } from "../ui/form-command.ts";
import { CommandDialog } from "./commands/command-dialog.tsx";
import { unlinkChange } from "./commands/unlink-change.ts";
import { useCase } from "./use-case.ts";

/** Shows the changes that may be the cause of the case, and the known errors that match it, with their workarounds. */
export function CausePanel() {
  const { shown } = useCase();
  const { linkedChanges = [], knownErrors = [] } = shown;
  if (linkedChanges.length + knownErrors.length === 0) return null;
  return (
    <section className="panel" aria-labelledby="causes-title">
      <header>
        <h2 id="causes-title">Possible causes</h2>
      </header>
      <LinkedChanges />
      <KnownErrors />
    </section>
  );
}

function LinkedChanges() {
  const me = useMe();
  const { shown, now, zone } = useCase();
  const [open, setOpen] = useState<FormCommand>();
  const { linkedChanges = [] } = shown;
  const mayUnlink = shown.carrier === me.party && me.scopes.includes("cases");
  if (linkedChanges.length === 0) return null;
  return (
    <>
      <h3>Changes</h3>
      <ul className="entries">
        {linkedChanges.map((change) => (
          <li key={change.changeId}>
            <p>
              <ChangeLink change={{ id: change.changeId, title: change.title }} /> <LateChip change={change} />
            </p>
            <div className="actions">
              <span className="muted">
                by {change.by === me.party ? "you" : change.by} at{" "}
                <Instant at={change.startsAt} now={now} zone={zone} named />
              </span>
              {mayUnlink && (
                <button
                  type="button"
                  aria-label={`Unlink the change: ${change.title}`}
                  data-command={`unlink-${change.changeId}`}
                  onClick={() => setOpen(unlinkChange(shown, change))}
                >
                  Unlink
                </button>
              )}
            </div>
          </li>
        ))}
      </ul>
      {open !== undefined && <CommandDialog command={open} onClose={() => setOpen(undefined)} />}
    </>
  );
}

function KnownErrors() {
  const { knownErrors = [] } = useCase().shown;
  if (knownErrors.length === 0) return null;
  return (
    <>
      <h3>Known errors</h3>
      <ul className="entries">
        {knownErrors.map(({ problemId, workaround, fixCode, outcome }) => (
          <li key={problemId}>
            <p className="words" dir="auto">
              {workaround}
            </p>
            <p className="muted">
              {fixCode !== undefined && (
                <>
                  Fix code <code>{fixCode}</code> ·{" "}
                </>
              )}
              <ProblemLink problem={{ id: problemId, title: "problem" }} />{" "}
              {outcome !== undefined && (
                <Chip tone={outcome === "worked" ? "good" : "bad"} sign={outcome === "worked" ? "✓" : "✕"}>
                  {outcome}
                </Chip>
              )}
            </p>
          </li>
        ))}
      </ul>
    </>
  );
}
