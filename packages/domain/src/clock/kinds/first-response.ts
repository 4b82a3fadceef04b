import type { Channel } from "@crossline/contracts";
import { isAnswer } from "../../case/act.ts";
import { isEnded } from "../../case/status.ts";
import { type KindRules, isFinalEnd, startClock } from "../change.ts";

const liveChannels: ReadonlySet<Channel> = new Set(["phone", "chat", "store"]);

/** Runs from the opening, which is the first contact, until a person answers. */
export const firstResponse: KindRules = {
  ends: (_, change) => isAnswer(change.event) || isFinalEnd(change),
  pausesIn: isEnded,
  starts: (change, rule) => {
    const { event, after } = change;
    if (event.type !== "case.opened" || isEnded(after.status)) return undefined;
    if (!liveChannels.has(event.data.channel)) return startClock(change, rule);
    return startClock(change, rule, { targetMs: rule.target.live ?? rule.target[after.severity], own: true });
  },
  hours: "line",
  target: "line",
  hasLiveTarget: true,
  pausedWhile: [],
  merge: "owed",
  breach: { does: "name-owner" },
};
