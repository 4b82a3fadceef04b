import "./case.css";
import type { PresentedCase } from "@crossline/contracts";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams, useSearch } from "@tanstack/react-router";
import { ResponseFault } from "../api/send.ts";
import { useMe } from "../session/session.tsx";
import { useWallNow } from "../time/now.ts";
import { ProblemNote } from "../ui/problem-note.tsx";
import { CausePanel } from "./cause-panel.tsx";
import { ClockPanel } from "./clock-panel.tsx";
import { CommandBar } from "./commands/command-bar.tsx";
import { DeskArea } from "./desk/desk-area.tsx";
import { DossierPanel } from "./dossier/dossier-panel.tsx";
import { CaseHead } from "./head.tsx";
import { msOf } from "./instants.ts";
import { JournalPanel } from "./journal/journal-panel.tsx";
import { useLiveCase } from "./live.ts";
import { ContactsPanel } from "./messages/contacts-panel.tsx";
import { DeliveriesPanel } from "./messages/deliveries-panel.tsx";
import { MessagesPanel } from "./messages/messages-panel.tsx";
import { PromisesPanel } from "./promises/promises-panel.tsx";
import { caseQuery } from "./queries.ts";
import { CaseContext, useCaseView } from "./use-case.ts";
import { WhyPanel } from "./why-panel.tsx";

/** One case: who must act until when, every clock at any instant, why it crossed, everything that was said, and the commands. */
export function CaseScreen() {
  const { caseId } = useParams({ from: "/signed-in/app/cases/$caseId" });
  const { timeline } = useSearch({ from: "/signed-in/app/cases/$caseId" });
  const { data, error, refetch } = useQuery(caseQuery(caseId));
  if (data === undefined) {
    if (error === null) return <p aria-busy="true">Loading</p>;
    const isUnknown = error instanceof ResponseFault && error.status === 404;
    return (
      <>
        <h1>{isUnknown ? "You have no case with this id" : "The case cannot be shown"}</h1>
        <ProblemNote fault={error} onRetry={refetch} />
        <p>
          <Link to="/app/board" search={timeline === undefined ? {} : { timeline }}>
            Open the board
          </Link>
        </p>
      </>
    );
  }
  return (
    <>
      {error !== null && <ProblemNote fault={error} onRetry={refetch} />}
      <OneCase key={data.id} shown={data} />
    </>
  );
}

function OneCase({ shown }: { readonly shown: PresentedCase }) {
  const me = useMe();
  const wall = useWallNow();
  const now = shown.timeline === "wall" ? wall : msOf(shown.at);
  useLiveCase(me, shown);
  const view = useCaseView(shown, now);
  return (
    <CaseContext value={view}>
      <CaseHead />
      <DeskArea />
      <CommandBar />
      <ClockPanel />
      <div className="case-columns">
        <div>
          <WhyPanel />
          <JournalPanel />
        </div>
        <div>
          {view.asOf.at !== undefined && <p className="muted">The panels below show the present state.</p>}
          <CausePanel />
          <DossierPanel />
          <PromisesPanel />
          <MessagesPanel />
          <ContactsPanel />
          <DeliveriesPanel />
        </div>
      </div>
    </CaseContext>
  );
}
