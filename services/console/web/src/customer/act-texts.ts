import type { CustomerAct } from "@crossline/contracts";

type ActText = {
  readonly mark: string;
  readonly name: string;
  readonly label: string;
  readonly submit: string;
  readonly hint: string;
  readonly thanks: string;
};

/** The texts of each act. */
export const actTexts: Readonly<Record<CustomerAct, ActText>> = {
  works: {
    mark: "✓",
    name: "It works",
    label: "Your remark (optional)",
    submit: "Yes, it works",
    hint: "Your case is then closed.",
    thanks: "Thank you. We know now that it works.",
  },
  "still-broken": {
    mark: "✕",
    name: "It is still broken",
    label: "Describe the problem",
    submit: "Send: it is still broken",
    hint: "Your case is then open again.",
    thanks: "Thank you. Your case is open again.",
  },
  add: {
    mark: "+",
    name: "Add something",
    label: "Your message or your answer",
    submit: "Send",
    hint: "The companies that work on your case read it.",
    thanks: "Thank you. Your message has arrived.",
  },
};
