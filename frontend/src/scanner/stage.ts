/** What the scanner shows and says. All texts stand in the template, where Django translates them. */

function must<E extends Element>(root: ParentNode, selector: string): E {
  const found = root.querySelector<E>(selector);
  if (found === null) {
    throw new Error(`The scanner's template has no ${selector}.`);
  }
  return found;
}

export type State = "closed" | "opening" | "open" | "found";

export class Stage {
  readonly video: HTMLVideoElement;
  readonly toggle: HTMLButtonElement;
  readonly torch: HTMLButtonElement;
  readonly choose: HTMLButtonElement;
  readonly picture: HTMLInputElement;
  readonly view: HTMLElement;
  readonly #status: HTMLElement;
  readonly #problem: HTMLElement;
  #state: State = "closed";
  #said = "closed";
  #told = "";

  constructor(private readonly root: HTMLElement) {
    this.video = must(root, "[data-video]");
    this.toggle = must(root, "[data-toggle]");
    this.torch = must(root, "[data-torch]");
    this.choose = must(root, "[data-choose]");
    this.picture = must(root, "[data-picture]");
    this.view = must(root, "[data-view]");
    this.#status = must(root, "[data-status]");
    this.#problem = must(root, "[data-problem]");
  }

  get state(): State {
    return this.#state;
  }

  /** The template shows and hides its parts by it. */
  set state(state: State) {
    this.#state = state;
    this.root.dataset["state"] = state;
    this.root.toggleAttribute("data-camera", state !== "closed");
    for (const part of this.root.querySelectorAll<HTMLElement | SVGElement>("[data-in]")) {
      part.toggleAttribute("hidden", !(part.dataset["in"] ?? "").split(" ").includes(state));
    }
  }

  /** How things stand, for who waits. */
  say(message: string): void {
    if (message !== this.#said) {
      this.#said = message;
      this.#status.replaceChildren(this.#text(message));
    }
  }

  /** What went wrong and what to do, until it is taken back; `values` fill the places of that name. */
  tell(problem: string, values: Readonly<Record<string, string>> = {}): void {
    const told = `${problem} ${JSON.stringify(values)}`;
    if (told === this.#told) {
      return;
    }
    this.#told = told;
    const text = this.#text(problem);
    for (const [name, value] of Object.entries(values)) {
      const place = text.querySelector(`[data-value="${name}"]`);
      if (place !== null) {
        place.textContent = value;
      }
    }
    this.#problem.replaceChildren(text);
    this.#problem.hidden = false;
  }

  takeBack(): void {
    this.#told = "";
    this.#problem.hidden = true;
    this.#problem.replaceChildren();
  }

  #text(name: string): DocumentFragment {
    const template = must<HTMLTemplateElement>(this.root, `template[data-text="${name}"]`);
    return document.importNode(template.content, true);
  }
}
