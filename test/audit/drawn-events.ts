import { accountabilityEvents } from "./accountability-events.ts";
import { customerEvents } from "./customer-events.ts";
import { type DrawnEvent, basicEvents } from "./basic-events.ts";
import { fullLineEvents } from "./full-line-events.ts";
import { incidentEvents } from "./incident-events.ts";

/** The events from which the test draws a history. */
export const drawnEvents: readonly DrawnEvent[] = [
  ...basicEvents,
  ...fullLineEvents,
  ...customerEvents,
  ...accountabilityEvents,
  ...incidentEvents,
];
