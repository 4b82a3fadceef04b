import { markedParts } from "./marked-parts.ts";

type MarkedTextProps = {
  readonly text: string;
  readonly marks: readonly { readonly from: number; readonly to: number }[];
};

/** Shows a text in which places are marked. */
export function MarkedText({ text, marks }: MarkedTextProps) {
  if (marks.length === 0) return <bdi>{text}</bdi>;
  return (
    <bdi>
      {markedParts(text, marks).map(({ from, part, isMarked }) =>
        isMarked ? <mark key={from}>{part}</mark> : <span key={from}>{part}</span>,
      )}
    </bdi>
  );
}
