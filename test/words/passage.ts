/** Text for people: a paragraph, heading or cell of a document, a comment, a docstring, a message or a test's title. */
export type Passage = {
  readonly file: string;
  /** The row in the file, from 1. */
  readonly line: number;
  readonly kind: "paragraph" | "heading" | "cell" | "comment" | "docstring" | "message" | "title";
  /** Code stays between backticks, so that a check can skip it. */
  readonly text: string;
};
