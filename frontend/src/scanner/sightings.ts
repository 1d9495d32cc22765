import { isBarcode, type SeenCode, textOf } from "./codes";
import type { Judgement } from "./judgement";

/**
 * What a row of pictures shows, one after the other.
 *
 * Bars have no error correction: they are believed when two pictures in a row say the same. So is what is no product
 * code, before a person is told; a square code that names a product is believed at once. Of several the one that says
 * most of the pack is taken.
 */
export class Sightings {
  #before: ReadonlySet<string> = new Set();

  constructor(private readonly judge: (text: string) => Judgement) {}

  /** What can be said after this picture, if anything. */
  add(codes: readonly SeenCode[]): Judgement | null {
    const before = this.#before;
    this.#before = new Set(codes.map(textOf));
    const judged = codes
      .map((code) => ({ code, text: textOf(code), judgement: this.judge(textOf(code)) }))
      .filter(({ code, text, judgement }) => before.has(text) || (judgement.accepted && !isBarcode(code)))
      .map(({ judgement }) => judgement);
    return mostTelling(judged);
  }
}

/** Of what one picture shows, the product of which most is said; else the first problem. */
export function mostTelling(judgements: readonly Judgement[]): Judgement | null {
  const telling = (judgement: Judgement): number => (judgement.accepted ? judgement.path.length : -1);
  return judgements.reduce<Judgement | null>(
    (best, one) => (best === null || telling(one) > telling(best) ? one : best),
    null,
  );
}
