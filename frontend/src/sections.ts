// Sections of a page that load on their own: one that waits says in htmx's words where to ask and when. htmx itself has
// fifty times the bytes of this, and stays on the pages of signed-in people.

/** Lets every section that waits inside a root come. */
export function letSectionsLoad(root: Document): void {
  const waiting = [...root.querySelectorAll<HTMLElement>('[hx-get][hx-trigger^="load"]')];
  const stream = waiting.find((section) => section.dataset["stream"])?.dataset["stream"];
  if (stream === undefined || !("EventSource" in window)) {
    waiting.forEach(askAgain);
    return;
  }
  const streamed = waiting.filter((section) => section.dataset["section"] !== undefined);
  waiting.filter((section) => !streamed.includes(section)).forEach(askAgain);
  const events = new EventSource(stream);
  // Without a stream, or once it has ended, what still waits is asked for piece by piece.
  const end = (): void => {
    events.close();
    streamed.filter((section) => section.isConnected).forEach(askAgain);
  };
  events.addEventListener("error", end);
  events.addEventListener("end", end);
  for (const section of streamed) {
    events.addEventListener(section.dataset["section"] ?? "", (event) => {
      if (section.isConnected) show(section, (event as MessageEvent<string>).data);
    });
  }
}

function askAgain(section: HTMLElement): void {
  const pause = Number(/delay:(\d+)ms/.exec(section.getAttribute("hx-trigger") ?? "")?.[1] ?? 1000);
  setTimeout(() => void ask(section), pause);
}

async function ask(section: HTMLElement): Promise<void> {
  const address = section.getAttribute("hx-get");
  if (address === null) return;
  try {
    const answer = await fetch(address, { headers: { "HX-Request": "true" } });
    if (!answer.ok) throw new Error(String(answer.status));
    show(section, await answer.text());
  } catch {
    // Offline, or too many questions: the page's own link asks again.
    section.removeAttribute("aria-busy");
    section.querySelectorAll("noscript").forEach((hidden) => {
      hidden.insertAdjacentHTML("afterend", hidden.textContent ?? "");
    });
  }
}

/** Puts what the server says, which is our own HTML, in the place of what waited. */
function show(section: HTMLElement, html: string): void {
  const template = document.createElement("template");
  template.innerHTML = html;
  const [first] = template.content.children;
  const opens = first instanceof HTMLElement ? first.dataset["opens"] : undefined;
  if (opens?.startsWith("/")) {
    location.replace(opens);
    return;
  }
  const fresh = [...template.content.children];
  section.replaceWith(template.content);
  for (const element of fresh) {
    if (element instanceof HTMLElement && element.hasAttribute("hx-get")) askAgain(element);
  }
}
