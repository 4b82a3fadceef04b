import type { Broker, Kafka } from "kafkajs";
import { connectedCluster } from "./offsets.ts";

/** What kafkajs' broker can do besides what its types say. */
type LeavingBroker = Broker & { leaveGroup(request: { groupId: string; memberId: string }): Promise<unknown> };

/** Leaves a group for a member whose process is gone, as the process itself does when it ends in good order. */
export async function removeGroupMember(kafka: Kafka, group: string, memberId: string): Promise<void> {
  const cluster = await connectedCluster(kafka);
  try {
    const coordinator = (await cluster.findGroupCoordinator({ groupId: group })) as LeavingBroker;
    await coordinator.leaveGroup({ groupId: group, memberId });
  } catch (error) {
    if ((error as { type?: string }).type !== "UNKNOWN_MEMBER_ID") throw error; // it was out already
  } finally {
    await cluster.disconnect().catch(() => {});
  }
}
