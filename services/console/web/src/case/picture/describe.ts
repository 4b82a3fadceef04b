import { durationText } from "../../time/format.ts";
import { clockWords } from "../../ui/clock-words.ts";
import { msOf } from "../instants.ts";
import type { Holding } from "./holders.ts";
import { type Lane, breachOf, deadlineOf, warningsOf } from "./lanes.ts";

type PictureContent = {
  readonly lanes: readonly Lane[];
  readonly holders: readonly Holding[];
  readonly now: number;
  /** Formats an instant in the zone of the picture. */
  readonly format: (instant: number) => string;
};

const lanesMax = 12;

/** Returns the text alternative of the picture: the holders, and the last life of each clock. The table has every life. */
export function describePicture({ lanes, holders, now, format }: PictureContent): string {
  const held = holders.map(({ holder, from, to }) => `Held by ${holder} from ${format(from)} to ${format(to)}.`);
  const told = lanes.slice(0, lanesMax).map((lane) => describeLane(lane, now, format));
  const more = lanes.length > lanesMax ? [`${lanes.length - lanesMax} more clocks are in the table.`] : [];
  return [...held, ...told, ...more].join(" ");
}

function describeLane({ clock, charged, lives }: Lane, now: number, format: (instant: number) => string): string {
  const runs = lives.length === 1 ? "" : ` (${lives.length} runs)`;
  const warned = lives.flatMap(({ life }) => warningsOf(life));
  const breached = lives.flatMap(({ life }) => breachOf(life) ?? []);
  const last = lives.at(-1)?.life;
  const due = last && deadlineOf(last);
  const parts = [
    ...(warned.length === 0
      ? []
      : [`warned at ${warned.map(({ percent, at }) => `${percent} % at ${format(msOf(at))}`).join(", ")}`]),
    ...(breached.length === 0 ? [] : [`breached at ${breached.map((at) => format(msOf(at))).join(", ")}`]),
    ...(due === undefined ? [] : [`due at ${format(msOf(due))}, in ${durationText(msOf(due) - now)}`]),
  ];
  const outcome = parts.length === 0 ? (last === undefined ? "none" : stateText(last.state)) : parts.join("; ");
  return `${clockWords(clock)} of ${charged}${runs}: ${outcome}.`;
}

/** Returns the state of a life as words. */
export function stateText(state: "running" | "waiting" | "breached" | "ended"): string {
  return { running: "running", waiting: "paused", breached: "breached", ended: "ended" }[state];
}
