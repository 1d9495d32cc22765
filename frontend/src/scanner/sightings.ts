import { isBarcode, type SeenCode, textOf } from "./codes";
import type { Judgement } from "./judgement";

/** Pictures: as many as there are parts of the camera's picture that are looked at in turn. */
const REMEMBERED = 3;

/**
 * What a row of pictures shows, one after the other.
 *
 * Bars have no error correction: they are believed when they are seen again. So is what is no product code, before a
 * person is told; a square code that names a product is believed at once.
 */
export class Sightings {
  #before: ReadonlySet<string>[] = [];

  constructor(private readonly judge: (text: string) => Judgement) {}

  /** What can be said after this picture, if anything. */
  add(codes: readonly SeenCode[]): Judgement | null {
    const before = this.#before;
    this.#before = [new Set(codes.map(textOf)), ...before].slice(0, REMEMBERED);
    const believed = codes.flatMap((code) => {
      const text = textOf(code);
      const judgement = this.judge(text);
      const again = before.some((texts) => texts.has(text));
      return again || (judgement.accepted && !isBarcode(code)) ? [judgement] : [];
    });
    return mostTelling(believed);
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
