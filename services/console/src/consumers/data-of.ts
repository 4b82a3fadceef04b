import type { EventData, EventType, ReceivedMessage } from "@crossline/contracts";

/** Returns the data of a record if it has this type. */
export function dataOf<Type extends EventType>(
  { type, data }: ReceivedMessage,
  wanted: Type,
): EventData<Type> | undefined {
  return type === wanted ? (data as EventData<Type>) : undefined;
}
