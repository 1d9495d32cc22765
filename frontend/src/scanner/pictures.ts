/** What can be said of a file before the browser is asked to open it as a picture. */

export type PictureProblem = "not-a-picture" | "drawing" | "heic" | "too-large";

/** Bytes of a file, and pixels of a picture: more than any phone's camera makes. */
export const MOST_BYTES = 50 * 1024 * 1024;
export const MOST_PIXELS = 120_000_000;

/** Bytes from the beginning of a file by which it is judged; a JPEG's size stands behind what the camera noted. */
export const HEAD = 256 * 1024;

type Kind = "jpeg" | "png" | "gif" | "webp" | "bmp" | "avif" | "heic" | "drawing";

function ascii(head: Uint8Array, from: number, to: number): string {
  return String.fromCharCode(...head.subarray(from, to));
}

function kindOf(head: Uint8Array): Kind | null {
  if (head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) {
    return "jpeg";
  }
  if (ascii(head, 0, 8) === "\x89PNG\r\n\x1a\n") {
    return "png";
  }
  if (/^GIF8[79]a/.test(ascii(head, 0, 6))) {
    return "gif";
  }
  if (ascii(head, 0, 4) === "RIFF" && ascii(head, 8, 12) === "WEBP") {
    return "webp";
  }
  if (ascii(head, 0, 2) === "BM" && head.length > 26) {
    return "bmp";
  }
  if (ascii(head, 4, 8) === "ftyp") {
    // ISO/IEC 14496-12: the major brand and those that it goes together with.
    const brands = ascii(head, 8, Math.min(64, new DataView(head.buffer, head.byteOffset).getUint32(0)));
    return /avi[fs]/.test(brands) ? "avif" : /hei[cxms]|hev[cxms]|mif1|msf1/.test(brands) ? "heic" : null;
  }
  const text = new TextDecoder().decode(head.subarray(0, 4096));
  return /^\s*(<\?xml|<!--|<!doctype\s+svg|<svg)/i.test(text.replace(/^\ufeff/, "")) ? "drawing" : null;
}

/** Width times height as the file's own head says it; 0 where it does not stand there. */
function pixelsOf(kind: Kind, head: Uint8Array): number {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (kind === "png" && head.length >= 24) {
    return view.getUint32(16) * view.getUint32(20);
  }
  if (kind === "gif" && head.length >= 10) {
    return view.getUint16(6, true) * view.getUint16(8, true);
  }
  if (kind === "bmp" && head.length >= 26) {
    return Math.abs(view.getInt32(18, true)) * Math.abs(view.getInt32(22, true));
  }
  if (kind === "jpeg") {
    return pixelsOfJpeg(view);
  }
  return 0;
}

/** ITU-T T.81, annex B: segments follow each other; the frame's header (SOF) has height and width. */
function pixelsOfJpeg(view: DataView): number {
  let at = 2;
  while (at + 9 <= view.byteLength && view.getUint8(at) === 0xff) {
    const marker = view.getUint8(at + 1);
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      return view.getUint16(at + 5) * view.getUint16(at + 7);
    }
    at += 2 + view.getUint16(at + 2);
  }
  return 0;
}

/**
 * Why a file is not opened, or null. Judged by what it is, not by its name. Drawings (SVG) are programs as much as
 * pictures and are never opened.
 */
export function problemWithPicture(head: Uint8Array, size: number): Exclude<PictureProblem, "heic"> | null {
  if (size > MOST_BYTES) {
    return "too-large";
  }
  const kind = kindOf(head);
  if (kind === null) {
    return "not-a-picture";
  }
  if (kind === "drawing") {
    return "drawing";
  }
  return pixelsOf(kind, head) > MOST_PIXELS ? "too-large" : null;
}

/** Why a file that could be a picture did not open: some browsers know no HEIC, and none opens a broken file. */
export function problemWithUnopened(head: Uint8Array): PictureProblem {
  return kindOf(head) === "heic" ? "heic" : "not-a-picture";
}
