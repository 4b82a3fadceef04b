import { Suspense, lazy, useState } from "react";
import { type DeskAction, deskActions } from "../../board/desk/actions.ts";
import { useMe } from "../../session/session.tsx";
import { useShortcuts } from "../../shell/shortcuts.ts";
import { partOf } from "../commands/role.ts";
import { useCase } from "../use-case.ts";
import { codeText } from "../words.ts";

const DeskSection = lazy(async () => ({ default: (await import("./desk-section.tsx")).DeskSection }));

type Intent = DeskAction | "claim";

/** Offers the commands of a vendor's desk on its open hand-off. The brief opens on demand, because the screen shows most of it. */
export function DeskArea() {
  const me = useMe();
  const { shown, handoffs } = useCase();
  const [open, setOpen] = useState<{ readonly intent: Intent | undefined }>();
  const { handoff } = shown;
  // The view of a former vendor still has the hand-off that the end of the case closed.
  const { mayAct, hasRole } = partOf({ shown, handoffs: handoffs.data, me });
  const isDesk = handoff?.vendor === me.party && mayAct && hasRole;
  // The pane has the same keys while it is open.
  const isClosed = isDesk && open === undefined;
  useShortcuts(isClosed ? deskKeys((intent) => setOpen({ intent })) : []);
  if (!isDesk) return null;
  if (open === undefined) {
    return (
      <p className="actions">
        <button type="button" className="main" onClick={() => setOpen({ intent: undefined })}>
          Work on the hand-off
        </button>
        <span className="muted">
          {codeText(handoff.phase)} in {handoff.queue}
        </span>
      </p>
    );
  }
  return (
    <Suspense fallback={<p aria-busy="true">Loading</p>}>
      <DeskSection intent={open.intent} onClose={() => setOpen(undefined)} />
    </Suspense>
  );
}

function deskKeys(run: (intent: Intent) => void) {
  const forms = Object.entries(deskActions).flatMap(([action, { key, text }]) =>
    key === undefined ? [] : [{ keys: key, text, run: () => run(action as DeskAction) }],
  );
  return [{ keys: "c", text: "Claim", run: () => run("claim") }, ...forms];
}
