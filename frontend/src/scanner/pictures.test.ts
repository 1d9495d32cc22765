import assert from "node:assert/strict";
import { test } from "node:test";
import { MOST_BYTES, problemWithPicture, problemWithUnopened } from "./pictures";

const bytes = (...parts: (string | number[])[]): Uint8Array =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === "string" ? [...part].map((c) => c.charCodeAt(0)) : part)));

const png = (width: number, height: number): Uint8Array => {
  const head = new Uint8Array(24);
  head.set(bytes("\x89PNG\r\n\x1a\n", [0, 0, 0, 13], "IHDR"));
  new DataView(head.buffer).setUint32(16, width);
  new DataView(head.buffer).setUint32(20, height);
  return head;
};
const HEIC = bytes([0, 0, 0, 24], "ftypheic", [0, 0, 0, 0], "mif1heic");

test("pictures of every usual kind are opened", () => {
  const jpeg = bytes([0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xc0, 0, 17, 8, 0x0b, 0xd0, 0x0f, 0xc0, 3]);
  for (const head of [png(4000, 3000), jpeg, bytes("GIF89a", [9, 0, 9, 0]), bytes("RIFF", [9, 0, 0, 0], "WEBPVP8 "), HEIC]) {
    assert.equal(problemWithPicture(head, head.length), null);
  }
});

test("drawings are not, whatever they are called and however they begin", () => {
  for (const text of ["<svg xmlns='x'><script>alert(1)</script></svg>", "\xef\xbb\xbf <?xml version='1.0'?><svg/>", "<!-- x --><svg/>"]) {
    assert.equal(problemWithPicture(bytes(text), text.length), "drawing", text);
  }
});

test("what is no picture is told by what it is", () => {
  for (const text of ["", "%PDF-1.7", "PK\x03\x04", "<html>", "just words"]) {
    assert.equal(problemWithPicture(bytes(text), text.length), "not-a-picture", text);
  }
});

test("too large is what no camera makes: in bytes, and in pixels that hide in few bytes", () => {
  assert.equal(problemWithPicture(png(10, 10), MOST_BYTES + 1), "too-large");
  assert.equal(problemWithPicture(png(50_000, 50_000), 4_000), "too-large");
  const jpeg = bytes([0xff, 0xd8, 0xff, 0xdb, 0, 4, 0, 0, 0xff, 0xc2, 0, 17, 8, 0xff, 0xff, 0xff, 0xff, 3]);
  assert.equal(problemWithPicture(jpeg, jpeg.length), "too-large");
});

test("a picture that did not open may be of a kind that this browser does not know", () => {
  assert.equal(problemWithUnopened(HEIC), "heic");
  assert.equal(problemWithUnopened(png(10, 10)), "not-a-picture");
});

test("a head that is cut off anywhere is judged all the same", () => {
  for (const head of [png(10, 10), HEIC, bytes([0xff, 0xd8, 0xff, 0xe0, 0xff, 0xff])]) {
    for (let length = 0; length <= head.length; length += 1) {
      problemWithPicture(head.subarray(0, length), length);
    }
  }
});
