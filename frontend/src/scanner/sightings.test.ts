import assert from "node:assert/strict";
import { test } from "node:test";
import type { SeenCode } from "./codes";
import type { Judgement } from "./judgement";
import { Sightings } from "./sightings";

const judge = (text: string): Judgement =>
  text.startsWith("/") ? { accepted: true, path: text } : { accepted: false, problem: "not-gs1", host: "" };
const seen = (format: string, text: string): SeenCode => ({ format, text, symbology: "" });

test("a square code is believed at once, bars when they are seen again", () => {
  const sightings = new Sightings(judge);
  assert.equal(sightings.add([seen("ean_13", "/01/1")]), null);
  assert.equal(sightings.add([seen("ean_13", "/01/2")]), null);
  assert.deepEqual(sightings.add([seen("ean_13", "/01/2")]), judge("/01/2"));
  assert.deepEqual(new Sightings(judge).add([seen("qr_code", "/01/3")]), judge("/01/3"));
});

test("bars that only one part of the picture shows are seen again when it is looked at again", () => {
  const sightings = new Sightings(judge);
  sightings.add([seen("ean_13", "/01/1")]);
  sightings.add([]);
  sightings.add([]);
  assert.deepEqual(sightings.add([seen("ean_13", "/01/1")]), judge("/01/1"));
});

test("a person is told of what is no product code when it was not only a glimpse", () => {
  const sightings = new Sightings(judge);
  assert.equal(sightings.add([seen("qr_code", "hello")]), null);
  assert.deepEqual(sightings.add([seen("qr_code", "hello")]), judge("hello"));
});

test("of several codes the one that says most of the pack is taken", () => {
  const codes = [seen("ean_13", "/01/1"), seen("qr_code", "hello"), seen("data_matrix", "/01/1/10/AB")];
  assert.deepEqual(new Sightings(judge).add(codes), judge("/01/1/10/AB"));
});
