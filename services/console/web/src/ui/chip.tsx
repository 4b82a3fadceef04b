import type { ReactNode } from "react";

/** The meaning of a chip. Its sign and its words repeat the meaning of its colour. */
export type Tone = "bad" | "warn" | "good" | "";

/** Shows a state as a sign with words. */
export function Chip({
  tone = "",
  sign,
  children,
}: {
  readonly tone?: Tone;
  readonly sign?: string;
  readonly children: ReactNode;
}) {
  return (
    <span className={`chip ${tone}`}>
      {sign !== undefined && <span aria-hidden="true">{sign}</span>} <span>{children}</span>
    </span>
  );
}
