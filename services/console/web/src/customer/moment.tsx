/*
 * The other screens format instants with Temporal, in time/format.ts. Some browsers of customers do not have Temporal, so the customer's
 * screen uses Intl.
 */

/** The zone of the browser. */
export const browserZone = new Intl.DateTimeFormat().resolvedOptions().timeZone;

type MomentProps = { readonly at: string; readonly zone: string; readonly now: number };

/** Shows an instant with its day, so that a customer who returns after days reads it right, for example `Sat, 7 Mar, 09:20`. */
export function Moment({ at, zone, now }: MomentProps) {
  const moment = new Date(at);
  const isSameYear = yearOf(moment, zone) === yearOf(new Date(now), zone);
  const text = moment.toLocaleString("en-GB", {
    timeZone: zone,
    weekday: "short",
    day: "numeric",
    month: "short",
    ...(!isSameYear && { year: "numeric" }),
    hour: "2-digit",
    minute: "2-digit",
  });
  return <time dateTime={at}>{text}</time>;
}

/** Returns the short name of a zone: its city, or `UTC`. */
export function cityOf(zone: string): string {
  return zone.slice(zone.lastIndexOf("/") + 1).replaceAll("_", " ");
}

function yearOf(moment: Date, timeZone: string): string {
  return moment.toLocaleString("en-GB", { timeZone, year: "numeric" });
}
