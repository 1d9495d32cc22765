import assert from "node:assert/strict";
import { test } from "node:test";
import { cropInTurn, cropOf } from "./frames";

test("every part that is looked at lies within the picture, whatever its shape", () => {
  for (const [width, height] of [[1920, 1080], [1080, 1920], [641, 479], [1, 1]] as const) {
    for (let turn = 0; turn < 3; turn += 1) {
      const crop = cropInTurn(turn, width, height);
      assert.ok(crop.x >= 0 && crop.x + crop.width <= width, `${width} ${turn}`);
      assert.ok(crop.y >= 0 && crop.y + crop.height <= height, `${height} ${turn}`);
      assert.ok(Math.max(crop.toWidth, crop.toHeight) <= 960);
    }
  }
});

test("the square in the middle comes first, the whole picture is not forgotten", () => {
  assert.deepEqual(cropInTurn(0, 1920, 1080), { x: 420, y: 0, width: 1080, height: 1080, toWidth: 960, toHeight: 960 });
  assert.deepEqual(cropInTurn(2, 1920, 1080), { x: 0, y: 0, width: 1920, height: 1080, toWidth: 960, toHeight: 540 });
});

test("nothing is made larger", () => {
  const { toWidth, toHeight } = cropOf(0, 0, 300, 200, 1200);
  assert.deepEqual([toWidth, toHeight], [300, 200]);
});
