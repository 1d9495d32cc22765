import assert from "node:assert/strict";
import { test } from "node:test";
import { problemNamed } from "./camera";

test("who said no is told where to take it back, who only closed the question is asked again", () => {
  assert.equal(problemNamed("NotAllowedError", "denied"), "refused");
  assert.equal(problemNamed("NotAllowedError", null), "refused");
  assert.equal(problemNamed("NotAllowedError", "prompt"), "dismissed");
});

test("no camera is not a camera that does not start", () => {
  assert.equal(problemNamed("NotFoundError", "granted"), "no-camera");
  assert.equal(problemNamed("NotReadableError", "granted"), "in-use");
  assert.equal(problemNamed("", "granted"), "in-use");
});
