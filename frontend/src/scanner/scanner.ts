import { type Camera, mayOpenCamera, openCamera, problemWithCamera } from "./camera";
import { textOf } from "./codes";
import { type Crop, cropInTurn, cropOf } from "./frames";
import { judge, type Judgement } from "./judgement";
import { adviceFor, greyOf } from "./light";
import { HEAD, problemWithPicture, problemWithUnopened } from "./pictures";
import { type CodeReader, codeReader, type Frame } from "./reader";
import { mostTelling, Sightings } from "./sightings";
import type { Stage } from "./stage";

/** Milliseconds. */
const BETWEEN_PICTURES = 50;
const BEFORE_ADVICE = 4_000;
const BETWEEN_ADVICE = 2_500;
const PATIENCE = 120_000;

/** Pixels of the longer side in which a chosen picture is looked at, one after the other. */
const PICTURE_SIZES = [1_200, 2_400, 600];

/** Kept for this tab: whoever closed the camera does not want it to open by itself on the next page. */
const CLOSED = "packytrace.camera-closed";

interface Session {
  camera: Camera;
  since: number;
}

export class Scanner {
  #session: Session | null = null;
  /** Counts the times that the camera was asked for or given up: what comes late is of no use. */
  #attempt = 0;
  #reader: Promise<CodeReader> | null = null;
  #paused = false;
  readonly #canvas = document.createElement("canvas");

  constructor(
    private readonly stage: Stage,
    private readonly addresses: { worker: string; wasm: string },
  ) {}

