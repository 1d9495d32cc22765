/** Where in a camera's picture codes are looked for, and how large that is then. */

export interface Crop {
  x: number;
  y: number;
  width: number;
  height: number;
  toWidth: number;
  toHeight: number;
}

/** Pixels: enough for a QR code of a link that fills a quarter of the width, and few enough for an old phone. */
const LONGEST = 960;

/** A picture, or a part of it, made smaller where it is larger than needed. */
export function cropOf(x: number, y: number, width: number, height: number, longest: number): Crop {
  const scale = Math.min(1, longest / Math.max(width, height, 1));
  return {
    x: Math.floor(x),
    y: Math.floor(y),
    width: Math.floor(width),
    height: Math.floor(height),
    toWidth: Math.max(1, Math.round(width * scale)),
    toHeight: Math.max(1, Math.round(height * scale)),
  };
}

/**
 * The part of a picture that is looked at in a turn: what people see, which is the square in the middle; the middle of
 * that, where a small code far away keeps its pixels; and everything, for a code that is held beside.
 */
export function cropInTurn(turn: number, width: number, height: number): Crop {
  const side = Math.min(width, height);
  switch (turn % 3) {
    case 1:
      return cropOf((width - side / 2) / 2, (height - side / 2) / 2, side / 2, side / 2, LONGEST);
    case 2:
      return cropOf(0, 0, width, height, LONGEST);
    default:
      return cropOf((width - side) / 2, (height - side) / 2, side, side, LONGEST);
  }
}
