import { checkCodesBeforeSending } from "./code_entry";
import { letLinesBeDismissed } from "./dismissible";

checkCodesBeforeSending(document);
letLinesBeDismissed(document);
