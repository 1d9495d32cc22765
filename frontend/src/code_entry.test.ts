import assert from "node:assert/strict";
import { test } from "node:test";
import { problemWith } from "./code_entry";

const TODAY = new Date("2026-05-01T12:00:00Z");

test("numbers as they are printed and links are sent", () => {
  const right = ["96385074", "036000291452", "9 520123 456788", "09520123456788", "https://x.example/01/09520123456788"];
  for (const code of right) {
    assert.equal(problemWith(code, TODAY), null, code);
  }
});

test("what can be put right is told before anything is sent", () => {
  assert.equal(problemWith(" ", TODAY), "empty");
  assert.equal(problemWith("95201", TODAY), "length");
  assert.equal(problemWith("https://x.example/01/9520123456788", TODAY), "length");
  assert.equal(problemWith("9520123456780", TODAY), "check-digit");
});

test("what needs more words is the server's to say", () => {
  for (const code of ["apple", "https://packytrace.example/passport/09520123456788", "(01)09520123456788(17)269999"]) {
    assert.equal(problemWith(code, TODAY), null, code);
  }
});
