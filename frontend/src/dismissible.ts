const PREFIX = "packytrace.dismissed.";

/** Storage throws where the browser forbids it (private windows, blocked site data): then nothing is remembered. */
function remembered(key: string): boolean {
  try {
    return localStorage.getItem(PREFIX + key) !== null;
  } catch {
    return false;
  }
}

function remember(key: string): void {
  try {
    localStorage.setItem(PREFIX + key, "1");
  } catch {
    // The line is gone from this page at least.
  }
}

/**
 * Lines that can be sent away for good on this device. The button is shown only by this script, so that without it
 * nobody sees a button that does nothing.
 */
export function letLinesBeDismissed(root: ParentNode): void {
  for (const line of root.querySelectorAll<HTMLElement>("[data-dismissible]")) {
    const key = line.dataset["dismissible"] ?? "";
    const button = line.querySelector<HTMLButtonElement>("button[data-dismiss]");
    if (remembered(key)) {
      line.hidden = true;
    } else if (button !== null) {
      button.hidden = false;
      button.addEventListener("click", () => {
        remember(key);
        line.hidden = true;
      });
    }
  }
}
