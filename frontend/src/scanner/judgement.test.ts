import assert from "node:assert/strict";
import { test } from "node:test";
import { judge } from "./judgement";

const TODAY = new Date("2026-05-01T12:00:00Z");

function pathOf(text: string): string {
  const judgement = judge(text, TODAY);
  assert.ok(judgement.accepted, text);
  return judgement.path;
}

function problemOf(text: string): string {
  const judgement = judge(text, TODAY);
  assert.ok(!judgement.accepted, text);
  return [judgement.problem, judgement.host].join(" ").trim();
}

test("a Digital Link of any host leads to our own resolver", () => {
  assert.equal(pathOf("https://brand.example/p/01/09520123456788"), "/01/09520123456788");
  assert.equal(
    pathOf("HTTPS://brand.example/01/09520123456788/10/A%2FB/21/7?17=261231&utm=x#top"),
    "/01/09520123456788/10/A%2FB/21/7?17=261231",
  );
});

test("element strings and bars lead there, too", () => {
  assert.equal(pathOf("]d2010952012345678817261231\x1d10AB/7"), "/01/09520123456788/10/AB%2F7?17=261231");
  assert.equal(pathOf("(01)09520123456788(10)AB"), "/01/09520123456788/10/AB");
  assert.equal(pathOf("9520123456788"), "/01/09520123456788");
  assert.equal(pathOf("96385074"), "/01/00000096385074");
});

test("a shared passport leads to the page itself, on our own host", () => {
  assert.equal(pathOf("https://packytrace.example/passport/09520123456788?x=1"), "/passport/09520123456788");
});

test("whatever is accepted is a path of ours: nothing of a code is opened", () => {
  for (const text of ["//evil.example/01/09520123456788", "javascript:alert(1)//01/09520123456788", "data:text/html,x"]) {
    assert.equal(judge(text, TODAY).accepted, false, text);
  }
  assert.match(pathOf("https://evil.example//01/09520123456788"), /^\/01\//);
});

test("what is no product code is told apart", () => {
  assert.equal(problemOf("hello"), "not-gs1");
  assert.equal(problemOf("WIFI:S:home;T:WPA;P:secret;;"), "not-gs1");
  assert.equal(problemOf("https://www.brand.example/win?code=7"), "web-address www.brand.example");
  assert.equal(problemOf("https://x.example/414/9520123456788"), "not-a-product");
  assert.equal(problemOf("(10)AB"), "not-a-product");
  assert.equal(problemOf("https://x.example/01/09520123456780"), "check-digit");
  assert.equal(problemOf("https://x.example/01/09520123456788?17=269999"), "broken");
});
