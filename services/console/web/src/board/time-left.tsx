import type { PresentedRow } from "@crossline/contracts";
import { createContext, use } from "react";
import { completeText, countdownText, viewerZone } from "../time/format.ts";
import { clockWords } from "../ui/clock-words.ts";

/** The now of the board's timeline. A context renders the cells that count again each second, but not the rows. */
export const BoardNow = createContext(0);

const soonMs = { first: 300_000, second: 3_600_000 };

/** How near the end of a time is, with a shape that does not depend on colour. */
export function urgencyOf(leftMs: number): {
  readonly name: "late" | "near" | "soon" | "later";
  readonly shape: string;
} {
  if (leftMs < 0) return { name: "late", shape: "✕" };
  if (leftMs < soonMs.first) return { name: "near", shape: "▲" };
  if (leftMs < soonMs.second) return { name: "soon", shape: "△" };
  return { name: "later", shape: "·" };
}

/** Returns the time until the next breach as a text that counts down, for example `1:12` or `late 0:48`. */
export function timeLeftText(leftMs: number): string {
  return leftMs < 0 ? `late ${countdownText(-leftMs)}` : countdownText(leftMs);
}

/** Shows the time until the next breach of a case, the clock that breaches then, and the oldest breach that no act has met. */
export function TimeLeft({ row, own }: { readonly row: PresentedRow; readonly own: string }) {
  const { due, breached } = row;
  return (
    <>
      {due === undefined ? <span className="muted">no clock runs</span> : <Until due={due} own={own} />}
      {breached !== undefined && breached.clock !== due?.clock && <Until due={breached} own={own} />}
    </>
  );
}

type Due = NonNullable<PresentedRow["due"]>;

function Until({ due, own }: { readonly due: Due; readonly own: string }) {
  const now = use(BoardNow);
  const leftMs = Date.parse(due.at) - now;
  const { name, shape } = urgencyOf(leftMs);
  return (
    <span className="until">
      <time className={`left ${name}`} dateTime={due.at} title={completeText(due.at, viewerZone)}>
        <span aria-hidden="true">{shape}</span> {timeLeftText(leftMs)}
      </time>
      <span className="clock">
        {clockWords(due.clock)}
        {due.charged !== own && ` of ${due.charged}`}
      </span>
    </span>
  );
}

/** Shows for how long the customer has been live, and on which channel. */
export function OnPhone({ live }: { readonly live: PresentedRow["live"] }) {
  const now = use(BoardNow);
  if (live === undefined) return <span className="muted">–</span>;
  const minutes = Math.max(0, Math.floor((now - Date.parse(live.since)) / 60_000));
  return (
    <span>
      <span aria-hidden="true">{live.channel === "phone" ? "☎" : "●"}</span> {minutes} min
      {live.channel !== "phone" && ` · ${live.channel}`}
    </span>
  );
}

/** Shows until when a claim lasts. */
export function Lease({ until }: { readonly until: string }) {
  const now = use(BoardNow);
  const leftMs = Date.parse(until) - now;
  return <span className="muted">{leftMs > 0 ? `lease ${countdownText(leftMs)}` : "lease expired"}</span>;
}
