import type {
  Actor,
  Channel,
  Instant,
  MessageContent,
  MessageMark,
  MessageVia,
  OutboundMail,
} from "@crossline/contracts";

/** The content of a message that does not change, and the address to which notification sends it as mail. */
type MessageHead = {
  readonly id: string;
  readonly author: Actor;
  readonly channel: Channel;
  readonly via: MessageVia;
  readonly content: MessageContent;
};

/**
 * An outbound message of a case. The guard holds a message with a marked place. A released message waits until it is sent. Only
 * a held message keeps its text in the state of the case, because later commands need that text.
 */
export type CaseMessage = MessageHead &
  (
    | {
        readonly state: "held";
        readonly text: string;
        readonly marks: readonly MessageMark[];
        readonly mail?: OutboundMail;
        readonly email?: string;
      }
    | { readonly state: "released" }
    /** `contact` is the sequence of the contact that the message became. */
    | { readonly state: "sent"; readonly sentAt: Instant; readonly contact?: number }
    | { readonly state: "failed"; readonly reason: string }
    | { readonly state: "withdrawn" }
  );

export type HeldMessage = Extract<CaseMessage, { state: "held" }>;

/**
 * `open`: the maximum number of messages of a case that are held or released. `kept`: the maximum number of messages that the
 * state of a case stores.
 */
export const messageLimits = { open: 20, kept: 50 } as const;

/** Returns true if a message is neither sent nor ended. */
export function isOpenMessage({ state }: Pick<CaseMessage, "state">): boolean {
  return state === "held" || state === "released";
}

type WithMessages = { readonly messages?: readonly CaseMessage[] };

/** Returns the state with this message, new or changed. If a case has too many messages, the oldest ended ones are removed. */
export function putMessage<State extends WithMessages>(state: State, message: CaseMessage): State {
  const { messages = [] } = state;
  const isKnown = messages.some(({ id }) => id === message.id);
  const all = isKnown ? messages.map((one) => (one.id === message.id ? message : one)) : [...messages, message];
  const surplus = Math.max(0, all.length - messageLimits.kept);
  const dropped = new Set(all.filter((one) => !isOpenMessage(one)).slice(0, surplus));
  return { ...state, messages: all.filter((one) => !dropped.has(one)) };
}

/** Returns the fields of a message that every state has. */
export function headOf({ id, author, channel, via, content }: CaseMessage): MessageHead {
  return { id, author, channel, via, content };
}
