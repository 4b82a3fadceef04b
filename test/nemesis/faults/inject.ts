import type { Fault, Step } from "../plan.ts";
import { killBroker, pauseBroker } from "./broker.ts";
import type { FaultContext } from "./fault-context.ts";
import { disturb } from "./network.ts";
import { fillDisk, forgetTransaction, shutDown, terminate } from "./postgres.ts";
import { addReplica, freeze, kill, setClockOff } from "./processes.ts";
import { trim } from "./trim.ts";

/**
 * Injects one fault, undoes its effects, and returns a note for the report, if there is one. Throws NotPossible if this
 * machine cannot produce the fault.
 */
export async function inject(fault: Fault, { forMs, faults }: Step, context: FaultContext): Promise<string | void> {
  const { repeater, victim } = context;
  switch (fault.kind) {
    case "kill":
      // If the step has further faults, the kill happens while they are in progress.
      return await kill(context, fault.service, fault.replica, faults.length > 1 ? forMs / 3 : 0);
    case "freeze":
      return await freeze(context, fault.service, fault.replica, forMs);
    case "third-replica":
      return await addReplica(context, fault.service, forMs);
    case "clock-off":
      return await setClockOff(context, fault.service, fault.replica, forMs);
    case "postgres-shutdown":
      return await shutDown(context, forMs);
    case "postgres-terminate":
      return await terminate(context);
    case "postgres-transaction":
      return await forgetTransaction(context, forMs);
    case "postgres-full-disk":
      return await fillDisk(context, forMs);
    case "broker-kill":
      return await killBroker(context, forMs);
    case "broker-pause":
      return await pauseBroker(context, forMs);
    case "network": {
      const lost = await disturb(context, fault, forMs);
      return fault.how === "drop-reply" ? `${lost} replies lost` : undefined;
    }
    case "trim":
      return `${await trim(context, fault)} unread records deleted`;
    case "receiver-slow":
      return await victim.beFor("slow", forMs);
    case "receiver-failing":
      return await victim.beFor("failing", forMs);
    case "duplicates":
      return `${await repeater.repeat(forMs)} records repeated`;
    case "out-of-order":
      return `${await repeater.repeatBackwards(forMs)} records repeated, the newest first`;
  }
}
