// For pages where a code is typed and nothing else is scanned.
import { checkCodesBeforeSending } from "./code_entry";

checkCodesBeforeSending(document);
