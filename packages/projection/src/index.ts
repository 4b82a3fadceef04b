export { applyLines, insertLines, lineName } from "./line-rows.ts";
export type { PublishedLine } from "./line-rows.ts";
export { createLines } from "./lines.ts";
export type { Lines, LinesOptions } from "./lines.ts";
export { applyMarks, findMark, readMarks, readNow } from "./timeline-marks.ts";
export type { TimelineMark, TimelinePartition } from "./timeline-marks.ts";
export { lineMigrations, markMigrations } from "./migrations.ts";
