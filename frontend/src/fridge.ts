/**
 * Where days begin is asked of the browser: a household that is made with this form counts its days there. Without
 * this script the language of the page is the guess.
 */
export function tellTheTimeZone(root: ParentNode): void {
  for (const field of root.querySelectorAll<HTMLInputElement>("input[data-zone]")) {
    field.value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
  }
}
