/** Text for people: a paragraph, heading or cell of a document, a comment, a docstring, a message or a test's title. */
export type Passage = {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly kind: "paragraph" | "heading" | "cell" | "comment" | "docstring" | "message" | "title";
  /** Code is kept between backticks, so that a check can leave it out. */
  readonly text: string;
};
