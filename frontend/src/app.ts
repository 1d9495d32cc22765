import { checkCodesBeforeSending } from "./code_entry";
import { letLinesBeDismissed } from "./dismissible";
import { tellTheTimeZone } from "./fridge";

checkCodesBeforeSending(document);
letLinesBeDismissed(document);
tellTheTimeZone(document);
