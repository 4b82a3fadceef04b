import type { Instant } from "./time.ts";
import { topicNoun } from "./topics.ts";

/** One record of one topic, named so that it can be waited for: the `sequence`-th with this key. Sequences start at 1. */
export type Cause = { readonly topic: string; readonly key: string; readonly sequence: number };

/**
 * A fact, ready to be sent: what a decision appends to the outbox.
 *
 * On the wire it is a CloudEvent 1.0 in Kafka's binary mode: `ce_id`, `ce_source`, `ce_type` (`crossline.<type>.v1`),
 * `ce_time`, `ce_subject` (the case) and the extensions `ce_sequence`, `ce_timeline`, `ce_after` and `ce_traceparent`;
 * the value is `data` as JSON. The id is `<topic's noun>/<key>/<sequence>`: the same fact has the same id at every try.
 */
export type Message<Type extends string = string, Data = unknown> = {
  readonly topic: string;
  readonly key: string;
  /** Per topic and key, allocated under the lock of the row that the fact is about. */
  readonly sequence: number;
  readonly type: Type;
  readonly time: Instant;
  readonly timeline: string;
  readonly data: Data;
  /** What a consumer must have read, of the topics that it reads, before this can be applied. */
  readonly after?: readonly Cause[];
  /** Only for records that must reach one partition, whatever their key (marks). */
  readonly partition?: number;
  /** W3C trace context of the request that led here. */
  readonly traceparent?: string;
};

/** A message as a consumer sees it. */
export type ReceivedMessage<M extends Message = Message> = M & { readonly id: string; readonly partition: number };

/** The CloudEvents id of a message: a function of what it is, so that a second sending is seen to be one. */
export function messageId(message: Pick<Message, "topic" | "key" | "sequence">): string {
  return `${topicNoun(message.topic)}/${message.key}/${message.sequence}`;
}

/** `crossline.<type>.v1`. */
export function wireType(type: string): string {
  return `crossline.${type}.v1`;
}
