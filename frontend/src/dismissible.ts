const PREFIX = "packytrace.dismissed.";

/** Storage throws where the browser forbids it (private windows, blocked site data): then nothing is remembered. */
function remembered(key: string): boolean {
  try {
    return localStorage.getItem(PREFIX + key) !== null;
  } catch {
    return false;
  }
}

function remember(key: string): boolean {
  try {
    localStorage.setItem(PREFIX + key, "1");
    return true;
  } catch {
    return false;
  }
}

/**
 * Lines that can be sent away for good on this device. A button that works by this script alone is shown only by it, so
 * that without it nobody sees a button that does nothing. One that sends a form sends it where nothing else remembers.
 */
export function letLinesBeDismissed(root: ParentNode): void {
  for (const line of root.querySelectorAll<HTMLElement>("[data-dismissible]")) {
    const key = line.dataset["dismissible"] ?? "";
    const button = line.querySelector<HTMLButtonElement>("button[data-dismiss]");
    if (remembered(key)) {
      line.hidden = true;
    } else if (button !== null) {
      button.hidden = false;
      button.addEventListener("click", (event) => {
        if (remember(key)) {
          event.preventDefault();
        }
        line.hidden = true;
      });
    }
  }
}
