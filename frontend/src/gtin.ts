/**
 * What can be said about a typed code before any network call.
 *
 * Only what is certainly wrong is refused here; everything else goes to the resolver, which is strict and decides.
 */

export type CodeProblem = "empty" | "length" | "check-digit";

/** GTIN-8, GTIN-12 (UPC), GTIN-13 (EAN) and GTIN-14: GS1 General Specifications, 3.3 and 7.2. */
const GTIN_LENGTHS: readonly number[] = [8, 12, 13, 14];

/**
 * Whether the last of these digits is the GS1 check digit of those before it (GS1 General Specifications 7.9.1:
 * weights 3 and 1 from the right, the sum with the check digit a multiple of ten). Zeros in front change nothing.
 */
export function hasValidCheckDigit(digits: string): boolean {
  let sum = 0;
  for (let place = 0; place < digits.length; place += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - place) - 48;
    sum += place % 2 === 1 ? digit * 3 : digit;
  }
  return digits.length > 0 && sum % 10 === 0;
}

/** The GTIN of the rightmost /01/ key in the path of a Digital Link, or null where the text has none. */
function linkedGtin(code: string): string | null {
  if (!/^https?:\/\//i.test(code)) {
    return null;
  }
  const path = code.split(/[?#]/, 1)[0] ?? "";
  const segments = path.split("/");
  const key = segments.lastIndexOf("01");
  return key > 0 ? (segments[key + 1] ?? null) : null;
}

/** What is wrong with the code, or null where nothing is that can be seen from here. */
export function problemWith(code: string): CodeProblem | null {
  const text = code.trim();
  if (text === "") {
    return "empty";
  }
  const linked = linkedGtin(text);
  // People copy the digits under a barcode as they are printed: in groups.
  const digits = linked ?? text.replace(/[\s-]/g, "");
  if (!/^\d+$/.test(digits)) {
    return null;
  }
  // A link always carries 14 digits (GS1 Digital Link URI Syntax 1.6, 4.3); the other lengths exist on barcodes only.
  const lengths = linked === null ? GTIN_LENGTHS : [14];
  if (!lengths.includes(digits.length)) {
    return "length";
  }
  return hasValidCheckDigit(digits) ? null : "check-digit";
}
