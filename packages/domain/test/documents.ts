/*
 * Exports the functions that generate documents from the rules and sample states of this package. Also exports the walks
 * through all states.
 */
export { obligationsDocument } from "./owed/table.ts";
export { rightsDocument } from "./rights/document.ts";
export { type HandoffWalk, walkHandoffs } from "./handoffs/walk.ts";
export { type StatusChange, walkStatuses } from "./cases/walk.ts";
