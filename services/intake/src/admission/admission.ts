import { type RateLimit, noRateLimit, shareOut } from "@crossline/domain";

/** Why a request was not let in. */
export type AdmissionRefusal = "full" | "full-share" | "gate" | "gate-share";

export type AdmissionDeps = {
  /** Requests at work at once, of all parties. */
  readonly requestsMax: number;
  /** Called at the first command after a rest. */
  readonly onBusy?: () => void;
  readonly onRefused?: (why: AdmissionRefusal) => void;
  /** Milliseconds, for tests. */
  readonly clock?: () => number;
};

/**
 * Lets requests in. Two limits, both shared fairly among the parties that send requests at the moment:
 *
 * - Requests at work. A party may have as many as there is room left for others (dynamic thresholds: Choudhury and Hahne,
 *   1998): half of the room when it is alone, a third when two flood; a new party always finds room.
 * - Commands a second, while `workers/pressure.ts` closes the gate because too much waits behind intake. The budget of a window
 *   is shared out by the recent demand of each party, so that a party that asks for little is not refused.
 *
 * A party beyond its share is refused with 429; every party is refused with 503 where the whole is full.
 */
export type Admission = {
  /** Lets a request in, or returns the reason why not. A request that was let in must leave. */
  enter(party: string, isCommand: boolean): AdmissionRefusal | undefined;
  leave(party: string): void;
  set(gate: RateLimit): void;
  gate(): RateLimit;
  /** Commands that were let in since the last call. */
  admitted(): number;
  /** No command has come for a while: the next one calls `onBusy`. */
  rest(): void;
  atWork(): number;
};

const windowMs = 100;
// Per window: what a party asked for counts for half a second or so.
const fading = 0.8;
const forgottenBelow = 0.5;

export function createAdmission(deps: AdmissionDeps): Admission {
  const { requestsMax, onBusy = () => {}, onRefused = () => {}, clock = () => performance.now() } = deps;
  const room = createRoom(requestsMax);
  const window = createWindow(clock);
  let gate = noRateLimit;
  let letIn = 0;
  let resting = true;

  function judge(party: string, isCommand: boolean): AdmissionRefusal | undefined {
    const full = room.refuses(party);
    if (full !== undefined) return full;
    return isCommand && gate.perSecond !== Infinity ? window.take(party, gate) : undefined;
  }

  return {
    enter(party, isCommand) {
      if (isCommand && resting) {
        resting = false;
        onBusy();
      }
      const refused = judge(party, isCommand);
      if (refused !== undefined) {
        onRefused(refused);
        return refused;
      }
      room.add(party);
      if (isCommand) letIn++;
      return undefined;
    },
    leave: (party) => room.remove(party),
    set: (next) => void (gate = next),
    gate: () => gate,
    admitted() {
      const count = letIn;
      letIn = 0;
      return count;
    },
    rest: () => void (resting = true),
    atWork: () => room.size(),
  };
}

/** Requests at work, by party. */
function createRoom(most: number) {
  const byParty = new Map<string, number>();
  let all = 0;
  return {
    refuses(party: string): AdmissionRefusal | undefined {
      if (all >= most) return "full";
      const own = byParty.get(party) ?? 0;
      if (own < most - all) return undefined;
      return own === all ? "full" : "full-share";
    },
    add(party: string): void {
      all++;
      byParty.set(party, (byParty.get(party) ?? 0) + 1);
    },
    remove(party: string): void {
      all--;
      const left = (byParty.get(party) ?? 1) - 1;
      if (left === 0) byParty.delete(party);
      else byParty.set(party, left);
    },
    size: () => all,
  };
}

/** A tenth of a second's budget, and what each party has had of it. */
function createWindow(clock: () => number) {
  const demands = new Map<string, number>();
  let asked = new Map<string, number>();
  let had = new Map<string, number>();
  let shares = new Map<string, number>();
  let budget = 0;
  let since = -Infinity;

  function turn(now: number, { perSecond }: RateLimit): void {
    const windows = Math.min(20, Math.floor((now - since) / windowMs));
    for (const [party, demand] of demands) {
      const faded = Math.max(asked.get(party) ?? 0, demand * fading ** windows);
      if (faded < forgottenBelow) demands.delete(party);
      else demands.set(party, faded);
    }
    for (const [party, count] of asked) demands.set(party, Math.max(count, demands.get(party) ?? 0));
    budget = (perSecond * windowMs) / 1000;
    shares = shareOut(budget, demands);
    asked = new Map();
    had = new Map();
    since = now;
  }

  return {
    take(party: string, gate: RateLimit): AdmissionRefusal | undefined {
      const now = clock();
      if (now - since >= windowMs) turn(now, gate);
      asked.set(party, (asked.get(party) ?? 0) + 1);
      const own = had.get(party) ?? 0;
      // Who asks for more than lately gets an equal share at least, at the cost of a few too many in this window.
      const share = Math.max(
        shares.get(party) ?? 0,
        budget / Math.max(1, demands.has(party) ? demands.size : demands.size + 1),
      );
      if (own < share) {
        had.set(party, own + 1);
        return undefined;
      }
      return demands.size > 1 || (demands.size === 1 && !demands.has(party)) ? "gate-share" : "gate";
    },
  };
}
