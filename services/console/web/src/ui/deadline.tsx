import { countdownText } from "../time/format.ts";
import { Instant } from "../time/instant.tsx";

type DeadlineProps = { readonly at: string; readonly now: number };

/** Shows a deadline with the time that is left until it, or how late it is. A word repeats the meaning of the colour. */
export function Deadline({ at, now }: DeadlineProps) {
  const left = Date.parse(at) - now;
  return (
    <>
      <Instant at={at} now={now} />{" "}
      <span className={left < 0 ? "left bad" : "left muted"}>
        {left < 0 ? `✕ ${countdownText(-left)} late` : `in ${countdownText(left)}`}
      </span>
    </>
  );
}
