/** A text for people: a paragraph, heading or cell of a document, a comment, a docstring, a message or a test title. */
export type Passage = {
  readonly file: string;
  /** The number of the row in the file, from 1. */
  readonly line: number;
  readonly kind: "paragraph" | "heading" | "cell" | "comment" | "docstring" | "message" | "title";
  /** The text of the passage. Code stays between backticks, so that a check can skip the code. */
  readonly text: string;
};
