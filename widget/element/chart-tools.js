// The tools of a chart: what its buttons open. They are loaded when a reader uses the first of them.
//
// What these modules take from those of the chart is handed to them when they are made, so the page has it once.

import { yearsPanel } from "./years.js";
import { tablePanel } from "./table.js";
import { downloadPanel } from "./download.js";
import { citePanel, newerPanel } from "./cite.js";
import { sharePanel } from "./share.js";
import { TOOLS_STYLE } from "./tools-style.js";

/** What each button opens, and how it looks. */
export const tools = { years: yearsPanel, table: tablePanel, download: downloadPanel, cite: citePanel, newer: newerPanel, share: sharePanel, style: TOOLS_STYLE };
