import { type ReactNode, createContext, use } from "react";
import { completeText, countdownText, viewerZone } from "../time/format.ts";
import { useNow } from "../time/now.ts";

const DutyNow = createContext(0);

/** Gives its children the now of a timeline. Each second renders the countdowns again, but not the rows. */
export function DutyNowOf({ timeline, children }: { readonly timeline: string; readonly children: ReactNode }) {
  return <DutyNow value={useNow(timeline)}>{children}</DutyNow>;
}

type LeftProps = { readonly at: string; readonly what?: string };

/** Shows how long is left until something, or how late it is, with a sign and a word besides the colour. */
export function Left({ at, what = "" }: LeftProps) {
  const now = use(DutyNow);
  const left = Date.parse(at) - now;
  return (
    <time className={left < 0 ? "duty-left bad" : "duty-left"} dateTime={at} title={completeText(at, viewerZone)}>
      {what} {left < 0 ? `✕ ${countdownText(-left)} late` : `in ${countdownText(left)}`}
    </time>
  );
}
