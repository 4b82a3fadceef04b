import type { IncomingMessage, ServerResponse } from "node:http";
import { type Refusal, refusal } from "@crossline/contracts";
import { type Gate, openGate, shareOut } from "@crossline/domain";
import {
  type Doorman,
  type FastifyReply,
  type FastifyRequest,
  bearerKey,
  callerOf,
  sendProblem,
  turnAway,
} from "@crossline/service";

/** Why a request was not let in. */
export type Refused = "full" | "full-share" | "gate" | "gate-share";

export type AdmissionOptions = {
  /** Requests at work at once, of all parties. */
  readonly requestsMax: number;
  /** Called at the first command after a rest. */
  readonly onBusy?: () => void;
  readonly onRefused?: (why: Refused) => void;
  /** Milliseconds, for tests. */
  readonly clock?: () => number;
};

/**
 * Says who is let in. Two limits, both shared fairly among the parties that ask at the moment:
 *
 * - Requests at work. A party may have as many as there is room left for others (dynamic thresholds: Choudhury and Hahne,
 *   1998): half of the room when it is alone, a third when two flood; one that comes new always finds room.
 * - Commands a second, when a gate is set because more waits behind intake than should (`workers/pressure.ts`). The window's
 *   budget is shared out by what each party asked for lately, so that whoever asks for little is not refused.
 *
 * A party beyond its share is refused with 429, everybody where the whole is full with 503.
 */
export type Admission = {
  /** Lets a request in, or says why not. What was let in must leave. */
  enter(party: string, isCommand: boolean): Refused | undefined;
  leave(party: string): void;
  set(gate: Gate): void;
  gate(): Gate;
  /** Commands that were let in since the last time this was asked. */
  admitted(): number;
  /** No command will come for a while: the next one is told to `onBusy`. */
  rest(): void;
  atWork(): number;
};

const windowMs = 100;
// Per window: what a party asked for counts for half a second or so.
const fading = 0.8;
const forgottenBelow = 0.5;

export function createAdmission(options: AdmissionOptions): Admission {
  const { requestsMax, onBusy = () => {}, onRefused = () => {}, clock = () => performance.now() } = options;
  const room = createRoom(requestsMax);
  const window = createWindow(clock);
  let gate = openGate;
  let letIn = 0;
  let resting = true;

  function judge(party: string, isCommand: boolean): Refused | undefined {
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
    refuses(party: string): Refused | undefined {
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

  function turn(now: number, { perSecond }: Gate): void {
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
    take(party: string, gate: Gate): Refused | undefined {
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

const retryAfterSeconds = 1;
const refusals: Readonly<Record<Refused, Refusal>> = {
  full: refusal("overloaded", "As much is at work as can be held; try again in a moment.", { retryAfterSeconds }),
  "full-share": refusal("too_many_requests", "As much of yours is at work as your share allows.", {
    retryAfterSeconds,
  }),
  gate: refusal("overloaded", "More comes in than can be worked on in time; try again in a moment.", {
    retryAfterSeconds,
  }),
  "gate-share": refusal("too_many_requests", "You ask for more than your share of what can be worked on.", {
    retryAfterSeconds,
  }),
};

const answers = {
  full: turnAway(refusals.full),
  "full-share": turnAway(refusals["full-share"]),
  gate: turnAway(refusals.gate),
  "gate-share": turnAway(refusals["gate-share"]),
} as const satisfies Record<Refused, unknown>;

export type Doors = {
  /** Stands before Fastify: refuses what is posted about cases by somebody whose key is kept, and lets in what it can. */
  readonly doorman: Doorman;
  /** A hook for `onRequest`, behind `authenticated`, for everybody else. */
  readonly hook: (request: FastifyRequest, reply: FastifyReply, done: () => void) => void;
};

/**
 * What is refused costs no reading of its body and no log line (a line for each of some thousand refusals a second cost more
 * than the refusals).
 */
export function admitted(admission: Admission, kept: (key: string) => { readonly party: string } | undefined): Doors {
  const isIn = new WeakSet<IncomingMessage>();

  function enter(party: string, isCommand: boolean, response: ServerResponse): Refused | undefined {
    const refused = admission.enter(party, isCommand);
    if (refused === undefined) response.once("close", () => admission.leave(party));
    return refused;
  }

  return {
    doorman(request, response) {
      if (request.method !== "POST" || request.url?.startsWith("/v1/cases") !== true) return false;
      const caller = kept(bearerKey({ raw: request }) ?? "");
      if (caller === undefined) return false;
      const refused = enter(caller.party, true, response);
      if (refused === undefined) isIn.add(request);
      else answers[refused](response);
      return refused !== undefined;
    },
    hook(request, reply, done) {
      if (isIn.has(request.raw)) return done();
      const refused = enter(callerOf(request).party, request.method === "POST", reply.raw);
      if (refused === undefined) return done();
      sendProblem(reply, refusals[refused]);
    },
  };
}
