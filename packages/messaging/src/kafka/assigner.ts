import kafkajs from "kafkajs";
import type { PartitionAssigner } from "kafkajs";
import { assignPartitions } from "../assign.ts";

// kafkajs is CommonJS, and Node does not detect this name as its export.
const { AssignerProtocol } = kafkajs;

const version = 1;

/**
 * The adapter from `assignPartitions` to the assignment protocol of Kafka's groups. All members of a group must use the
 * same name.
 */
export const copartitionedAssigner: PartitionAssigner = ({ cluster }) => ({
  name: "crossline-copartitioned",
  version,
  protocol({ topics }) {
    return {
      name: this.name,
      metadata: AssignerProtocol.MemberMetadata.encode({ version, topics, userData: Buffer.alloc(0) }),
    };
  },
  async assign({ members, topics }) {
    const assignment = assignPartitions(
      members.map(({ memberId, memberMetadata }) => ({
        id: memberId,
        topics: AssignerProtocol.MemberMetadata.decode(memberMetadata)?.topics ?? topics,
      })),
      new Map(topics.map((topic) => [topic, cluster.findTopicPartitionMetadata(topic).length])),
    );
    return [...assignment].map(([memberId, partitions]) => {
      const byTopic: Record<string, number[]> = {};
      for (const { topic, partition } of partitions) (byTopic[topic] ??= []).push(partition);
      const memberAssignment = AssignerProtocol.MemberAssignment.encode({
        version,
        assignment: byTopic,
        userData: Buffer.alloc(0),
      });
      return { memberId, memberAssignment };
    });
  },
});
