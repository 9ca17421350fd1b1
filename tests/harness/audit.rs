//! What can be measured of a page's manners: the rules of axe-core, and whether anything moves.

use serde_json::{Value, json};

use crate::browser::Browser;
use crate::npm;

/// Sums what moved, from the first moment on. Input excuses nothing: a chart answers without moving the page.
const WATCH: &str = "\
globalThis.movedOnThisPage = { sum: 0, what: [] };
new PerformanceObserver((list) => {
  for (const shift of list.getEntries()) {
    movedOnThisPage.sum += shift.value;
    for (const { node, previousRect, currentRect } of shift.sources) {
      const rect = ({ x, y, width, height }) => [x, y, width, height].map(Math.round).join(' ');
      movedOnThisPage.what.push(`${node?.nodeName} from ${rect(previousRect)} to ${rect(currentRect)}`);
    }
  }
}).observe({ type: 'layout-shift', buffered: true });";

/// Runs axe over the document and every open shadow root in it.
const AUDIT: &str = "\
const [tags] = arguments;
const options = { preload: false, resultTypes: ['violations'] };
if (tags.length) options.runOnly = { type: 'tag', values: tags };
const { violations } = await axe.run(document, options);
return violations.flatMap(({ id, help, nodes }) => nodes.map(({ target, html, failureSummary }) =>
  `${id}: ${help}\\n  at ${target.flat().join(' >>> ')}\\n  ${html.slice(0, 200)}\\n  ${failureSummary.replaceAll('\\n', ' ')}`));";

/// The rules of WCAG 2.2, levels A and AA, by axe's tags.
pub const WCAG: [&str; 6] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"];

impl Browser {
    /// Returns what axe-core finds wrong with the page by the rules of some tags, or by all of its rules but the
    /// experimental ones: the rule, where, and why.
    ///
    /// # Panics
    /// When axe-core is not installed.
    pub fn violations(&self, tags: &[&str]) -> Vec<String> {
        // Not as a `<script>` of the page: its policy would forbid it.
        self.value(&npm::file("axe-core/axe.min.js"));
        let found = self.run(AUDIT, vec![json!(tags)]);
        let found = found.as_array().cloned().unwrap_or_default();
        found.iter().map(|one| one.as_str().unwrap_or_default().to_owned()).collect()
    }

    /// Watches every page that is opened from now on for things that move.
    pub fn watch_for_shifts(&self) {
        self.run_first(WATCH);
    }

    /// Returns how far things moved on this page since it was opened, as Chromium's cumulative layout shift, and what
    /// moved.
    pub fn shifted(&self) -> (f64, Vec<Value>) {
        // A shift is told with the frame after the one that it was painted in.
        let told = "return await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => \
                    setTimeout(() => done(globalThis.movedOnThisPage)))));";
        let moved = self.run(told, Vec::new());
        let sum = moved["sum"].as_f64().unwrap_or_else(|| panic!("the page is not watched for shifts"));
        (sum, moved["what"].as_array().cloned().unwrap_or_default())
    }
}
