// A worker of its own: ZXing-C++ as WebAssembly, for browsers that cannot read codes themselves.
import { prepareZXingModule, type ReaderOptions, readBarcodes } from "zxing-wasm/reader";
import type { SeenCode } from "./scanner/codes";
import type { Answered, Asked } from "./scanner/reader";

const OPTIONS: ReaderOptions = {
  formats: ["QRCode", "DataMatrix", "EAN13", "EAN8", "UPCA", "UPCE", "Code128", "DataBar", "DataBarExp"],
  // As it stands in the symbol: group separators are kept, and nothing is bracketed for people.
  textMode: "Plain",
  maxNumberOfSymbols: 8,
};

/** In the words of the Barcode Detection API; what it has no word for keeps its own. */
const FORMATS: Readonly<Record<string, string>> = {
  QRCode: "qr_code",
  DataMatrix: "data_matrix",
  EAN13: "ean_13",
  EAN8: "ean_8",
  UPCA: "upc_a",
  UPCE: "upc_e",
  Code128: "code_128",
};

const answer = (message: Answered): void => self.postMessage(message);

async function answerTo(asked: Asked): Promise<void> {
  if ("wasm" in asked) {
    await prepareZXingModule({ overrides: { locateFile: () => asked.wasm }, fireImmediately: true });
    answer({ ready: true });
    return;
  }
  const { width, height, pixels } = asked.frame;
  const found = await readBarcodes(new ImageData(pixels, width, height), OPTIONS);
  const codes = found.map(
    ({ format, text, symbologyIdentifier }): SeenCode => ({
      format: FORMATS[format] ?? format,
      text,
      symbology: symbologyIdentifier,
    }),
  );
  answer({ id: asked.id, codes });
}

self.addEventListener("message", ({ data }: MessageEvent<Asked>) => {
  answerTo(data).catch((error: unknown) => answer({ failed: String(error) }));
});
