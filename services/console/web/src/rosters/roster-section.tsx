import { useId, useState } from "react";
import type { PublishedRoster } from "@crossline/contracts";
import { useShortcuts } from "../shell/shortcuts.ts";
import { zoneName } from "../time/format.ts";
import { useIsNarrow } from "../ui/use-is-narrow.ts";
import { DayList } from "./day-list.tsx";
import { OverrideDialog } from "./override-dialog.tsx";
import type { RosterPerson, RosterWeek } from "./roster-week.ts";
import { WeekPicture } from "./week-picture.tsx";
import { WeekTable } from "./week-table.tsx";
import type { Span } from "./week.ts";

type RosterSectionProps = {
  readonly week: RosterWeek;
  readonly now: number;
  readonly isTable: boolean;
  readonly mayChange: boolean;
};

const hourMs = 3_600_000;

/** Shows one roster: its people, and its week as a picture, as a table, or in a small window as a list. */
export function RosterSection({ week, now, isTable, mayChange }: RosterSectionProps) {
  const id = useId();
  const isNarrow = useIsNarrow();
  const [chosen, setChosen] = useState<Span>();
  const [published, setPublished] = useState<PublishedRoster>();
  const canOverride = mayChange && week.own !== undefined;
  const isThisWeek = now >= week.span.from && now < week.span.to;
  const begin = isThisWeek ? Math.floor(now / hourMs) * hourMs : week.span.from;
  const open = (): void => setChosen({ from: begin, to: begin + hourMs });
  useShortcuts(canOverride ? [{ keys: "o", text: `Override in ${week.name}`, run: open }] : []);
  return (
    <section className="panel" aria-labelledby={id}>
      <header>
        <h2 id={id}>
          {week.own === undefined && <>{week.party} · </>}
          {week.name} {week.title !== undefined && <bdi className="muted">{week.title}</bdi>}
        </h2>
        <span className="zone">times in {zoneName(week.zone)}</span>
        {canOverride && (
          <button type="button" onClick={open}>
            Override
          </button>
        )}
      </header>
      {week.own === undefined && <p className="muted">Another company shows only whether its roster is covered.</p>}
      <p role="status">{published !== undefined && resultText(published)}</p>
      {isTable ? (
        <WeekTable week={week} />
      ) : isNarrow ? (
        <DayList week={week} />
      ) : (
        <WeekPicture week={week} now={now} onOverride={canOverride ? setChosen : undefined} />
      )}
      {week.own !== undefined && <People people={week.own.people} />}
      {chosen !== undefined && (
        <OverrideDialog week={week} span={chosen} onDone={setPublished} onClose={() => setChosen(undefined)} />
      )}
    </section>
  );
}

function People({ people }: { readonly people: readonly RosterPerson[] }) {
  return (
    <ul className="roster-people" aria-label="People">
      {people.map(({ id, name, initials, unreachable }) => (
        <li key={id}>
          <strong>{initials}</strong> <bdi>{name}</bdi>
          {unreachable !== undefined && <span className="bad"> ✕ {unreachable}</span>}
        </li>
      ))}
      <li className="muted">
        <span className="quiet-key" aria-hidden="true" /> Hatched: quiet hours
      </li>
    </ul>
  );
}

function resultText({ roster, warnings = [] }: PublishedRoster): string {
  const warned = warnings.map(({ message }) => ` Warning: ${message}.`).join("");
  return `✓ The override is in version ${roster.version} of the roster.${warned}`;
}
