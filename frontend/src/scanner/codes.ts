/** What a reader saw in a picture, whichever reader it was. */
export interface SeenCode {
  /** In the words of the Barcode Detection API, which our own reader's names are brought to. */
  format: string;
  text: string;
  /** ISO/IEC 15424, as `]d2`; null where a reader does not tell. */
  symbology: string | null;
}

/** In the words of the Barcode Detection API. Without the first four a reader is of no use for food packs. */
export const FORMATS = ["qr_code", "data_matrix", "ean_13", "ean_8", "upc_a", "upc_e", "code_128"] as const;
export const NEEDED: readonly string[] = FORMATS.slice(0, 4);

/** What readers send before a code whose first character is FNC1 (GS1 General Specifications 5.1.3). */
const BEGUN_BY_FNC1: ReadonlySet<string> = new Set(["]C1", "]e0", "]d2", "]Q3"]);
/** The same for a reader that does not tell. */
const GUESSED: Readonly<Record<string, string>> = { code_128: "]C1", data_matrix: "]d2", qr_code: "]Q3" };
/** A separator, or a GTIN right at the beginning: what hardly any code has but one that FNC1 begins. */
const ELEMENTS = /^01\d{14}|\x1d/;
const SQUARE: ReadonlySet<string> = new Set(["qr_code", "data_matrix"]);

/** Whether a code has no error correction, so that one look at it may be wrong in a digit or two. */
export function isBarcode(code: SeenCode): boolean {
  return !SQUARE.has(code.format);
}

/**
 * The twelve digits that the eight of a UPC-E stand for (GS1 General Specifications, 5.2): it leaves out zeros, and
 * its last digit but one says which.
 */
export function upcAOf(upcE: string): string {
  const digits = /^([01])(\d)(\d)(\d)(\d)(\d)(\d)(\d)$/.exec(upcE);
  if (digits === null) {
    return upcE;
  }
  const [, system = "", a = "", b = "", c = "", d = "", e = "", how = "", check = ""] = digits;
  const item =
    how <= "2" ? `${a}${b}${how}0000${c}${d}${e}`
    : how === "3" ? `${a}${b}${c}00000${d}${e}`
    : how === "4" ? `${a}${b}${c}${d}00000${e}`
    : `${a}${b}${c}${d}${e}0000${how}`;
  return `${system}${item}${check}`;
}

/** The text by which a code is judged: an element string keeps the sign that it is one, which readers leave out. */
export function textOf({ format, text, symbology }: SeenCode): string {
  if (format === "upc_e") {
    return upcAOf(text);
  }
  const guessed = ELEMENTS.test(text) ? (GUESSED[format] ?? "") : "";
  const sign = symbology ?? guessed;
  return BEGUN_BY_FNC1.has(sign) && !text.startsWith(sign) ? sign + text : text;
}
