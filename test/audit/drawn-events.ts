import { accountabilityEvents } from "./accountability-events.ts";
import { customerEvents } from "./customer-events.ts";
import { type DrawnEvent, basicEvents } from "./basic-events.ts";
import { fullLineEvents } from "./full-line-events.ts";

/** All that is drawn from. */
export const drawnEvents: readonly DrawnEvent[] = [
  ...basicEvents,
  ...fullLineEvents,
  ...customerEvents,
  ...accountabilityEvents,
];
