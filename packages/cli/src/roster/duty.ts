import { type Instant, type RosterDocument, formatInstant } from "@crossline/contracts";
import { compareDuty } from "@crossline/domain";

const dayMs = 86_400_000;

/** The people on duty of each layer in a span of time. `null`: no person is on duty. */
export type DutySpan = {
  readonly from: string;
  readonly to: string;
  readonly people: Readonly<Record<string, string | null>>;
};

/** Returns the spans of a roster from an instant on. The people on duty change only between two spans. */
export function dutyOf(document: RosterDocument, at: Instant, days: number): DutySpan[] {
  const published = { roster: document };
  const { spans } = compareDuty(published, published, { from: at, to: at + days * dayMs });
  return spans.map(({ from, to, after }) => ({ from: formatInstant(from), to: formatInstant(to), people: after }));
}

/** Returns the rows of a table with a column for each layer. */
export function dutyRows(spans: readonly DutySpan[]): Readonly<Record<string, string>>[] {
  return spans.map(({ from, to, people }) => ({
    from,
    to,
    ...Object.fromEntries(Object.entries(people).map(([layer, person]) => [layer, person ?? "–"])),
  }));
}
