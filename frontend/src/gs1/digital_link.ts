import { type Element, elementsOf, isElementString } from "./element_strings";
import { expanded } from "./epc";
import { checkValue, type Identifier, identifiers } from "./identifiers";
import { Refused } from "./refused";
import { KEY_QUALIFIERS } from "./table";
import { hasValidCheckDigit } from "./value_rules";

/**
 * GS1 Digital Link URIs and other codes, read as strictly as the server reads them: the same verdicts, the same
 * codes of refusal, the same positions. The server's `digital_link.py` says after which standards.
 */

export type Values = readonly (readonly [ai: string, value: string])[];

export interface Identified {
  readonly ok: true;
  readonly key: string;
  readonly value: string;
  readonly qualifiers: Values;
  readonly attributes: Values;
  /** The canonical Digital Link. */
  readonly uri: string;
}

export interface NotIdentified {
  readonly ok: false;
  /** The rule that is broken, as the server's API names it. */
  readonly code: string;
  readonly ai: string | null;
  /** The offset in the text, from 0. */
  readonly position: number | null;
}

type Said = Map<string, string>;
/** What a code says, before it is written as a link. */
type Judged = Omit<Identified, "ok" | "uri">;

const GTIN = "01";
const LONGEST = 2048;
const qualifiersOf = new Map(KEY_QUALIFIERS.split(",").map((line) => line.split(":") as [string, string]));
const well = /^(?:[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*/;
const link = /^(https?:\/\/[A-Za-z0-9.:\-[\]]+)(\/[^?#]*)(?:\?([^#]*))?(?:#.*)?$/i;

/** What a code says: a Digital Link, an element string, or a GTIN of 8 to 14 digits; or which rule it breaks. */
export function identify(text: string, today: Date): Identified | NotIdentified {
  // One unit per character, as the server counts; what is put in is refused as what it stands for would be.
  const units = text.replace(/[\u{10000}-\u{10FFFF}]/gu, "\uFFFD");
  try {
    const raw = units.replace(/^[ \t\r\n\f\v]+/, "");
    const plain = raw.replace(/^\](?:E0|E4|I0|I1|Q1|d1)/, "");
    const before = units.length - plain.length;
    if (units.length > LONGEST) {
      throw new Refused("code_too_long", null, LONGEST);
    }
    return moving(before, () => found(read(plain.replace(/[ \t\r\n\f\v]+$/, ""), today)));
  } catch (refused) {
    if (refused instanceof Refused) {
      return { ok: false, code: refused.code, ai: refused.ai, position: refused.position };
    }
    throw refused;
  }
}

/** The path of what is identified, percent-encoded: `/01/09506000134352/10/AB%2FC`. */
export function canonicalPath({ key, value, qualifiers }: Pick<Identified, "key" | "value" | "qualifiers">): string {
  return [[key, value] as const, ...qualifiers].map(([ai, said]) => `/${ai}/${encoded(said)}`).join("");
}

function encoded(value: string): string {
  return encodeURIComponent(value).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** With its link, which leaves out what only an element string may say, and what says nothing without it. */
function found(said: Judged): Identified {
  const attributes = new Map(said.attributes.filter(([ai]) => identifiers.get(ai)?.isAttribute));
  const path = [said.key, ...said.qualifiers.map(([ai]) => ai)];
  let lacking: string[];
  do {
    const there = new Set([...path, ...attributes.keys()]);
    lacking = [...attributes.keys()].filter((ai) => lacks(ai, there));
    lacking.forEach((ai) => attributes.delete(ai));
  } while (lacking.length > 0);
  const query = [...attributes]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([ai, value]) => `${ai}=${encoded(value)}`)
    .join("&");
  return { ok: true, ...said, uri: `https://id.gs1.org${canonicalPath(said)}${query && "?"}${query}` };
}

/** Counts the positions of refusals from another beginning. */
function moving<Result>(offset: number | ((position: number) => number), judge: () => Result): Result {
  try {
    return judge();
  } catch (refused) {
    if (refused instanceof Refused && refused.position !== null) {
      throw refused.at(typeof offset === "number" ? refused.position + offset : offset(refused.position));
    }
    throw refused;
  }
}

function read(text: string, today: Date): Judged {
  if (/^https?:\/\//i.test(text)) {
    return ofLink(text, today);
  }
  if (isElementString(text)) {
    return ofElements(text, today);
  }
  const digits = text.replace(/[ \t\r\n\f\v-]+/g, "");
  if (!/^[0-9]+$/.test(digits)) {
    throw new Refused("not_a_code", null, 0);
  }
  const places = offsets(text, /[0-9]/g);
  const value = moving(
    (position) => places[position] ?? text.length,
    () => gtin14(digits),
  );
  return { key: GTIN, value, qualifiers: [], attributes: [] };
}

function offsets(text: string, units: RegExp): number[] {
  return [...text.matchAll(units)].map((match) => match.index ?? 0);
}

function gtin14(digits: string): string {
  if (![8, 12, 13, 14].includes(digits.length) || /[^0-9]/.test(digits)) {
    throw new Refused("gtin_length", GTIN, wrongPlace(digits));
  }
  const padded = digits.padStart(14, "0");
  if (!hasValidCheckDigit(padded)) {
    throw new Refused("gtin_check_digit", GTIN, digits.length - 1);
  }
  if (/^.0{12}/.test(padded)) {
    throw new Refused("gtin_zero", GTIN, 0);
  }
  return padded;
}

function wrongPlace(digits: string): number {
  const place = digits.search(/[^0-9]/);
  return place < 0 ? digits.length : place;
}

function ofLink(uri: string, today: Date): Judged {
  const end = well.exec(uri)?.[0].length ?? 0;
  if (end < uri.length) {
    throw new Refused("link_malformed", null, end);
  }
  const parts = link.exec(uri);
  if (parts === null) {
    throw new Refused("not_a_code", null, 0);
  }
  const [, host = "", path = "", query = ""] = parts;
  const segment = path.slice(path.lastIndexOf("/") + 1);
  const isTag = /^(?:eh[0-9a-f]+|ex[A-Za-z0-9_-]+)$/.test(segment) && keyIndex(path.split("/")) === null;
  const read = isTag
    ? moving(
        () => host.length + path.length - segment.length,
        () => ofTag(segment, today),
      )
    : ofPath(path, host.length, today);
  if (query === "") {
    return read;
  }
  const said = new Map([[read.key, read.value], ...read.qualifiers, ...read.attributes]);
  const attributes = ofQuery(query, host.length + path.length + 1, read.key, said, today);
  return { ...read, attributes: [...read.attributes, ...attributes] };
}

function ofTag(segment: string, today: Date): Judged {
  const said: Said = new Map();
  const places = new Map<string, number>();
  for (const [ai, value] of expanded(segment)) {
    const identifier = known(ai);
    checkExcluded(identifier, said, 0);
    check(value, identifier, today);
    said.set(ai, value);
    places.set(ai, 0);
  }
  return assembled([...said.keys()][0] ?? "", said, places);
}

function ofPath(path: string, start: number, today: Date): Judged {
  const segments = path.split("/");
  const first = keyIndex(segments);
  if (first === null) {
    throw noKey(segments, start);
  }
  const key = segments[first] ?? "";
  let place = start + lengthOf(segments.slice(0, first));
  const said: Said = new Map();
  const places = new Map<string, number>();
  for (let index = first; index < segments.length; index += 2) {
    const ai = segments[index] ?? "";
    const written = segments[index + 1] ?? "";
    const identifier = known(ai);
    if (index > first && !qualifies(ai, key)) {
      throw new Refused(identifier.isAttribute ? "attribute_in_path" : "not_a_qualifier", ai, place);
    }
    if (said.has(ai)) {
      throw new Refused("ai_repeated", ai, place);
    }
    said.set(ai, decoded(written, identifier, place + ai.length + 1, today));
    places.set(ai, place);
    place += ai.length + written.length + 2;
  }
  const [[, value] = ["", ""], ...qualifiers] = said;
  checkOrder(
    qualifiers.map(([ai]) => ai),
    key,
    places,
  );
  checkNeeds([key], said, places);
  return { key, value, qualifiers, attributes: [] };
}

function lengthOf(segments: readonly string[]): number {
  return segments.reduce((length, segment) => length + segment.length + 1, 0);
}

function known(ai: string): Identifier {
  const identifier = identifiers.get(ai);
  if (identifier === undefined) {
    throw new Refused("ai_unknown", ai, null);
  }
  return identifier;
}

/** The index of the rightmost key, if only identifiers and their values come after it. */
function keyIndex(segments: readonly string[]): number | null {
  for (let index = segments.length - 2; index > 0; index -= 2) {
    const ai = segments[index] ?? "";
    if (qualifiersOf.has(ai)) {
      return index;
    }
    if (!identifiers.has(ai)) {
      return null;
    }
  }
  return null;
}

/** Why reading from the right has met no key. */
function noKey(segments: readonly string[], start: number): Refused {
  for (let index = segments.length - 2; index > 0; index -= 2) {
    const ai = segments[index] ?? "";
    if (!identifiers.has(ai)) {
      if (segments.includes(GTIN) && /^[0-9]{1,4}$/.test(ai)) {
        return new Refused("ai_unknown", ai, start + lengthOf(segments.slice(0, index)));
      }
      break;
    }
  }
  return new Refused("link_without_gtin", null, start);
}

function choices(key: string): string[][] {
  return (qualifiersOf.get(key) ?? "").split("|").map((choice) => choice.split(" "));
}

function qualifies(ai: string, key: string): boolean {
  return choices(key).some((choice) => choice.includes(ai));
}

function checkOrder(qualifiers: readonly string[], key: string, places: ReadonlyMap<string, number>): void {
  const inOrder = choices(key).some(
    (choice) => choice.filter((ai) => qualifiers.includes(ai)).join() === qualifiers.join(),
  );
  const [first] = qualifiers;
  if (!inOrder && first !== undefined) {
    throw new Refused("qualifier_order", first, places.get(first) ?? null);
  }
}

function lacks(ai: string, said: { has(ai: string): boolean }): boolean {
  return known(ai).needs.some((group) => !group.some((choice) => choice.every((other) => said.has(other))));
}

function checkNeeds(needy: Iterable<string>, said: Said, places: ReadonlyMap<string, number>): void {
  for (const ai of needy) {
    if (lacks(ai, said)) {
      throw new Refused("ai_required", ai, places.get(ai) ?? null);
    }
  }
}

function ofQuery(query: string, start: number, key: string, said: Said, today: Date): Values {
  const attributes = new Map<string, string>();
  const places = new Map<string, number>();
  let place = start;
  for (const parameter of query.split(/[&;]/)) {
    const equals = parameter.indexOf("=");
    const ai = equals < 0 ? parameter : parameter.slice(0, equals);
    if (/^[0-9]+$/.test(ai)) {
      const identifier = attribute(ai, key, said, place);
      const written = parameter.slice(ai.length + 1).replace(/\+/g, " ");
      const value = decoded(written, identifier, place + parameter.length - written.length, today);
      said.set(ai, value);
      attributes.set(ai, value);
      places.set(ai, place);
    }
    place += parameter.length + 1;
  }
  checkNeeds(places.keys(), said, places);
  return [...attributes];
}

function attribute(ai: string, key: string, said: Said, place: number): Identifier {
  if (said.has(ai)) {
    throw new Refused("ai_repeated", ai, place);
  }
  const identifier = identifiers.get(ai);
  if (identifier === undefined) {
    throw new Refused("ai_unknown", ai, place);
  }
  if (qualifies(ai, key)) {
    throw new Refused("qualifier_in_query", ai, place);
  }
  if (!identifier.isAttribute) {
    throw new Refused(key === GTIN ? "ai_not_with_gtin" : "not_an_attribute", ai, place);
  }
  checkExcluded(identifier, said, place);
  return identifier;
}

function checkExcluded({ ai, excludes }: Identifier, said: Said, place: number): void {
  const other = [...said.keys()].find((one) => excludes.has(one));
  if (other === undefined) {
    return;
  }
  const kind = ai.slice(0, 3);
  // The same measure or price, with other decimals.
  if (ai.startsWith("3") && other.startsWith(kind)) {
    throw new Refused("ai_repeated", `${kind}n`, place);
  }
  throw new Refused(other === GTIN ? "ai_not_with_gtin" : "ai_excluded", ai, place);
}

/** A value without its percent-encoding, checked. */
function decoded(written: string, identifier: Identifier, start: number, today: Date): string {
  const value = written.replace(/%([0-9A-Fa-f]{2})/g, (_, byte: string) => String.fromCharCode(parseInt(byte, 16)));
  const places = (position: number): number => start + (offsets(written, /%..|[^]/g)[position] ?? written.length);
  moving(places, () => {
    check(value, identifier, today);
  });
  return value;
}

function check(value: string, identifier: Identifier, today: Date): void {
  if (identifier.ai !== GTIN || value === "") {
    checkValue(value, identifier, today);
  } else if (value.length !== 14) {
    throw new Refused("gtin_length_in_link", GTIN, Math.min(wrongPlace(value), 14));
  } else {
    gtin14(value);
  }
}

function ofElements(text: string, today: Date): Judged {
  const said: Said = new Map();
  const places = new Map<string, number>();
  for (const element of elementsOf(text)) {
    const { ai, value, place } = element;
    if (said.has(ai)) {
      throw new Refused("ai_repeated", ai, place);
    }
    const identifier = identifiers.get(ai);
    if (identifier === undefined) {
      throw new Refused("ai_unknown", ai, place);
    }
    checkExcluded(identifier, said, place);
    moving(
      (position) => offsetIn(element, position),
      () => {
        check(value, identifier, today);
      },
    );
    said.set(ai, value);
    places.set(ai, place);
  }
  const key = said.has(GTIN) ? GTIN : [...said.keys()].find((ai) => qualifiersOf.has(ai));
  if (key === undefined) {
    throw new Refused("elements_without_gtin", null, 0);
  }
  return assembled(key, said, places);
}

/** What identifiers and values in any order say about a key. */
function assembled(key: string, said: Said, places: ReadonlyMap<string, number>): Judged {
  const qualifiers = choices(key)
    .flat()
    .filter((ai) => said.has(ai));
  checkOrder(qualifiers, key, places);
  checkNeeds(said.keys(), said, places);
  return {
    key,
    value: said.get(key) ?? "",
    qualifiers: qualifiers.map((ai) => [ai, said.get(ai) ?? ""] as const),
    attributes: [...said].filter(([ai]) => ai !== key && !qualifiers.includes(ai)),
  };
}

/** The offset in the text of a character of the value; printed digits may have spaces between them. */
function offsetIn({ value, written, valuePlace }: Element, position: number): number {
  const places = value === written ? undefined : offsets(written, /[^ ]/g);
  return valuePlace + (places === undefined ? position : (places[position] ?? written.length));
}
