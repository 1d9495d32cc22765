import { letLinesBeDismissed } from "./dismissible";
import { tellTheTimeZone } from "./fridge";
import { letSectionsLoad } from "./sections";

letLinesBeDismissed(document);
tellTheTimeZone(document);
letSectionsLoad(document);
