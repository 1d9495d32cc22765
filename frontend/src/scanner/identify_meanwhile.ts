import { hasValidCheckDigit } from "../gtin";
export type Said = { ok: true; key: string; uri: string } | { ok: false; code: string };
export function identify(text: string, _today: Date): Said {
  const m = /\/01\/(\d{14})(.*)$/.exec(text) ?? /^\](?:d2|Q3|C1)01(\d{14})/.exec(text);
  const digits = m?.[1] ?? text.replace(/[\s-]/g, "");
  if (!/^(\d{8}|\d{12,14})$/.test(digits)) return { ok: false, code: "not_a_code" };
  if (!hasValidCheckDigit(digits)) return { ok: false, code: "gtin_check_digit" };
  return { ok: true, key: "01", uri: `https://id.gs1.org/01/${digits.padStart(14, "0")}${m?.[2] ?? ""}` };
}
