import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type RefObject, useState } from "react";
import { timelinesQuery } from "../api/queries.ts";
import { useMe } from "../session/session.tsx";
import { signOut } from "../session/sign-in.ts";
import { timeOfDay, viewerZone, zoneName } from "../time/format.ts";
import { ProblemNote } from "../ui/problem-note.tsx";
import { SearchBox } from "./search-box.tsx";
import { useStatus } from "./status.ts";
import { type Theme, applyTheme, storedTheme, themes } from "./theme.ts";

type TopBarProps = {
  readonly search: RefObject<HTMLInputElement | null>;
  readonly onPalette: () => void;
  readonly onHelp: () => void;
};

/** The bar above every screen: search, timeline, the state of the data, the person and the theme. */
export function TopBar({ search, onPalette, onHelp }: TopBarProps) {
  const me = useMe();
  return (
    <header className="top-bar">
      {me.kind !== "operator" && <SearchBox field={search} />}
      {me.kind !== "operator" && <TimelineChoice />}
      <LiveNote />
      <span className="spacer" />
      <button type="button" className="quiet commands" onClick={onPalette} aria-keyshortcuts="Control+K">
        Commands <kbd>Ctrl K</kbd>
      </button>
      <button type="button" className="quiet who" popoverTarget="own-menu">
        {me.session?.person} · {me.name} <span aria-hidden="true">▾</span>
      </button>
      {/* The browser closes a popover by Escape and by a click outside, and returns the focus to the button. */}
      <div id="own-menu" popover="auto">
        <p>
          Your zone is <strong>{zoneName(viewerZone)}</strong>.
        </p>
        <ThemeChoice />
        <button type="button" className="quiet" onClick={onHelp} aria-keyshortcuts="?">
          Keys <kbd>?</kbd>
        </button>
        <SignOut />
      </div>
    </header>
  );
}

/** Ends the session. A fault stays in the menu, because the person must know that the session may still be open. */
function SignOut() {
  const leaving = useMutation({ mutationFn: signOut });
  return (
    <>
      <ProblemNote fault={leaving.error} />
      <button type="button" className="quiet" onClick={() => leaving.mutate()}>
        Sign out
      </button>
    </>
  );
}

/** Says whether the data of the screen is live, and how old it is if it is not. */
function LiveNote() {
  const status = useStatus();
  if (status.state === "none") return null;
  const text =
    status.state === "connecting"
      ? "connecting"
      : status.state === "live"
        ? `live · as of ${timeOfDay(iso(status.at), viewerZone)}`
        : `not live since ${timeOfDay(iso(status.since), viewerZone)}`;
  return (
    <span className={`live ${status.state}`}>
      <span aria-hidden="true">{status.state === "live" ? "●" : "○"}</span> {text}
    </span>
  );
}

/** Chooses the wall timeline or a stepped one. */
function TimelineChoice() {
  const { timeline = "wall" } = useSearch({ strict: false });
  const { data } = useQuery(timelinesQuery);
  const navigate = useNavigate();
  const others = (data?.items ?? []).filter(({ kind, id }) => kind !== "wall" && id !== timeline);
  if (others.length === 0 && timeline === "wall") return null;
  return (
    <label className="timeline-choice">
      <span className="hidden">Timeline</span>
      <select
        value={timeline}
        onChange={({ target }) =>
          void navigate({ to: "/app/board", search: target.value === "wall" ? {} : { timeline: target.value } })
        }
      >
        <option value="wall">Wall timeline</option>
        {timeline !== "wall" && <option value={timeline}>{timelineText(timeline)}</option>}
        {others.map(({ id }) => (
          <option key={id} value={id}>
            {timelineText(id)}
          </option>
        ))}
      </select>
    </label>
  );
}

function ThemeChoice() {
  const [theme, setTheme] = useState(storedTheme);
  const choose = (chosen: Theme): void => {
    setTheme(chosen);
    applyTheme(chosen);
  };
  return (
    <label>
      <span>Theme</span>{" "}
      <select value={theme} onChange={({ target }) => choose(target.value as Theme)}>
        {themes.map((name) => (
          <option key={name} value={name}>
            {name === "system" ? "System theme" : name === "light" ? "Light" : "Dark"}
          </option>
        ))}
      </select>
    </label>
  );
}

function timelineText(id: string): string {
  return id.startsWith("imp_") ? `Import …${id.slice(-6)}` : `Story …${id.slice(-6)}`;
}

function iso(ms: number): string {
  return Temporal.Instant.fromEpochMilliseconds(ms).toString();
}
