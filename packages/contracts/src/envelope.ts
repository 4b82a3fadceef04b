import type { Instant } from "./time.ts";
import { topicNoun } from "./topics.ts";

/**
 * A record that a consumer must apply before another record. `sequence` is the number of the record within its topic and key,
 * from 1.
 */
export type Cause = { readonly topic: string; readonly key: string; readonly sequence: number };

/**
 * A message that a decision returns for the outbox.
 *
 * On the wire, a message is a CloudEvent 1.0 in Kafka's binary mode. The headers are `ce_id`, `ce_source`, `ce_type`
 * (`crossline.<type>.v1`), `ce_time`, `ce_subject` (the case) and the extensions `ce_sequence`, `ce_timeline`, `ce_after` and
 * `ce_traceparent`. The value of the record is `data` as JSON. `ce_id` is `<topic's noun>/<key>/<sequence>`, so every attempt
 * sends the same `ce_id`.
 */
export type Message<Type extends string = string, Data = unknown> = {
  readonly topic: string;
  readonly key: string;
  /**
   * The number of the message within its topic and key. The transaction allocates the number while it holds the lock of the row
   * that the event changes.
   */
  readonly sequence: number;
  readonly type: Type;
  readonly time: Instant;
  readonly timeline: string;
  readonly data: Data;
  /** The causes. A consumer that reads the topic of a cause must apply the cause before this message. */
  readonly after?: readonly Cause[];
  /**
   * The partition of the record, if the record key does not decide it. For example, intake publishes timeline marks to every
   * partition.
   */
  readonly partition?: number;
  /** The W3C trace context of the request that caused the message. */
  readonly traceparent?: string;
  /** The sender of the command that the message records. Absent in every message that no company's command records. */
  readonly caller?: MessageCaller;
};

/** The API key of a command, or the session of the person who sent it. Only a session has roles. */
export type MessageCaller = { readonly id: string; readonly roles?: readonly string[] | undefined };

/** The origin of a request's messages: the trace and the sender of the request. */
export type MessageOrigin = {
  readonly traceparent?: string | undefined;
  readonly caller?: MessageCaller | undefined;
};

/** A message as a consumer receives it. */
export type ReceivedMessage<M extends Message = Message> = M & { readonly id: string; readonly partition: number };

/**
 * Returns the CloudEvents id of a message. The id depends only on topic, key and sequence, so that a consumer recognizes a
 * duplicate.
 */
export function messageId(message: Pick<Message, "topic" | "key" | "sequence">): string {
  return `${topicNoun(message.topic)}/${message.key}/${message.sequence}`;
}

/** Returns the CloudEvents type: `crossline.<type>.v1`. */
export function wireType(type: string): string {
  return `crossline.${type}.v1`;
}
