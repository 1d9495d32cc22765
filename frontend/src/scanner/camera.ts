/** The camera of a device: opening it, its light, and why it does not open. */

export type CameraProblem = "insecure" | "unsupported" | "refused" | "dismissed" | "no-camera" | "in-use" | "interrupted";

type Torch = MediaTrackCapabilities & { torch?: boolean };

export interface Camera {
  stream: MediaStream;
  hasTorch: boolean;
  setTorch(lit: boolean): Promise<void>;
  close(): void;
}

/** Whether this page may use the camera without asking; false where the browser does not tell. */
export async function mayOpenCamera(): Promise<boolean> {
  return (await permission()) === "granted" && navigator.mediaDevices !== undefined;
}

async function permission(): Promise<PermissionState | null> {
  try {
    return (await navigator.permissions.query({ name: "camera" as PermissionName })).state;
  } catch {
    return null; // a browser that knows no such permission, or no permissions at all
  }
}

/** Rejects with what `navigator.mediaDevices` rejects with: `problemWithCamera` says what that means. */
export async function openCamera(): Promise<Camera> {
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: false,
    // On a phone the camera at the back; elsewhere there may be only one, which looks at the person.
    video: { facingMode: { ideal: "environment" }, width: { ideal: 1920 }, height: { ideal: 1080 } },
  });
  const [track] = stream.getVideoTracks();
  const capabilities: Torch = track?.getCapabilities?.() ?? {};
  return {
    stream,
    hasTorch: capabilities.torch === true,
    setTorch: async (lit) => track?.applyConstraints({ advanced: [{ torch: lit } as MediaTrackConstraintSet] }),
    close: () => stream.getTracks().forEach((each) => each.stop()),
  };
}

/** Why the camera did not open: W3C Media Capture and Streams, 10.2. */
export async function problemWithCamera(error: unknown): Promise<CameraProblem> {
  if (!window.isSecureContext) {
    return "insecure";
  }
  if (navigator.mediaDevices === undefined) {
    return "unsupported";
  }
  return problemNamed(error instanceof DOMException ? error.name : "", await permission());
}

export function problemNamed(name: string, state: PermissionState | null): CameraProblem {
  switch (name) {
    case "NotAllowedError":
    case "SecurityError":
      // Who only closed the question can be asked again; who said no must find where to take it back.
      return state === "prompt" ? "dismissed" : "refused";
    case "NotFoundError":
    case "OverconstrainedError":
      return "no-camera";
    default:
      return "in-use";
  }
}
