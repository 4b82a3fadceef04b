import { cross } from "./course-of-crossing.ts";
import { type DrawnCase, addContact, addPromise, resolve } from "./course-of-solution.ts";
import { duration } from "./market.ts";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** Draws the whole course of an opened case and adds its events to the log. */
export function drawCourse(drawn: DrawnCase): void {
  const { log, traits, random } = drawn;
  const { carrier, openedAt, habit } = traits;
  const rep = { party: carrier, automated: false };
  if (habit.channel !== "mail") {
    const handling = { actor: rep, handlingId: `hd_${log.caseId.slice(3)}`, channel: habit.channel };
    log.add(openedAt, "handling.started", handling);
    log.add(openedAt + duration(10 * minuteMs, random), "handling.ended", handling);
  }
  if (random() < traits.firstContact) resolve(drawn, openedAt + duration(12 * minuteMs, random), {});
  else drawLongCourse(drawn);
}

function drawLongCourse(drawn: DrawnCase): void {
  const { traits, random } = drawn;
  const { carrier, openedAt } = traits;
  const contacts = 1 + Math.floor(Math.log(random()) / Math.log(0.4));
  for (let number = 1; number <= contacts; number++)
    addContact(drawn, openedAt + duration(20 * minuteMs * number, random), "inquiry", number);
  addContact(drawn, openedAt + duration(30 * minuteMs, random), "answer", 0);
  if (random() < 0.25) addPromise(drawn, openedAt + duration(15 * minuteMs, random), carrier);
  if (random() < 0.8) return cross(drawn);
  return resolve(drawn, openedAt + duration(5 * hourMs, random), {});
}
