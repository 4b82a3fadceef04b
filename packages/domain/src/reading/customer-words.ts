import type { Channel, CustomerSituation, CustomerStep, CustomerStepKind } from "@crossline/contracts";

/** Returns the name of a company by its id. */
export type NameOf = (party: string) => string;

/** For each kind of step, its sentence. `{party}` stands for the name of the company, and `{by}` for the channel. */
const steps: Readonly<Record<CustomerStepKind, string>> = {
  opened: "{party} opened your case.",
  "you-contacted": "You contacted {party}{by}.",
  "you-wrote": "You wrote to us.",
  "you-confirmed": "You reported that it works.",
  "you-disagreed": "You reported that it is still broken.",
  live: "A person of {party} worked with you{by}.",
  asked: "{party} asked you a question{by}.",
  answered: "{party} answered you{by}.",
  note: "{party} wrote to you.",
  "worked-on": "Your case went to {party}.",
  "given-back": "{party} gave your case back.",
  taken: "A person of {party} took your case.",
  together: "The companies work on your case together. {party} is responsible to you.",
  "waiting-for-you": "{party} waits for your answer.",
  promised: "{party} made you a promise.",
  kept: "{party} kept its promise.",
  "kept-late": "{party} kept its promise, but late.",
  withdrawn: "{party} withdrew its promise.",
  resolved: "{party} reported that the problem is fixed.",
  reopened: "Your case is open again.",
  closed: "Your case was closed.",
  cancelled: "Your case was cancelled.",
  rejected: "{party} did not accept your case.",
  continued: "Your case continues together with another case of yours.",
};

/** For each situation, its sentence. `{party}` stands for the company that has the case, or for the carrier of a solved case. */
const situations: Readonly<Record<CustomerSituation, string>> = {
  received: "{party} has your case.",
  "in-progress": "{party} works on your case.",
  "waiting-for-you": "{party} waits for your answer.",
  waiting: "{party} has your case, and the work waits at the moment.",
  resolved: "We think that the problem is fixed. Please report whether it works.",
  reopened: "Your case is open again.",
  closed: "Your case is closed.",
  cancelled: "Your case was cancelled.",
  rejected: "{party} did not accept your case.",
  continued: "Your case continues together with another case of yours. Ask {party} for a link to it.",
};

const channels: Readonly<Record<Channel, string>> = {
  phone: " by phone",
  chat: " by chat",
  mail: " by mail",
  web: " by this link",
  store: " in a store",
  sms: " by text message",
  social: " on social media",
  other: "",
};

/** Returns a step as a sentence for the customer. */
export function customerSentence(step: Pick<CustomerStep, "kind" | "party" | "channel">, nameOf: NameOf): string {
  const { kind, party, channel } = step;
  const by = channel === undefined ? "" : channels[channel];
  return fill(steps[kind].replace("{by}", by), party === undefined ? "The company" : nameOf(party));
}

/** Returns the situation of a case as a sentence for the customer. */
export function situationSentence(situation: CustomerSituation, party: string, nameOf: NameOf): string {
  return fill(situations[situation], nameOf(party));
}

/** A name can contain `$&`, so the name comes from a function. */
function fill(sentence: string, name: string): string {
  return sentence.replaceAll("{party}", () => name);
}
