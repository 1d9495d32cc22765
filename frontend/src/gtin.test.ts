import assert from "node:assert/strict";
import { test } from "node:test";
import { hasValidCheckDigit, problemWith } from "./gtin";

test("each length of GTIN with a right check digit is taken", () => {
  for (const code of ["96385074", "036000291452", "9520123456788", "09520123456788"]) {
    assert.equal(problemWith(code), null, code);
  }
});

test("every change of one digit is found", () => {
  const right = "9520123456788";
  for (let place = 0; place < right.length; place += 1) {
    for (const digit of "0123456789") {
      const typed = right.slice(0, place) + digit + right.slice(place + 1);
      assert.equal(problemWith(typed), typed === right ? null : "check-digit", typed);
    }
  }
});

test("zeros in front do not change the check digit", () => {
  for (const code of ["96385074", "036000291452"]) {
    assert.equal(hasValidCheckDigit(code.padStart(14, "0")), true);
  }
});

test("no digit at all has no check digit", () => {
  assert.equal(hasValidCheckDigit(""), false);
});

test("nothing typed is not a code", () => {
  assert.equal(problemWith(""), "empty");
  assert.equal(problemWith(" \t "), "empty");
});

test("digits printed in groups are read as one number", () => {
  assert.equal(problemWith(" 9 520123 456788 "), null);
  assert.equal(problemWith("952-0123-456788"), null);
  assert.equal(problemWith("9 520123 456787"), "check-digit");
});

test("a number of another length is not a GTIN", () => {
  for (const code of ["1", "9638507", "963850741", "95201234567", "095201234567880"]) {
    assert.equal(problemWith(code), "length", code);
  }
});

test("the GTIN inside a Digital Link is checked", () => {
  assert.equal(problemWith("https://id.gs1.org/01/09520123456788"), null);
  assert.equal(problemWith("https://example.com/a/01/09520123456788/10/AB?17=271231"), null);
  assert.equal(problemWith("https://id.gs1.org/01/09520123456780/10/AB"), "check-digit");
  assert.equal(problemWith("https://id.gs1.org/01/9520123456788"), "length");
});

test("the rightmost key of a link is its key", () => {
  assert.equal(problemWith("https://example.com/01/stem/01/09520123456788"), null);
});

test("a query or a fragment is not part of the path", () => {
  assert.equal(problemWith("https://example.com/a?next=/01/123"), null);
  assert.equal(problemWith("https://example.com/a#/01/123"), null);
});

test("what cannot be judged here is left to the resolver", () => {
  for (const code of ["(01)09520123456788(10)AB", "https://example.com/01/", "https://example.com", "oat drink"]) {
    assert.equal(problemWith(code), null, code);
  }
});
