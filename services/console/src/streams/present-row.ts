import type { PresentedRow } from "@crossline/contracts";
import type { TitledRow } from "../store/board-pages.ts";

/** Returns a row as a response or a stream shows it. */
export function presentRow({ content, title, position }: TitledRow): PresentedRow {
  return { ...content, ...(title !== null && { title }), position } as PresentedRow;
}
