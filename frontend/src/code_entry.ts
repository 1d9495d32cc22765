import { identify } from "./gs1/digital_link";

export type CodeProblem = "empty" | "length" | "check-digit";

/**
 * What a person can put right before anything is sent, or null. Whatever else is wrong with a code the server's page
 * says in full; it is also the one that knows our pages' own addresses.
 */
export function problemWith(text: string, today: Date): CodeProblem | null {
  if (text.trim() === "") {
    return "empty";
  }
  const identified = identify(text, today);
  switch (identified.ok ? "" : identified.code) {
    case "gtin_length":
    case "gtin_length_in_link":
      return "length";
    case "gtin_check_digit":
      return "check-digit";
    default:
      return null;
  }
}

function messageFor(form: HTMLFormElement, problem: CodeProblem): string {
  // The sentences are written in the template, where Django translates them.
  return form.getAttribute(`data-message-${problem}`) ?? "";
}

/**
 * Tells about a mistyped code beside the field and keeps the form from being sent. Without this script the form is
 * sent as it is and the server's page says the same.
 */
export function checkCodesBeforeSending(root: ParentNode): void {
  for (const form of root.querySelectorAll<HTMLFormElement>("form[data-code-entry]")) {
    const field = form.querySelector<HTMLInputElement>("input[name=code]");
    const line = form.querySelector<HTMLElement>("[data-problem]");
    if (field === null || line === null) {
      continue;
    }
    const show = (problem: CodeProblem | null): void => {
      line.hidden = problem === null;
      line.textContent = problem === null ? "" : messageFor(form, problem);
      if (problem === null) {
        field.removeAttribute("aria-invalid");
      } else {
        field.setAttribute("aria-invalid", "true");
      }
    };
    form.noValidate = true;
    form.addEventListener("submit", (event) => {
      const problem = problemWith(field.value, new Date());
      show(problem);
      if (problem !== null) {
        event.preventDefault();
        field.focus();
      }
    });
    field.addEventListener("input", () => {
      // While someone corrects the code, only good news is worth interrupting for.
      if (!line.hidden && problemWith(field.value, new Date()) === null) {
        show(null);
      }
    });
  }
}
