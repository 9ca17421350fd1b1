//! A reader of one chart: what they see, point at, press and hear.

use e2e::audit::WCAG;
use e2e::browser::Browser;
use e2e::partner::{Page, Partner};
use e2e::service::Service;

/// The plot, which takes the keyboard and the pointer.
pub const PLOT: &str = "all('[role=slider]')[0]";

/// What a screen reader tells: the value of the plot.
pub const TOLD: &str = "chart.shadowRoot.querySelector('[role=slider]').ariaValueText";

/// Gives an expression `chart`, and `all(selector)` of what is visible in its shadow.
pub fn scoped(expression: &str) -> String {
    format!(
        "((chart) => {{ const all = (selector) => [...(chart.shadowRoot?.querySelectorAll(selector) ?? [])]\
         .filter((one) => one.checkVisibility({{ visibilityProperty: true }})); return {expression}; }})\
         (document.querySelector('statute-chart'))"
    )
}

/// A page of a partner with one chart, open in a browser of its own.
pub struct Reader {
    pub service: Service,
    pub browser: Browser,
    pub _partner: Partner,
}

impl Reader {
    pub fn open(query: &str, attributes: &str) -> Self {
        Self::of("reported-figures", query, &format!("type=\"line\" {attributes}"))
    }

    pub fn of(dataset: &str, query: &str, attributes: &str) -> Self {
        let service = Service::start();
        let body = format!(
            "<statute-chart src=\"{0}/v1/datasets/{dataset}/aggregate.json?{1}\" {attributes}>\
             </statute-chart>\n<script type=\"module\" src=\"{0}/widget/statute-chart.js\"></script>",
            service.base,
            query.replace('&', "&amp;")
        );
        let partner = Partner::start(vec![Page::html("/news", &body)]);
        let browser = Browser::start();
        browser.watch_for_shifts();
        browser.resize(1000, 900);
        browser.open(&format!("{}/news", partner.base));
        let reader = Self { service, browser, _partner: partner };
        reader.wait("!!all('.drawing svg')[0]");
        // Nothing that is done later may move the page.
        reader.browser.value("movedOnThisPage.sum = 0; movedOnThisPage.what = []; true");
        reader
    }

    /// Evaluates a scoped expression.
    pub fn value(&self, expression: &str) -> serde_json::Value {
        self.browser.value(&scoped(expression))
    }

    pub fn wait(&self, expression: &str) {
        self.browser.wait_until(&scoped(expression));
    }

    pub fn text(&self, expression: &str) -> String {
        self.value(expression).as_str().unwrap_or_default().to_owned()
    }

    pub fn tip(&self) -> String {
        self.text("all('[part=tooltip]')[0]?.textContent")
    }

    /// Where the middle of something in the shadow is, in the window.
    pub fn place(&self, element: &str) -> (f64, f64) {
        self.browser.middle_of(&scoped(element))
    }

    pub fn click(&self, element: &str) {
        self.browser.click(&scoped(element));
    }

    /// Fails when anything moved, was complained of, or is against the standard.
    pub fn assert_well(&self, state: &str) {
        let found = self.browser.violations(&WCAG);
        assert!(found.is_empty(), "{state}: {found:#?}");
        let (sum, moved) = self.browser.shifted();
        assert!(sum == 0.0, "{state} moved by {sum}: {moved:#?}");
        self.browser.assert_console_clean();
        self.service.assert_log_clean();
    }
}
