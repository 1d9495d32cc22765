import { each, identifiers } from "./identifiers";
import { Refused } from "./refused";
import { FIXED_LENGTHS } from "./table";

/** Codes other than links, in brackets for people, with FNC1 for machines: the server's `element_strings.py`. */

export interface Element {
  readonly ai: string;
  readonly value: string;
  readonly place: number;
  readonly valuePlace: number;
  readonly written: string;
}

const symbologies = /^\](C1|e0|d2|Q3|J1)/;
/** Characters of values that end by themselves, by the identifier's first two digits. */
const fixed = new Map(
  FIXED_LENGTHS.split("|").flatMap((group) => {
    const [firsts = "", length] = group.split(" ");
    return each(firsts).map((first) => [first, Number(length)] as const);
  }),
);
const separator = /[\x1d^]/;

function identifierAt(text: string, place: number): string | undefined {
  return [2, 3, 4].map((length) => text.slice(place, place + length)).find((ai) => identifiers.has(ai));
}

function isFixedThroughout(digits: string): boolean {
  let place = 0;
  while (place < digits.length) {
    const ai = identifierAt(digits, place);
    const length = fixed.get(ai?.slice(0, 2) ?? "");
    if (ai === undefined || length === undefined) {
      return false;
    }
    place += ai.length + length;
  }
  return place === digits.length;
}

export function isElementString(text: string): boolean {
  return (
    text.startsWith("(") ||
    symbologies.test(text) ||
    separator.test(text) ||
    (/^0[0-2][0-9]{14,}$/.test(text) && isFixedThroughout(text))
  );
}

function* bracketed(text: string): Generator<Element> {
  const pattern = / *\(([0-9]{2,4})\)( *)([^() ]*(?: +[^() ]+)*) */y;
  let place = 0;
  while (place < text.length) {
    pattern.lastIndex = place;
    const found = pattern.exec(text);
    if (found === null) {
      throw new Refused("elements_malformed", null, place);
    }
    const [, ai = "", blanks = "", written = ""] = found;
    const start = text.indexOf("(", place) + 1;
    const value = ai === "01" ? written.replace(/ /g, "") : written;
    yield { ai, value, place: start, valuePlace: start + ai.length + 1 + blanks.length, written };
    place = pattern.lastIndex;
  }
}

function* separated(text: string): Generator<Element> {
  let place = symbologies.test(text) ? 3 : 0;
  if (separator.test(text.charAt(place))) {
    place += 1;
  }
  while (place < text.length) {
    const ai = identifierAt(text, place);
    if (ai === undefined) {
      const number = text.slice(place, place + 4);
      throw /^[0-9]+$/.test(number)
        ? new Refused("ai_unknown", number, place)
        : new Refused("elements_malformed", null, place);
    }
    const start = place + ai.length;
    const rest = text.slice(start).split(separator, 1)[0] ?? "";
    const value = rest.slice(0, fixed.get(ai.slice(0, 2)) ?? rest.length);
    yield { ai, value, place, valuePlace: start, written: value };
    place = start + value.length;
    if (separator.test(text.charAt(place))) {
      place += 1;
    }
  }
}

export function elementsOf(text: string): Generator<Element> {
  return text.startsWith("(") ? bracketed(text) : separated(text);
}
