import fc from "fast-check";
import { expect, test } from "vitest";
import { type EarlierValues, addEarlier, valuesAt } from "../../src/index.ts";
import { type Delta, deltaOf, dropEarlier, joinDeltas, restore } from "../../src/reading/earlier.ts";

type State = { readonly a?: number; readonly b?: number; readonly c?: number };
type Step = { readonly at: number; readonly state: State };

const state = fc.record({ a: fc.nat(3), b: fc.nat(3), c: fc.nat(3) }, { requiredKeys: [] });
const steps = fc.array(fc.record({ at: fc.nat(20), state }), { minLength: 1, maxLength: 20 });

/** Applies the steps and keeps the last `max` changes. */
function play(all: readonly Step[], max: number): { last: State; earlier: EarlierValues<Delta<State>> } {
  let last: State = {};
  let earlier: EarlierValues<Delta<State>> = [];
  for (const { at, state: next } of all) {
    earlier = addEarlier(earlier, { at, was: deltaOf(last, next) }, max, joinDeltas);
    last = next;
  }
  return { last, earlier };
}

/** Returns the state before the first step that is later than `at`. */
function before(all: readonly Step[], at: number): State {
  const first = all.findIndex((step) => step.at > at);
  const index = first === -1 ? all.length : first;
  return all[index - 1]?.state ?? {};
}

test("if the list keeps all changes, a query returns the state at the instant", () => {
  fc.assert(
    fc.property(steps, fc.nat(20), (all, at) => {
      const { last, earlier } = play(all, all.length);
      const back = valuesAt(earlier, at, joinDeltas<State>);
      expect(back === undefined ? last : restore(last, back)).toEqual(before(all, at));
    }),
  );
});

test("if the list has joined changes, a query returns the state at the instant or an earlier state", () => {
  fc.assert(
    fc.property(steps, fc.nat(20), fc.integer({ min: 1, max: 4 }), (all, at, max) => {
      const { last, earlier } = play(all, max);
      expect(earlier.length).toBeLessThanOrEqual(max);
      const back = valuesAt(earlier, at, joinDeltas<State>);
      const first = all.findIndex((step) => step.at > at);
      const allowed = [{}, ...all.slice(0, first === -1 ? all.length : first).map((step) => step.state)];
      expect(allowed).toContainEqual(back === undefined ? last : restore(last, back));
    }),
  );
});

test("if changes before an instant are dropped, queries for this instant and later instants keep their results", () => {
  fc.assert(
    fc.property(steps, fc.nat(20), fc.nat(20), (all, since, more) => {
      const { last, earlier } = play(all, all.length);
      const at = since + more;
      const [kept, whole] = [dropEarlier(earlier, since), earlier].map((some) => valuesAt(some, at, joinDeltas<State>));
      expect(kept === undefined ? last : restore(last, kept)).toEqual(
        whole === undefined ? last : restore(last, whole),
      );
    }),
  );
});
