import type { Channel } from "@crossline/contracts";
import { isEnded } from "../../case/status.ts";
import { type KindRules, startClock } from "../change.ts";
import { isAnswer } from "../person.ts";

const live: ReadonlySet<Channel> = new Set(["phone", "chat", "store"]);

/** Runs from the first contact, which is the opening, until a person answers. */
export const firstResponse: KindRules = {
  ends: (_, { event, after }) => isAnswer(event) || isEnded(after.status),
  starts: (change, rule) => {
    const { event, after } = change;
    if (event.type !== "case.opened" || isEnded(after.status)) return undefined;
    const targetMs = live.has(event.data.channel) ? rule.target.live : undefined;
    return startClock(change, rule, targetMs === undefined ? {} : { targetMs, ownTarget: true });
  },
};
