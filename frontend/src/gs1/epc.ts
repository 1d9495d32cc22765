import { identifiers } from "./identifiers";
import { Refused } from "./refused";
import { hasValidCheckDigit } from "./value_rules";

/** EPC binary strings: what a radio tag says when it writes itself into a link. The server's `epc.py` has the sources. */

type Said = [ai: string, value: string][];

/** A scheme from before TDS 2.0: the key, bits and digits of prefix and reference together, bits of the serial. */
type Scheme = readonly [key: string, bits: number, digits: number, serial: number];

const base64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const code40 = "\0ABCDEFGHIJKLMNOPQRSTUVWXYZ-.:0123456789";
const prefixBits = [40, 37, 34, 30, 27, 24, 20];

const schemes: Readonly<Record<number, Scheme>> = Object.fromEntries(
  "2c 253 41 12 41|3e 253 41 12 119|2d 8018 58 17 0|2e 8017 58 17 0|30 01 44 13 38|36 01 44 13 140|31 00 58 17 0|32 414 41 12 41|39 414 41 12 140|33 8003 44 12 38|37 8003 44 12 112|34 8004 82 0 0|38 8004 188 0 0|3c 8010 51 0 31|3d 8010 0 0 40|3f 255 41 12 41|40 8006 44 13 38|41 8006 44 13 140"
    .split("|")
    .map((scheme) => {
      const [header = "", key = "", ...lengths] = scheme.split(" ");
      const [bits = 0, digits = 0, serial = 0] = lengths.map(Number);
      return [parseInt(header, 16), [key, bits, digits, serial] as const];
    }),
);

/** From F0 on, and the headers of the same with a host name behind. */
const plus = ["8010 8011", "8003", "414 254", "8006 21", "8018", "8017", "253", "01 21", "255", "00", "8004", "01 21"];
const plusPlus = [0xe6, 0xeb, 0xe9, 0xed, 0xe7, 0xe8, 0xea, 0xfd, 0xec, 0xef, 0xee, 0xfc];
const dates = ["11", "13", "15", "16", "17", "7006", "7007"];
/** Digits of a key before what is written as text or as a number of its own. */
const keyDigits = new Map(
  "00 18|01 14|253 13|255 13|414 13|8003 14|8006 18|8017 18|8018 18"
    .split("|")
    .map((pair) => [pair.slice(0, -3), Number(pair.slice(-2))]),
);

const malformed = (): Refused => new Refused("epc_malformed", null, 0);
const notRead = (ai: string | null): Refused => new Refused("epc_not_read", ai, 0);

class Bits {
  declare private place: number;
  declare private readonly bits: string;

  constructor(segment: string) {
    this.place = 0;
    const [alphabet, width] = segment.startsWith("eh") ? ["0123456789abcdef", 4] : [base64, 6];
    this.bits = [...segment.slice(2)]
      .map((character) => alphabet.indexOf(character).toString(2).padStart(width, "0"))
      .join("");
  }

  text(count: number): string {
    if (this.place + count > this.bits.length) {
      throw malformed();
    }
    this.place += count;
    return this.bits.slice(this.place - count, this.place);
  }

  large(count: number): bigint {
    return BigInt(`0b0${this.text(count)}`);
  }

  number(count: number): number {
    return Number(this.large(count));
  }

  get isOver(): boolean {
    return !this.bits.includes("1", this.place);
  }
}

/** The identifiers and values that a compressed segment says, the key first. */
export function expanded(segment: string): Said {
  const bits = new Bits(segment);
  const header = bits.number(8);
  const scheme = schemes[header];
  const hosted = plusPlus.indexOf(header);
  const form = hosted < 0 ? header - 0xf0 : hosted;
  let said: Said;
  if (scheme !== undefined) {
    said = fixed(bits, scheme);
  } else if (plus[form] !== undefined) {
    said = flexible(bits, form, hosted >= 0);
  } else {
    throw notRead(null);
  }
  if (!bits.isOver || new Set(said.map(([ai]) => ai)).size < said.length) {
    throw malformed();
  }
  return said;
}

function padded(number: bigint, digits: number): string {
  const text = digits > 0 ? String(number).padStart(digits, "0") : "";
  if (text.length !== digits || (digits === 0 && number > 0n)) {
    throw malformed();
  }
  return text;
}

function checkDigit(digits: string): string {
  return [..."0123456789"].find((last) => hasValidCheckDigit(digits + last)) ?? "";
}

function fixed(bits: Bits, [key, length, digits, serialBits]: Scheme): Said {
  bits.text(3);
  const partition = bits.number(3);
  const inPrefix = prefixBits[partition];
  if (inPrefix === undefined) {
    throw malformed();
  }
  const prefix = padded(bits.large(inPrefix), 12 - partition);
  let reference: string;
  if (digits > 0) {
    reference = padded(bits.large(length - inPrefix), digits - 12 + partition);
  } else if (length === 0) {
    reference = sixBits(bits);
  } else if (length - inPrefix < 64) {
    reference = String(bits.large(length - inPrefix));
  } else {
    reference = sevenBits(bits.text(length - inPrefix));
  }
  let value = prefix + reference;
  if (["00", "01", "8006"].includes(key)) {
    value = reference.charAt(0) + prefix + reference.slice(1);
  }
  if (key === "8003") {
    value = `0${value}`;
  }
  if (digits > 0) {
    value += checkDigit(value);
  }
  if (key === "8006") {
    value += padded(bits.large(7), 2) + padded(bits.large(7), 2);
  }
  const serial =
    serialBits > 64 ? sevenBits(bits.text(serialBits)) : serialBits > 0 ? String(bits.large(serialBits)) : "";
  if (key === "253" || key === "8003") {
    return [[key, value + serial]];
  }
  if (key === "255") {
    if (!serial.startsWith("1")) {
      throw malformed();
    }
    return [[key, value + serial.slice(1)]];
  }
  if (serial === "" || (key === "414" && serial === "0")) {
    return [[key, value]];
  }
  return [
    [key, value],
    [{ "414": "254", "8010": "8011" }[key] ?? "21", serial],
  ];
}

