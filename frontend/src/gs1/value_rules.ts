import { Refused } from "./refused";
import { COUNTRIES, COUNTRY_LETTERS, CURRENCIES } from "./table";

/** Rules for what a value says, beyond its length and characters. The server's `value_rules.py` names their sources. */

/** Whether the last of these digits is the check digit of those before it: weights 3 and 1 from the right. */
export function hasValidCheckDigit(digits: string): boolean {
  let sum = 0;
  for (let place = 0; place < digits.length; place += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - place) - 48;
    sum += place % 2 === 1 ? digit * 3 : digit;
  }
  return digits.length > 0 && sum % 10 === 0;
}

/** Numbers of three digits, each written as its distance from the one before, to base 36. */
function numbers(steps: string): Set<string> {
  let number = 0;
  return new Set([...steps].map((step) => String((number += parseInt(step, 36))).padStart(3, "0")));
}

const countries = numbers(COUNTRIES);
const currencies = numbers(CURRENCIES);
const letters = new Set(
  COUNTRY_LETTERS.split(" ").flatMap((group) => [...group.slice(1)].map((second) => group.charAt(0) + second)),
);

function isDay(year: number, month: number, day: number): boolean {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const length = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
  return year > 0 && length !== undefined && day > 0 && day <= length;
}

/** YYMMDD on a day: 51 years or more ahead are the last century, 50 or more behind the next (section 7.12). */
function isDate(part: string, today: Date): boolean {
  const ofCentury = Number(part.slice(0, 2));
  const now = today.getFullYear();
  const ahead = ofCentury - (now % 100);
  const century = Math.floor(now / 100) - (ahead >= 51 ? 1 : 0) + (ahead <= -50 ? 1 : 0);
  // Day 00 is the last one of the month: any month has a first.
  return isDay(century * 100 + ofCentury, Number(part.slice(2, 4)), Number(part.slice(4)) || 1);
}

const weighted = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
const checking = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
const primes = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83];

function checkPair(text: string): string {
  let sum = 0;
  for (let place = 0; place < text.length; place += 1) {
    sum += weighted.indexOf(text.charAt(text.length - 1 - place)) * (primes[place] ?? 0);
  }
  sum %= 1021;
  return checking.charAt(sum >> 5) + checking.charAt(sum & 31);
}

function isIban(part: string): boolean {
  if (!/^[A-Z]{2}[0-9A-Z]{9,}$/.test(part) || !letters.has(part.slice(0, 2))) {
    return false;
  }
  let rest = 0;
  for (const character of part.slice(4) + part.slice(0, 4)) {
    const value = parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}

type Rule = (part: string, today: Date) => boolean;

const rules: Readonly<Record<string, Rule>> = {
  check: hasValidCheckDigit,
  pair: (part) => checkPair(part.slice(0, -2)) === part.slice(-2),
  prefix: (part) => /^[0-9]{4}/.test(part),
  date: isDate,
  day: (part, today) => part.slice(4) !== "00" && isDate(part, today),
  birthday: (part) => isDay(Number(part.slice(0, 4)), Number(part.slice(4, 6)), Number(part.slice(6))),
  // Hours alone, or hours and minutes.
  time: (part) => part.slice(0, 2) < "24" && part.slice(2) < "60",
  minute: (part) => part < "60",
  country: (part) => countries.has(part),
  anywhere: (part) => countries.has(part) || part === "999",
  alpha: (part) => letters.has(part),
  currency: (part) => currencies.has(part),
  latitude: (part) => part <= "1800000000",
  longitude: (part) => part <= "3600000000",
  percent: (part) => !/%(?![0-9A-Fa-f]{2})/.test(part),
  iban: isIban,
  piece: (part) => part.slice(0, 2) > "00" && part.slice(0, 2) <= part.slice(2),
  sequence: (part) => /^[1-9]\/[1-9]$/.test(part) && part.charAt(0) <= part.charAt(2),
  media: (part) => /^(0[1-9]|10|[89][0-9])$/.test(part),
  yesno: (part) => "01".includes(part),
  sex: (part) => "0129".includes(part),
  winding: (part) => "019".includes(part),
  hyphen: (part) => part === "-",
  zero: (part) => part === "0",
  some: (part) => /[^0]/.test(part),
  natural: (part) => !part.startsWith("0"),
  letter: (part) => /[^0-9]/.test(part),
  importer: (part) => /^[-0-9A-Z_a-z]$/.test(part),
};

/** Rules whose refusal has a code of its own. */
const codes: Readonly<Record<string, string>> = {
  check: "check_digit",
  pair: "check_digit",
  prefix: "prefix",
  date: "date",
  day: "date",
  time: "time",
  minute: "time",
  country: "country",
  anywhere: "country",
  alpha: "country",
  currency: "currency",
};

/** Throws Refused where a part of a value breaks a rule; the position is the offset in the part. */
export function applyRule(name: string, part: string, ai: string, today: Date): void {
  const rule = rules[name];
  if (rule === undefined || rule(part, today)) {
    return;
  }
  const fromEnd = name === "check" ? 1 : name === "pair" ? 2 : part.length;
  throw new Refused(`ai_${codes[name] ?? "meaning"}`, ai, Math.max(0, part.length - fromEnd));
}
