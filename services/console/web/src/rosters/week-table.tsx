import { CardTable } from "../ui/card-table.tsx";
import type { RosterWeek } from "./roster-week.ts";
import { spanText } from "./words.ts";

type Row = {
  readonly from: number;
  readonly key: string;
  readonly time: string;
  readonly who: string;
  readonly note: string;
};

/** Shows the same week as the picture as a table, in the order of time. */
export function WeekTable({ week }: { readonly week: RosterWeek }) {
  return (
    <CardTable label={`Table of the roster ${week.name}`}>
      <thead>
        <tr>
          <th scope="col">Time</th>
          <th scope="col">On duty</th>
          <th scope="col">Notes</th>
        </tr>
      </thead>
      <tbody>
        {rowsOf(week).map(({ key, time, who, note }) => (
          <tr key={key}>
            <td data-label="Time">{time}</td>
            <td data-label="On duty">
              <bdi>{who}</bdi>
            </td>
            <td data-label="Notes" className={note.includes("✕") ? "bad" : undefined}>
              {note}
            </td>
          </tr>
        ))}
      </tbody>
    </CardTable>
  );
}

function rowsOf({ own, covered, gaps, unknown, zone }: RosterWeek): readonly Row[] {
  const shifts = (own?.shifts ?? []).map((shift) => ({
    from: shift.from,
    key: `${shift.layer} ${shift.person.id} ${shift.from}`,
    time: spanText(shift, zone),
    who: `${shift.person.name} (${shift.layer})`,
    note: [
      ...(shift.person.unreachable === undefined ? [] : ["✕ cannot be reached"]),
      ...shift.quiet.map((quiet) => `quiet ${spanText(quiet, zone)}`),
    ].join("; "),
  }));
  const plain = (spans: readonly { readonly from: number; readonly to: number }[], who: string, note: string) =>
    spans.map((span) => ({ from: span.from, key: `${who} ${span.from}`, time: spanText(span, zone), who, note }));
  return [
    ...shifts,
    ...(own === undefined ? plain(covered, "covered", "") : []),
    ...plain(gaps, "gap", "✕ no person is on duty"),
    ...plain(unknown === undefined ? [] : [unknown], "not calculated", "The roster changes very often."),
  ].toSorted((one, other) => one.from - other.from);
}
