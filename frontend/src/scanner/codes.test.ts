import assert from "node:assert/strict";
import { test } from "node:test";
import { textOf, upcAOf } from "./codes";

test("an element string keeps the sign that readers leave out", () => {
  const text = "010952012345678810AB\x1d17261231";
  assert.equal(textOf({ format: "data_matrix", text, symbology: "]d2" }), `]d2${text}`);
  assert.equal(textOf({ format: "qr_code", text, symbology: "]Q3" }), `]Q3${text}`);
  assert.equal(textOf({ format: "code_128", text, symbology: "]C1" }), `]C1${text}`);
  assert.equal(textOf({ format: "data_matrix", text: `]d2${text}`, symbology: "]d2" }), `]d2${text}`);
});

test("a reader that does not tell what began a code leaves it to what the code says", () => {
  const seen = (format: string, text: string) => textOf({ format, text, symbology: null });
  assert.equal(seen("data_matrix", "0109520123456788"), "]d20109520123456788");
  assert.equal(seen("data_matrix", "\x1d0109520123456788"), "]d2\x1d0109520123456788");
  assert.equal(seen("qr_code", "https://x.example/01/09520123456788"), "https://x.example/01/09520123456788");
  assert.equal(seen("ean_13", "0195201234567"), "0195201234567");
});

test("a code that is told not to be GS1's stays as it is", () => {
  assert.equal(textOf({ format: "data_matrix", text: "0109520123456788", symbology: "]d1" }), "0109520123456788");
});

test("the zeros that a UPC-E leaves out come back", () => {
  const pairs = {
    "01234505": "012000003455",
    "01234531": "012300000451",
    "01234543": "012340000053",
    "01234565": "012345000065",
    "0012345000065": "0012345000065",
  };
  for (const [upcE, upcA] of Object.entries(pairs)) {
    assert.equal(upcAOf(upcE), upcA);
  }
  assert.equal(textOf({ format: "upc_e", text: "01234565", symbology: null }), "012345000065");
});
