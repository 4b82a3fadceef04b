import type { Fault, Step } from "../plan.ts";
import { killBroker, pauseBroker } from "./broker.ts";
import type { Ground } from "./ground.ts";
import { disturb } from "./network.ts";
import { fillDisk, forgetTransaction, shutDown, terminate } from "./postgres.ts";
import { addReplica, freeze, kill, setClockOff } from "./processes.ts";
import { trim } from "./trim.ts";

/**
 * Makes one fault, and returns when it is over and mended, with what there is to say about it. Throws NotPossible where it
 * cannot be made on this machine.
 */
export async function commit(fault: Fault, { forMs, faults }: Step, ground: Ground): Promise<string | void> {
  const { mischief, victim } = ground;
  switch (fault.kind) {
    case "kill":
      // In the middle of what else goes wrong.
      return await kill(ground, fault.service, fault.replica, faults.length > 1 ? forMs / 3 : 0);
    case "freeze":
      return await freeze(ground, fault.service, fault.replica, forMs);
    case "third-replica":
      return await addReplica(ground, fault.service, forMs);
    case "clock-off":
      return await setClockOff(ground, fault.service, fault.replica, forMs);
    case "postgres-shutdown":
      return await shutDown(ground, forMs);
    case "postgres-terminate":
      return await terminate(ground);
    case "postgres-transaction":
      return await forgetTransaction(ground, forMs);
    case "postgres-full-disk":
      return await fillDisk(ground, forMs);
    case "broker-kill":
      return await killBroker(ground, forMs);
    case "broker-pause":
      return await pauseBroker(ground, forMs);
    case "network": {
      const lost = await disturb(ground, fault, forMs);
      return fault.how === "drop-reply" ? `${lost} replies lost` : undefined;
    }
    case "trim":
      return `${await trim(ground, fault)} records deleted that it had not read`;
    case "receiver-slow":
      return await victim.beFor("slow", forMs);
    case "receiver-failing":
      return await victim.beFor("failing", forMs);
    case "duplicates":
      return `${await mischief.repeat(forMs)} records repeated`;
    case "out-of-order":
      return `${await mischief.repeatBackwards(forMs)} records repeated, the newest first`;
  }
}
