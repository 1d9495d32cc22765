import { letLinesBeDismissed } from "./dismissible";
import { tellTheTimeZone } from "./fridge";

letLinesBeDismissed(document);
tellTheTimeZone(document);
