import type { Broker, Kafka } from "kafkajs";
import { connectCluster } from "./offsets.ts";

/** A method of kafkajs' broker that its types omit. */
type LeavingBroker = Broker & { leaveGroup(request: { groupId: string; memberId: string }): Promise<unknown> };

/** Sends LeaveGroup for a member whose process has ended, as the process itself does on a normal stop. */
export async function removeGroupMember(kafka: Kafka, group: string, memberId: string): Promise<void> {
  const cluster = await connectCluster(kafka);
  try {
    const coordinator = (await cluster.findGroupCoordinator({ groupId: group })) as LeavingBroker;
    await coordinator.leaveGroup({ groupId: group, memberId });
  } catch (error) {
    if ((error as { type?: string }).type !== "UNKNOWN_MEMBER_ID") throw error; // the member has left already
  } finally {
    await cluster.disconnect().catch(() => {});
  }
}
