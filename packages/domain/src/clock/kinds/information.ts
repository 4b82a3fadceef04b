import { type KindRules, startClock } from "../change.ts";

/** Runs while the case waits for somebody else: the holder's idle clock rests, so another must run. Its breach ends the wait. */
export const information: KindRules = {
  ends: (_, { after }) => after.status !== "pending",
  starts: (change, rule) =>
    change.after.status === "pending" && change.before?.status !== "pending" ? startClock(change, rule) : undefined,
};
