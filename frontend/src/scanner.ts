// For the page with the scanner: the camera, a picture of a code, the typed code and what was scanned last.
import { checkCodesBeforeSending } from "./code_entry";
import { showRecentScans } from "./scanner/recent";
import { Scanner } from "./scanner/scanner";
import { Stage } from "./scanner/stage";

checkCodesBeforeSending(document);
const root = document.querySelector<HTMLElement>("[data-scanner]");
if (root !== null) {
  new Scanner(new Stage(root), { worker: root.dataset["worker"] ?? "", wasm: root.dataset["wasm"] ?? "" }).start();
}
const recent = document.querySelector<HTMLElement>("[data-recent-scans]");
if (recent !== null) {
  void showRecentScans(recent);
}
