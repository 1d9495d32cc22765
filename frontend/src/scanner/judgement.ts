import { canonicalPath, identify } from "../gs1/digital_link";

export type CodeProblem = "not-gs1" | "web-address" | "not-a-product" | "check-digit" | "broken";

export type Judgement =
  /** A product: `path` is where our resolver, or its page, is asked for it. */
  | { accepted: true; path: string }
  /** `host` is whose web address it is, where it is one. */
  | { accepted: false; problem: CodeProblem; host: string };

/** A passport's own address, as people share it. Of any host: only the path leads on, and it is always ours. */
const SHARED_PAGE = /^https?:\/\/[^/?#\s]+(\/passport\/[0-9]{14})\/?(?:[?#]\S*)?$/i;

const NO_CODE: ReadonlySet<string> = new Set(["not_a_code", "code_too_long", "link_without_gtin", "link_malformed"]);

/** What a code's text means for a shopper. Nothing of it is ever opened but a path of ours. */
export function judge(text: string, today: Date): Judgement {
  const shared = SHARED_PAGE.exec(text.trim())?.[1];
  if (shared !== undefined) {
    return { accepted: true, path: shared };
  }
  const identified = identify(text, today);
  if (identified.ok) {
    if (identified.key !== "01") {
      return refused("not-a-product");
    }
    const path = canonicalPath(identified);
    // What stands behind the path in the canonical link, of whatever host: the pack's dates and weight.
    return { accepted: true, path: identified.uri.slice(identified.uri.indexOf(path)) };
  }
  if (NO_CODE.has(identified.code)) {
    const host = hostOf(text);
    return host === "" ? refused("not-gs1") : refused("web-address", host);
  }
  if (identified.code === "elements_without_gtin") {
    return refused("not-a-product");
  }
  return refused(identified.code === "gtin_check_digit" ? "check-digit" : "broken");
}

function refused(problem: CodeProblem, host = ""): Judgement {
  return { accepted: false, problem, host };
}

function hostOf(text: string): string {
  try {
    const { protocol, host } = new URL(text.trim());
    return protocol === "http:" || protocol === "https:" ? host : "";
  } catch {
    return "";
  }
}
