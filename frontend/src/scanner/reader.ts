import { FORMATS, NEEDED, type SeenCode } from "./codes";

/** Pixels in which codes are looked for. */
export interface Frame {
  width: number;
  height: number;
  pixels: Uint8ClampedArray<ArrayBuffer>;
}

export interface CodeReader {
  /** The codes in a picture; rejects where the reader cannot be had. */
  read(frame: Frame): Promise<SeenCode[]>;
}

/** What a worker is told first, and for each picture. */
export type Asked = { wasm: string } | { id: number; frame: Frame };
export type Answered = { ready: true } | { id: number; codes: SeenCode[] } | { failed: string };

interface DetectedBarcode {
  format: string;
  rawValue: string;
}

interface BarcodeDetector {
  detect(image: ImageData): Promise<DetectedBarcode[]>;
}

interface BarcodeDetectorClass {
  new (options: { formats: string[] }): BarcodeDetector;
  getSupportedFormats(): Promise<string[]>;
}

/** The browser's own reader where it has one that reads what stands on food packs; else ours. */
export async function codeReader(addresses: { worker: string; wasm: string }): Promise<CodeReader> {
  const native = await nativeReader();
  if (native === null) {
    return workerReader(addresses);
  }
  let ours: Promise<CodeReader> | null = null;
  return {
    read: async (frame) => {
      try {
        return await (ours === null ? native.read(frame) : (await ours).read(frame));
      } catch (error) {
        if (ours !== null) {
          throw error;
        }
        ours = workerReader(addresses); // the system's part of it went away
        return (await ours).read(frame);
      }
    },
  };
}

async function nativeReader(): Promise<CodeReader | null> {
  const native = (window as { BarcodeDetector?: BarcodeDetectorClass }).BarcodeDetector;
  if (native === undefined) {
    return null;
  }
  try {
    const able = await native.getSupportedFormats();
    if (!NEEDED.every((format) => able.includes(format))) {
      return null;
    }
    const detector = new native({ formats: FORMATS.filter((format) => able.includes(format)) });
    return {
      read: async ({ pixels, width, height }) =>
        (await detector.detect(new ImageData(pixels, width, height))).map(({ format, rawValue }) => ({
          format,
          text: rawValue,
          symbology: null,
        })),
    };
  } catch {
    return null; // it is announced and does not work, as where the system's part of it is missing
  }
}

/** Beside the page, so that the picture goes on moving while a code is looked for. */
function workerReader(addresses: { worker: string; wasm: string }): Promise<CodeReader> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(addresses.worker);
    const waiting = new Map<number, { resolve: (codes: SeenCode[]) => void; reject: (error: Error) => void }>();
    let asked = 0;
    const fail = (reason: string): void => {
      const error = new Error(reason);
      worker.terminate();
      waiting.forEach((one) => one.reject(error));
      waiting.clear();
      reject(error);
    };
    const ask = (message: Asked, transfer: Transferable[] = []): void => worker.postMessage(message, transfer);
    worker.addEventListener("error", (event) => fail(event.message));
    worker.addEventListener("message", ({ data }: MessageEvent<Answered>) => {
      if ("failed" in data) {
        fail(data.failed);
      } else if ("ready" in data) {
        resolve({
          read: (frame) =>
            new Promise((found, failed) => {
              asked += 1;
              waiting.set(asked, { resolve: found, reject: failed });
              ask({ id: asked, frame }, [frame.pixels.buffer]);
            }),
        });
      } else {
        waiting.get(data.id)?.resolve(data.codes);
        waiting.delete(data.id);
      }
    });
    ask({ wasm: new URL(addresses.wasm, location.href).href });
  });
}