  start(): void {
    const { stage } = this;
    stage.state = "closed";
    stage.toggle.addEventListener("click", () => this.#toggle());
    stage.view.addEventListener("click", () => stage.state === "closed" && this.#toggle());
    stage.torch.addEventListener("click", (event) => {
      event.stopPropagation();
      void this.#switchTorch();
    });
    stage.choose.addEventListener("click", () => stage.picture.click());
    stage.picture.addEventListener("change", () => {
      const file = stage.picture.files?.[0];
      stage.picture.value = "";
      if (file !== undefined) {
        void this.#readPicture(file);
      }
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && stage.state !== "closed") {
        this.#closeForGood();
        stage.toggle.focus();
      }
    });
    // A camera that nobody looks through is off.
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) {
        this.#paused = stage.state !== "closed";
        this.#close();
      } else if (this.#paused) {
        this.#paused = false;
        void this.#open({ unasked: true });
      }
    });
    window.addEventListener("pagehide", () => this.#close());
    window.addEventListener("pageshow", (event) => {
      if (event.persisted) {
        void this.#openUnasked();
      }
    });
    void this.#openUnasked();
  }

  /** Where the permission was given before, the camera is open as soon as the page is. */
  async #openUnasked(): Promise<void> {
    if (!document.hidden && !remembered() && (await mayOpenCamera())) {
      await this.#open({ unasked: true });
    }
  }

  #toggle(): void {
    if (this.stage.state !== "closed") {
      this.#closeForGood();
    } else {
      forget();
      void this.#open({ unasked: false });
    }
  }

  #closeForGood(): void {
    remember();
    this.#close();
  }

  #close(): void {
    this.#attempt += 1;
    this.#session?.camera.close();
    this.#session = null;
    this.stage.video.srcObject = null;
    this.stage.state = "closed";
    this.stage.say("closed");
  }

  async #open({ unasked }: { unasked: boolean }): Promise<void> {
    if (this.stage.state !== "closed") {
      return;
    }
    this.#attempt += 1;
    const attempt = this.#attempt;
    const { stage } = this;
    stage.takeBack();
    stage.state = "opening";
    stage.say("opening");
    // Fetched while the person is asked and the camera wakes up. Whoever waits for it hears of its failure.
    this.#readerOf().catch(() => undefined);
    let camera: Camera | null = null;
    try {
      camera = await openCamera();
      if (attempt === this.#attempt) {
        stage.video.srcObject = camera.stream;
        await stage.video.play();
      }
      if (attempt === this.#attempt) {
        this.#opened(camera);
      } else {
        camera.close();
      }
    } catch (error) {
      camera?.close();
      if (attempt === this.#attempt) {
        this.#close();
        if (!unasked) {
          stage.tell(await problemWithCamera(error));
        }
      }
    }
  }

  #opened(camera: Camera): void {
    const { stage } = this;
    performance.mark("scanner-first-picture");
    const session = { camera, since: performance.now() };
    this.#session = session;
    camera.stream.getVideoTracks()[0]?.addEventListener("ended", () => this.#interrupted(session));
    stage.state = "open";
    stage.torch.hidden = !camera.hasTorch;
    stage.torch.setAttribute("aria-pressed", "false");
    stage.say("looking");
    void this.#look(session);
  }

  #interrupted(session: Session): void {
    if (this.#session === session) {
      this.#close();
      this.stage.tell("interrupted");
    }
  }

  async #switchTorch(): Promise<void> {
    const { torch } = this.stage;
    const lit = torch.getAttribute("aria-pressed") !== "true";
    try {
      await this.#session?.camera.setTorch(lit);
      torch.setAttribute("aria-pressed", String(lit));
    } catch {
      torch.hidden = true; // it was promised, and is not there
    }
  }

  #readerOf(): Promise<CodeReader> {
    this.#reader ??= codeReader(this.addresses);
    return this.#reader;
  }

  /** Picture after picture until one shows a product, as long as this camera is open. */
  async #look(session: Session): Promise<void> {
    const { stage } = this;
    const sightings = new Sightings((text) => judge(text, new Date()));
    let advised = session.since + BEFORE_ADVICE;
    for (let turn = 0; this.#session === session; turn += 1) {
      const begun = performance.now();
      const { videoWidth, videoHeight } = stage.video;
      const frame = this.#frame(stage.video, cropInTurn(turn, videoWidth, videoHeight));
      let seen: Judgement | null;
      try {
        seen = sightings.add(await (await this.#readerOf()).read(frame));
      } catch {
        if (this.#session === session) {
          this.#reader = null;
          this.#close();
          stage.tell("no-reader");
        }
        return;
      }
      if (this.#session !== session) {
        return;
      }
      const now = performance.now();
      if (seen?.accepted === true) {
        this.#found(seen.path);
        return;
      }
      if (seen !== null) {
        stage.tell(seen.problem, { host: seen.host });
        stage.say("looking");
        advised = now + BEFORE_ADVICE;
      } else if (now - session.since > PATIENCE) {
        this.#close();
        stage.say("tired");
        return;
      } else if (now > advised) {
        stage.takeBack();
        stage.say(this.#advice(session));
        advised = now + BETWEEN_ADVICE;
      }
      await sleep(Math.max(0, BETWEEN_PICTURES - (performance.now() - begun)));
    }
  }

  #advice(session: Session): string {
    const { video } = this.stage;
    const crop = cropInTurn(0, video.videoWidth, video.videoHeight);
    const { pixels, width, height } = this.#frame(video, { ...crop, toWidth: 320, toHeight: 320 });
    const advice = adviceFor(greyOf(pixels, width, height));
    return advice === "dark" && session.camera.hasTorch ? "dark-torch" : advice;
  }

  #frame(source: CanvasImageSource, crop: Crop): Frame {
    const canvas = this.#canvas;
    canvas.width = crop.toWidth;
    canvas.height = crop.toHeight;
    const context = canvas.getContext("2d", { willReadFrequently: true });
    if (context === null) {
      throw new Error("This browser gives no picture's pixels.");
    }
    // What is see-through in a chosen picture is paper.
    context.fillStyle = "#fff";
    context.fillRect(0, 0, crop.toWidth, crop.toHeight);
    context.drawImage(source, crop.x, crop.y, crop.width, crop.height, 0, 0, crop.toWidth, crop.toHeight);
    const { data } = context.getImageData(0, 0, crop.toWidth, crop.toHeight);
    return { width: crop.toWidth, height: crop.toHeight, pixels: data };
  }

  #found(path: string): void {
    performance.mark("scanner-code-read");
    const { stage } = this;
    stage.takeBack();
    stage.video.pause();
    stage.state = "found";
    stage.say("found");
    // Before somebody has touched the page, browsers let nothing buzz and complain of the attempt.
    if (navigator.userActivation?.hasBeenActive === true) {
      navigator.vibrate?.(60);
    }
    open(path);
  }

  /** A photo of a code, read here: it goes nowhere. */
  async #readPicture(file: File): Promise<void> {
    const { stage } = this;
    this.#close();
    stage.takeBack();
    stage.say("reading");
    const head = new Uint8Array(await file.slice(0, HEAD).arrayBuffer());
    const problem = problemWithPicture(head, file.size);
    if (problem !== null) {
      this.#refusePicture(problem);
      return;
    }
    let picture: ImageBitmap;
    try {
      picture = await createImageBitmap(file);
    } catch {
      this.#refusePicture(problemWithUnopened(head));
      return;
    }
    try {
      const seen = await this.#codeIn(picture);
      if (seen?.accepted === true) {
        this.#found(seen.path);
      } else {
        this.#refusePicture(seen?.problem ?? "no-code", { host: seen?.host ?? "" });
      }
    } catch {
      this.#reader = null;
      this.#refusePicture("no-reader");
    } finally {
      picture.close();
    }
  }

  async #codeIn(picture: ImageBitmap): Promise<Judgement | null> {
    const reader = await this.#readerOf();
    let best: Judgement | null = null;
    for (const longest of PICTURE_SIZES) {
      const crop = cropOf(0, 0, picture.width, picture.height, longest);
      const codes = await reader.read(this.#frame(picture, crop));
      const seen = mostTelling(codes.map((code) => judge(textOf(code), new Date())));
      best = seen ?? best;
      if (seen?.accepted === true) {
        return seen;
      }
    }
    return best;
  }

  #refusePicture(problem: string, values: Readonly<Record<string, string>> = {}): void {
    this.stage.say("closed");
    this.stage.tell(problem, values);
  }
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Storage throws where the browser forbids it: then nothing is remembered. */
function remembered(): boolean {
  try {
    return sessionStorage.getItem(CLOSED) !== null;
  } catch {
    return false;
  }
}

function remember(): void {
  try {
    sessionStorage.setItem(CLOSED, "1");
  } catch {
    // then it opens by itself again
  }
}

function forget(): void {
  try {
    sessionStorage.removeItem(CLOSED);
  } catch {
    // there is nothing to forget
  }
}

/** The passport, like that of a typed code: whoever scans here wants our page, not where else the brand leads telephones. */
function open(path: string): void {
  const form = document.querySelector<HTMLFormElement>("form[data-code-entry]");
  const field = form?.querySelector<HTMLInputElement>("input[name=code]");
  if (path.startsWith("/01/") && form && field) {
    field.value = location.origin + path;
    form.submit();
  } else {
    location.assign(path);
  }
}
