import assert from "node:assert/strict";
import { test } from "node:test";
import { adviceFor, type Grey, greyOf } from "./light";

const SIDE = 96;

/** Stripes as of a code, from dark to bright; `soft` pixels wide is the step between them. */
function stripes(dark: number, bright: number, soft: number): Grey {
  const values = new Uint8ClampedArray(SIDE * SIDE);
  for (let place = 0; place < values.length; place += 1) {
    const phase = (place % SIDE) % 32;
    const up = Math.min(1, phase / soft);
    const down = Math.min(1, Math.max(0, (phase - 16) / soft));
    values[place] = dark + (bright - dark) * (up - down);
  }
  return { width: SIDE, height: SIDE, values };
}

test("the dark is told from the blurred, and what is neither wants patience", () => {
  assert.equal(adviceFor(stripes(0, 20, 1)), "dark");
  assert.equal(adviceFor(stripes(40, 220, 14)), "blurred");
  assert.equal(adviceFor(stripes(40, 220, 1)), "still");
});

test("a dim picture with hard edges is not called blurred", () => {
  assert.equal(adviceFor(stripes(50, 90, 1)), "still");
});

test("a bare wall is not called blurred: there is nothing to be seen", () => {
  assert.equal(adviceFor(stripes(120, 124, 1)), "still");
});

test("green is brighter than blue", () => {
  const { values } = greyOf(new Uint8ClampedArray([0, 255, 0, 255, 0, 0, 255, 255]), 2, 1);
  assert.ok((values[0] ?? 0) > 4 * (values[1] ?? 0));
});
