/** What can be said of a picture in which no code was found. */

export type Advice = "dark" | "blurred" | "still";

/** Grey values, 0 black to 255 white, row by row. */
export interface Grey {
  width: number;
  height: number;
  values: Uint8ClampedArray;
}

/** Grey values of RGBA pixels (luma of ITU-R BT.601, in whole numbers). */
export function greyOf(pixels: Uint8ClampedArray, width: number, height: number): Grey {
  const values = new Uint8ClampedArray(width * height);
  for (let place = 0; place < values.length; place += 1) {
    const at = place * 4;
    values[place] = ((pixels[at] ?? 0) * 77 + (pixels[at + 1] ?? 0) * 150 + (pixels[at + 2] ?? 0) * 29) >> 8;
  }
  return { width, height, values };
}

export function brightnessOf({ values }: Grey): number {
  let sum = 0;
  for (const value of values) {
    sum += value;
  }
  return values.length === 0 ? 0 : sum / values.length;
}

/**
 * The steepest step between neighbours that is common in the picture (its 99th percentile), as a share of the step
 * from the darkest to the brightest: 1 where edges are hard, near 0 where all are soft. A share, so that a dim picture
 * can be sharp; a bare wall is.
 */
export function sharpnessOf({ width, height, values }: Grey): number {
  const steps = new Uint32Array(256);
  const greys = new Uint32Array(256);
  let counted = 0;
  for (let y = 0; y < height; y += 1) {
    for (let x = 1; x < width; x += 1) {
      const here = values[y * width + x] ?? 0;
      const step = Math.abs(here - (values[y * width + x - 1] ?? 0));
      steps[step] = (steps[step] ?? 0) + 1;
      greys[here] = (greys[here] ?? 0) + 1;
      counted += 1;
    }
  }
  const range = percentile(greys, counted, 0.99) - percentile(greys, counted, 0.01);
  return range < 16 ? 1 : percentile(steps, counted, 0.99) / range;
}

function percentile(histogram: Uint32Array, counted: number, share: number): number {
  let seen = 0;
  for (let value = 0; value < histogram.length; value += 1) {
    seen += histogram[value] ?? 0;
    if (seen > counted * share) {
      return value;
    }
  }
  return histogram.length - 1;
}

const DARK = 45;
const BLURRED = 0.16;

/** What to tell whoever holds a camera with this picture, in which no code was found for seconds. */
export function adviceFor(grey: Grey): Advice {
  if (brightnessOf(grey) < DARK) {
    return "dark";
  }
  return sharpnessOf(grey) < BLURRED ? "blurred" : "still";
}
