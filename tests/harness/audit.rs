//! Audits of a page: the accessibility rules of axe-core, layout shifts, and the width of the screen.

use serde_json::{Value, json};

use crate::browser::Browser;
use crate::npm;

/// A script that sums layout shifts from the first moment on. Shifts after input count too: a chart must answer without moving the page.
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

/// A script that runs axe over the document and every open shadow root in it.
const AUDIT: &str = "\
const [tags] = arguments;
const options = { preload: false, resultTypes: ['violations'] };
if (tags.length) options.runOnly = { type: 'tag', values: tags };
const { violations } = await axe.run(document, options);
return violations.flatMap(({ id, help, nodes }) => nodes.map(({ target, html, failureSummary }) =>
  `${id}: ${help}\\n  at ${target.flat().join(' >>> ')}\\n  ${html.slice(0, 200)}\\n  ${failureSummary.replaceAll('\\n', ' ')}`));";

/// The axe tags of the rules of WCAG 2.2, levels A and AA.
pub const WCAG: [&str; 6] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"];

impl Browser {
    /// Returns the violations that axe-core finds on the page, each with rule, place and reason. With tags, only the rules of these
    /// tags are checked; otherwise all rules except the experimental ones.
    ///
    /// # Panics
    /// When axe-core is not installed.
    pub fn violations(&self, tags: &[&str]) -> Vec<String> {
        // axe is not loaded by a `<script>`, because the page's Content-Security-Policy would forbid it.
        self.value(&npm::file("axe-core/axe.min.js"));
        let found = self.run(AUDIT, vec![json!(tags)]);
        let found = found.as_array().cloned().unwrap_or_default();
        found.iter().map(|one| one.as_str().unwrap_or_default().to_owned()).collect()
    }

    /// Watches for layout shifts on every page that is opened from now on.
    pub fn watch_for_shifts(&self) {
        self.run_first(WATCH);
    }

    /// Returns how far things have moved since the page was opened, as Chromium's cumulative layout shift, and which things
    /// moved.
    pub fn shifted(&self) -> (f64, Vec<Value>) {
        // A shift is reported one frame after the frame that shows it, so the script waits for two frames.
        let told = "return await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => \
                    setTimeout(() => done(globalThis.movedOnThisPage)))));";
        let moved = self.run(told, Vec::new());
        let sum = moved["sum"].as_f64().unwrap_or_else(|| panic!("the page is not watched for shifts"));
        (sum, moved["what"].as_array().cloned().unwrap_or_default())
    }

    /// Fails when a reader has to scroll the page sideways on a screen of this width.
    ///
    /// # Panics
    /// When the page is wider.
    pub fn assert_fits(&self, width: u32) {
        let wide = self.value("document.documentElement.scrollWidth");
        let fits = wide.as_u64().is_some_and(|wide| wide <= u64::from(width));
        assert!(fits, "{} is {wide} wide on a screen of {width}", self.text("location.href"));
    }
}
