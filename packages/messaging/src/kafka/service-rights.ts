import {
  type KafkaUserOwner,
  kafkaRightsOf,
  kafkaUsersOf,
  ownerOfKafkaUser,
  type ServiceName,
  topicAccess,
} from "@crossline/contracts";
import type { KafkaOptions } from "./client.ts";
import { type RightsDifference, type UserFilter, type UserRight, applyKafkaRights } from "./rights.ts";

/** The owner of the Kafka users of a service, for each service. */
export const serviceOwners: readonly KafkaUserOwner[] = (Object.keys(topicAccess) as ServiceName[]).map((name) => ({
  kind: "service",
  name,
}));

/** Selects the Kafka users of services. */
export const isServiceUser: UserFilter = (user) => ownerOfKafkaUser(user)?.kind === "service";

/** Returns the rights that the two users of each owner should have. */
export function rightsOf(owners: readonly KafkaUserOwner[]): UserRight[] {
  return owners.flatMap((owner) =>
    kafkaUsersOf(owner).flatMap((user) => kafkaRightsOf(owner).map((right) => ({ ...right, user }))),
  );
}

/**
 * Gives the services their rights, and removes every other right of a service. Returns the difference before the change. The caller
 * must be a super user, or have the right ALTER on the cluster.
 */
export function applyRightsOfServices(options: KafkaOptions): Promise<RightsDifference> {
  return applyKafkaRights(options, rightsOf(serviceOwners), isServiceUser);
}
