import "./rosters.css";
import type { DutyResponse, PublishedRoster } from "@crossline/contracts";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import { useMe } from "../session/session.tsx";
import { useShortcuts } from "../shell/shortcuts.ts";
import { dateOf, viewerZone } from "../time/format.ts";
import { useWallMinute } from "../time/now.ts";
import { ProblemNote } from "../ui/problem-note.tsx";
import { documentsQuery, dutyQuery } from "./queries.ts";
import { RosterSection } from "./roster-section.tsx";
import { type RosterWeek, rosterWeek } from "./roster-week.ts";
import { type RosterSearch, rosterSearch } from "./search.ts";
import { mondayOf, weeksLater } from "./week.ts";
import { dayText } from "./words.ts";

/** Shows a week of the rosters of the company, and of the rosters that its lines name. */
export function RostersScreen() {
  const me = useMe();
  const now = useWallMinute();
  const search = rosterSearch(useSearch({ strict: false }));
  const monday = mondayOf(search.week ?? dateOf(Temporal.Instant.fromEpochMilliseconds(now).toString(), viewerZone));
  const duty = useQuery(dutyQuery(monday));
  const documents = useQuery(documentsQuery);
  const weeks = useMemo(
    // Without the documents, every roster would be drawn in a wrong zone first.
    () => (documents.isPending ? undefined : weeksOf(duty.data, documents.data?.items ?? [], monday)),
    [duty.data, documents.data, documents.isPending, monday],
  );
  return (
    <>
      <h1>Rosters</h1>
      <WeekChoice search={search} monday={monday} />
      {duty.error !== null && <ProblemNote fault={duty.error} onRetry={duty.refetch} />}
      {documents.error !== null && <ProblemNote fault={documents.error} onRetry={documents.refetch} />}
      {duty.error !== null && weeks !== undefined && (
        <p className="old-note">This is the last state that Crossline sent.</p>
      )}
      {weeks === undefined && duty.error === null && <p aria-busy="true">Loading</p>}
      {weeks?.length === 0 && (
        <p className="empty">Your company has no roster, and its lines name no roster of another company.</p>
      )}
      {weeks?.map((week) => (
        <RosterSection
          key={`${week.party}.${week.name}`}
          week={week}
          now={now}
          isTable={search.view === "table"}
          mayChange={me.scopes.includes("rosters")}
        />
      ))}
    </>
  );
}

function weeksOf(
  duty: DutyResponse | undefined,
  documents: readonly PublishedRoster[],
  monday: string,
): readonly RosterWeek[] | undefined {
  const documentOf = (name: string) => documents.find(({ roster }) => roster.name === name)?.document;
  return duty?.rosters.map((one) => rosterWeek(one, one.own && documentOf(one.roster.name), monday));
}

/** Moves from week to week. The address has the week and the form of the view. */
function WeekChoice({ search, monday }: { readonly search: RosterSearch; readonly monday: string }) {
  const navigate = useNavigate();
  const { week: _, ...thisWeek } = search;
  const before = { ...search, week: weeksLater(monday, -1) };
  const after = { ...search, week: weeksLater(monday, 1) };
  const go = (to: RosterSearch): void => void navigate({ to: "/app/rosters", search: to });
  useShortcuts([
    { keys: "[", text: "Week before", run: () => go(before) },
    { keys: "]", text: "Next week", run: () => go(after) },
    { keys: "t", text: "This week", run: () => go(thisWeek) },
  ]);
  const { view, ...asPicture } = search;
  return (
    <nav className="week-choice" aria-label="Weeks">
      <Link to="/app/rosters" search={before} aria-keyshortcuts="[">
        ← Week before
      </Link>
      <strong>
        {dayText(monday)} to {dayText(Temporal.PlainDate.from(monday).add({ days: 6 }).toString())} {monday.slice(0, 4)}
      </strong>
      <Link to="/app/rosters" search={after} aria-keyshortcuts="]">
        Next week →
      </Link>
      <Link to="/app/rosters" search={thisWeek} aria-keyshortcuts="t">
        This week
      </Link>
      <button
        type="button"
        aria-pressed={view === "table"}
        onClick={() => go(view === "table" ? asPicture : { ...search, view: "table" })}
      >
        Table
      </button>
    </nav>
  );
}