function sevenBits(text: string): string {
  const codes = (text.match(/.{7}/g) ?? []).map((code) => parseInt(code, 2));
  const end = codes.indexOf(0);
  const length = end < 0 ? codes.length : end;
  if (text.includes("1", length * 7)) {
    throw malformed();
  }
  return String.fromCharCode(...codes.slice(0, length));
}

function sixBits(bits: Bits): string {
  let found = "";
  for (let code = bits.number(6); code > 0; code = bits.number(6)) {
    found += String.fromCharCode(code < 32 ? code + 64 : code);
  }
  return found;
}

function flexible(bits: Bits, form: number, hosted: boolean): Said {
  bits.text(4);
  let date: Said = [];
  if (form === 11) {
    const ai = dates[bits.number(4)];
    if (ai === undefined) {
      throw malformed();
    }
    date = [[ai, day(bits)]];
  }
  const [key = "", ...serial] = (plus[form] ?? "").split(" ");
  const said: Said = [[key, valueOf(bits, key)]];
  for (const ai of serial) {
    const value = valueOf(bits, ai);
    if (value !== "") {
      said.push([ai, value]);
    }
  }
  if (hosted) {
    passHost(bits);
  }
  said.push(...date);
  while (!bits.isOver) {
    said.push(data(bits));
  }
  return said;
}

function valueOf(bits: Bits, ai: string): string {
  const count = keyDigits.get(ai);
  if (count !== undefined) {
    let digits = "";
    while (digits.length < count) {
      digits += digit(bits.number(4));
    }
    if (ai === "255") {
      return digits + numeric(bits, bits.number(4));
    }
    return ai === "253" || ai === "8003" ? digits + alphanumeric(bits) : digits;
  }
  if (ai === "8004" || ai === "8010") {
    return delimited(bits);
  }
  return ai === "8011" ? numeric(bits, bits.number(4)) : alphanumeric(bits);
}

function digit(nibble: number): string {
  if (nibble > 9) {
    throw malformed();
  }
  return String(nibble);
}

function delimited(bits: Bits): string {
  let digits = "";
  for (;;) {
    const nibble = bits.number(4);
    if (nibble === 15) {
      return digits;
    }
    if (nibble === 14) {
      return digits + alphanumeric(bits);
    }
    digits += digit(nibble);
  }
}

function numeric(bits: Bits, length: number): string {
  return padded(bits.large(length > 0 ? (10n ** BigInt(length) - 1n).toString(2).length : 0), length);
}

function alphanumeric(bits: Bits): string {
  const alphabet = bits.number(3);
  const length = bits.number(5);
  if (alphabet === 0) {
    return numeric(bits, length);
  }
  if (alphabet === 5) {
    return fromCode40(bits, length);
  }
  if (alphabet > 5) {
    throw malformed();
  }
  const width = alphabet < 3 ? 4 : alphabet + 3;
  const characters = ["", "0123456789ABCDEF", "0123456789abcdef", base64][alphabet];
  let found = "";
  for (let count = 0; count < length; count += 1) {
    const code = bits.number(width);
    found += characters?.charAt(code) ?? String.fromCharCode(code);
  }
  return found;
}

function fromCode40(bits: Bits, length: number): string {
  let found = "";
  while (found.length < length) {
    const group = bits.number(16) - 1;
    if (group < 0 || group >= 64000) {
      throw malformed();
    }
    found +=
      code40.charAt(Math.floor(group / 1600)) + code40.charAt(Math.floor(group / 40) % 40) + code40.charAt(group % 40);
  }
  if (/[^\0]/.test(found.slice(length)) || found.slice(0, length).includes("\0")) {
    throw malformed();
  }
  return found.slice(0, length);
}

function day(bits: Bits): string {
  return [7, 4, 5].map((count) => String(bits.number(count)).padStart(2, "0")).join("");
}

function passHost(bits: Bits): void {
  const inSeven = bits.number(1) === 1;
  const length = bits.number(6);
  if (length === 0) {
    throw malformed();
  }
  bits.text(inSeven ? 7 * length : Math.ceil(length / 3) * 16);
}

function data(bits: Bits): [string, string] {
  let ai = "";
  while (!identifiers.has(ai)) {
    if (ai.length === 4) {
      throw malformed();
    }
    ai += digit(bits.number(4));
  }
  if (["10", "21", "22"].includes(ai)) {
    return [ai, alphanumeric(bits)];
  }
  if (ai === "12" || (ai !== "7007" && dates.includes(ai))) {
    return [ai, day(bits)];
  }
  if (/^3[1-6]..$/.test(ai)) {
    return [ai, padded(bits.large(20), 6)];
  }
  throw notRead(ai);
}
