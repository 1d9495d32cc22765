import { Refused } from "./refused";
import { NO_ATTRIBUTES, TABLE } from "./table";
import { applyRule } from "./value_rules";

interface Part {
  readonly kind: string;
  readonly least: number;
  readonly most: number;
  readonly optional: boolean;
  readonly rules: readonly string[];
}

/** A GS1 Application Identifier: the form of its value, what it needs beside it and what it excludes. */
export interface Identifier {
  readonly ai: string;
  readonly isAttribute: boolean;
  readonly needs: readonly (readonly (readonly string[])[])[];
  readonly excludes: Set<string>;
  readonly parts: readonly Part[];
}

const characters: Readonly<Record<string, RegExp>> = {
  N: /[0-9]/,
  X: /[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]/,
  Y: /[#\-/0-9A-Z]/,
  Z: /[\-_0-9A-Za-z]/,
};

/** The identifiers of a part of the table: 01-03 and 310.5, which is 3100 to 3105. */
export function each(identifiers: string): string[] {
  return identifiers.split(" ").flatMap((part) => {
    const [range = "", decimals] = part.split(".");
    const [first = "", last = first] = range.split("-");
    const found = [];
    for (let number = Number(first); number <= Number(last); number += 1) {
      const ai = String(number).padStart(first.length, "0");
      for (let decimal = 0; decimal <= Number(decimals ?? 0); decimal += 1) {
        found.push(decimals === undefined ? ai : `${ai}${decimal}`);
      }
    }
    return found;
  });
}

function parts(form: string): Part[] {
  return form.split(" ").map((part) => {
    const [, optional, kind = "", variable, length, rules = ""] =
      /^(\[)?([NXYZ])(\.\.)?([0-9]+)((?::[a-z]+)*)/.exec(part) ?? [];
    return {
      kind,
      least: variable ? 1 : Number(length),
      most: Number(length),
      optional: optional !== undefined,
      rules: rules.split(":").slice(1),
    };
  });
}

function read(table: string): Map<string, Identifier> {
  const lines = table.split("\n").map((line) => line.split("|"));
  const every = lines.flatMap(([names = ""]) => each(names));
  const matching = (said: string): string[] => {
    const wanted = new RegExp(`^${said.replace(/n/g, ".")}$`);
    return every.filter((ai) => wanted.test(ai));
  };
  const found = new Map<string, Identifier>();
  for (const [names = "", form = "", needs = ""] of lines) {
    const groups = needs
      .split(" ")
      .filter(Boolean)
      .map((group) =>
        group
          .split(",")
          .flatMap((choice) => (choice.includes("+") ? [choice.split("+")] : matching(choice).map((ai) => [ai]))),
      );
    for (const ai of each(names)) {
      found.set(ai, {
        ai,
        isAttribute: !NO_ATTRIBUTES.split(" ").includes(ai),
        needs: groups,
        excludes: new Set(),
        parts: parts(form),
      });
    }
  }
  for (const [names = "", , , excludes = ""] of lines) {
    for (const ai of each(names)) {
      for (const said of excludes.split(" ").filter(Boolean)) {
        for (const other of matching(said === "=" ? `${ai.slice(0, 3)}n` : said)) {
          if (other !== ai) {
            found.get(ai)?.excludes.add(other);
            found.get(other)?.excludes.add(ai);
          }
        }
      }
    }
  }
  return found;
}

export const identifiers: ReadonlyMap<string, Identifier> = read(TABLE);

/** The offset where a value leaves its form, or null where it has it. */
function misfit(value: string, form: readonly Part[]): number | null {
  let place = 0;
  for (const { kind, least, most, optional } of form) {
    if (optional && place === value.length) {
      return null;
    }
    const end = place + most;
    const start = place;
    while (place < end && place < value.length) {
      if (!characters[kind]?.test(value.charAt(place))) {
        return place;
      }
      place += 1;
    }
    if (place - start < least) {
      return place;
    }
  }
  return place < value.length ? place : null;
}

/** Throws Refused where the value is none of the identifier's; the position is the offset in the value. */
export function checkValue(value: string, { ai, parts: form }: Identifier, today: Date): void {
  if (value === "") {
    throw new Refused("ai_empty", ai, 0);
  }
  const wrong = misfit(value, form);
  if (wrong !== null) {
    throw new Refused("ai_value", ai, wrong);
  }
  let start = 0;
  for (const { most, rules } of form) {
    const part = value.slice(start, start + most);
    for (const rule of part === "" ? [] : rules) {
      try {
        applyRule(rule, part, ai, today);
      } catch (refused) {
        throw refused instanceof Refused ? refused.at((refused.position ?? 0) + start) : refused;
      }
    }
    start += most;
  }
}
