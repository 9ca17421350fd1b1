//! A chart that is read: by mouse and finger, aloud, as a table, over other years, and when the network is gone.

use e2e::audit::WCAG;
use e2e::service::Service;
use e2e::{html, wait_for};
use serde_json::json;

use crate::charts::chart_reader::{PLOT, Reader, TOLD};

/// Nine years of one series.
const SERIES: &str = "by=year&statute=IND-IPC-124A&outcome=registered&measure=cases";
/// Several series, which are told apart by a legend.
const SEVERAL: &str = "by=year,outcome&statute=IND-UAPA&measure=cases";

fn control(name: &str) -> String {
    format!("all('button[name={name}]')[0]")
}

#[test]
fn the_mouse_reads_the_figure_under_it() {
    let reader = Reader::open(SERIES, "");
    let (x, y) = reader.place(PLOT);
    reader.browser.point_at(x, y);
    wait_for("a figure to be told", || reader.tip().contains("cases").then_some(()));
    let mut seen = vec![reader.tip()];
    for step in -44_i32..=44 {
        reader.browser.point_at(x + f64::from(step) * 10.0, y);
        let tip = reader.tip();
        // Beside the plot there is nothing to tell.
        if tip.is_empty() || seen.last() == Some(&tip) {
            continue;
        }
        seen.push(tip);
        let inside = "(({ left, right, top, bottom }, own) => left >= own.left - 1 && right <= own.right + 1 && \
                      top >= own.top - 1 && bottom <= own.bottom + 1)\
                      (all('[part=tooltip]')[0].getBoundingClientRect(), chart.getBoundingClientRect())";
        assert_eq!(reader.value(inside), true, "what is told stays inside the chart");
    }
    for (year, cases) in [("2014", "47"), ("2018", "70"), ("2022", "20")] {
        assert!(
            seen.iter().any(|tip| tip.contains(year) && tip.contains(cases)),
            "no {cases} of {year} in {seen:#?}"
        );
    }
    // Where sources disagree, the other figure is told too.
    assert!(seen.iter().any(|tip| tip.contains("70") && tip.contains("75")), "{seen:#?}");
    reader.browser.screenshot("reading-mouse-1000", 1000);
    reader.browser.point_at(2.0, 2.0);
    wait_for("the figure to go", || reader.tip().is_empty().then_some(()));
    reader.assert_well("read with the mouse");
}

#[test]
fn a_finger_reads_figures_and_does_not_move_the_page() {
    let reader = Reader::open(SERIES, "");
    let (x, y) = reader.place(PLOT);
    reader.browser.tap_at(x, y);
    wait_for("a figure to be told", || (!reader.tip().is_empty()).then_some(()));
    let first = reader.tip();
    reader.browser.tap_at(x + 250.0, y);
    wait_for("another figure to be told", || {
        (reader.tip() != first && !reader.tip().is_empty()).then_some(())
    });
    reader.assert_well("read with a finger");
    reader.browser.tap_at(5.0, 5.0);
    wait_for("the figure to go", || reader.tip().is_empty().then_some(()));
}

#[test]
fn a_share_never_stands_without_what_it_is_a_share_of() {
    let shares = "by=outcome&statute=THA-CC-112&measure=persons&share=outcome";
    for (query, kind, told) in [
        (shares, "horizontal", "50%, n = 2 (95% interval: 9.5% to 90.5%)"),
        ("by=country,outcome&country=THA&measure=persons", "share", "50%, n = 2"),
    ] {
        let reader = Reader::of("documented-cases", query, &format!("type=\"{kind}\""));
        reader.value(&format!("{PLOT}.focus()"));
        reader.browser.press("Home");
        wait_for("a share to be told", || reader.tip().contains('%').then_some(()));
        assert!(reader.tip().contains("1 person") && reader.tip().contains(told), "{}", reader.tip());
        wait_for("it to be said", || reader.text(TOLD).contains(told).then_some(()));
        if query == shares {
            reader.click(&control("table"));
            reader.wait("!!all('[part=table] table')[0]");
            let table = reader.text("all('[part=table]')[0].innerText");
            assert_eq!(table.matches("50%, n = 2").count(), 2, "{table}");
        }
        reader.assert_well(kind);
    }
    // The explorer, for those who have no script, and those who see no picture.
    let service = Service::start();
    let page = service
        .text("/statutes/THA-CC-112?dataset=documented-cases&by=outcome&measure=persons&share=outcome");
    let told = "50.0% (n = 2; 95 % interval 9.5 to 90.5%)";
    let table = html::inside(&page, "table", "");
    assert_eq!(table.matches(told).count(), 2, "{table}");
    let alt = html::attributes(&page, "alt").into_iter().find(|alt| alt.contains("Convicted"));
    assert!(alt.as_ref().is_some_and(|alt| alt.contains(&format!("Convicted: {told}."))), "{alt:?}");
    service.assert_log_clean();
}

#[test]
fn the_table_has_every_figure_with_its_source() {
    let reader = Reader::open(SERIES, "");
    reader.click(&control("table"));
    reader.wait("!!all('[part=table] table')[0]");
    let table = reader.text("all('[part=table]')[0].innerText");
    for word in
        ["2014", "47", "2018", "70", "75", "2022", "20", "National Crime Records Bureau", "A missing year"]
    {
        assert!(table.contains(word), "no {word} in {table}");
    }
    assert_eq!(reader.value("all('[part=table] tbody tr').length"), 9);
    assert_eq!(reader.value("all('[part=table] a').every((link) => link.href.startsWith('https://'))"), true);
    reader.browser.screenshot("reading-table-1000", 1000);
    reader.assert_well("as a table");
    reader.click(&control("table"));
    reader.wait("!all('[part=table] table')[0]");
}

#[test]
fn a_name_in_the_legend_switches_its_series_off_and_on() {
    let reader = Reader::open(SEVERAL, "");
    let drawn = "all('svg').map((one) => one.outerHTML).find((one) => one.includes('<title'))";
    let whole = reader.text(drawn);
    let names = "all('[role=group] button[aria-pressed]')";
    assert!(reader.value(&format!("{names}.length")).as_u64() > Some(2));
    reader.click(&format!("{names}[0]"));
    reader.wait(&format!("{names}[0].ariaPressed === 'false'"));
    reader.wait(&format!("{drawn} !== {}", json!(whole)));
    reader.browser.screenshot("reading-legend-1000", 1000);
    reader.assert_well("without a series");
    // The keyboard does the same, and the focus stays.
    reader.browser.press("Enter");
    reader.wait(&format!("{names}[0].ariaPressed === 'true'"));
    assert_eq!(reader.text(drawn), whole);
}

#[test]
fn other_years_can_be_chosen_and_all_come_back() {
    let reader = Reader::open(SERIES, "");
    reader.value("(chart.addEventListener('statute-chart-range', ({ detail }) => { globalThis.range = detail; }), true)");
    reader.click(&control("years"));
    reader.wait("all('[part=panel] select').length === 2");
    reader.browser.screenshot("reading-years-1000", 1000);
    reader.assert_well("while years are chosen");
    reader.value(
        "(([from]) => { from.value = 2018; from.dispatchEvent(new Event('change', { bubbles: true })); return true; })\
         (all('[part=panel] select'))",
    );
    reader.browser.wait_until("globalThis.range?.from === '2018'");
    let texts = "all('svg text').map((one) => one.textContent)";
    reader.wait(&format!("{texts}.includes('2018') && !{texts}.includes('2014')"));
    reader.browser.press("Escape");
    reader.wait("!all('[part=panel]')[0]");
    reader.click(&control("all"));
    reader.wait(&format!("{texts}.includes('2014')"));
    reader.assert_well("with all years again");
}

#[test]
fn a_panel_takes_the_focus_and_gives_it_back() {
    let reader = Reader::open(SERIES, "");
    for name in ["years", "download", "cite"] {
        reader.click(&control(name));
        reader.wait(
            "!!all('[part=panel]')[0] && all('[part=panel]')[0].contains(chart.shadowRoot.activeElement)",
        );
        reader.browser.screenshot(&format!("reading-{name}-1000"), 1000);
        reader.assert_well(name);
        reader.browser.press("Escape");
        reader.wait("!all('[part=panel]')[0]");
        assert_eq!(reader.text("chart.shadowRoot.activeElement?.name"), name, "the focus comes back");
    }
    reader.click(&control("cite"));
    let citation = reader.text("all('[part=panel]')[0].innerText");
    for word in ["Chargesheet", "124A", "releases/"] {
        assert!(citation.contains(word), "no {word} in {citation}");
    }
}

#[test]
fn a_file_is_made_in_the_page_and_nobody_is_told() {
    let reader = Reader::open(SERIES, "");
    reader.browser.value(
        "globalThis.saved = []; HTMLAnchorElement.prototype.click = function () { saved.push([this.download, this.href]); }; true",
    );
    reader.click(&control("download"));
    reader.wait("all('[part=panel] a').length >= 3");
    reader.browser.sent();
    for ending in ["svg", "csv", "png"] {
        reader.click(&format!("all('[part=panel] a').find((link) => link.pathname.endsWith('.{ending}'))"));
        reader.browser.wait_until(&format!("saved.some(([name]) => name.endsWith('.{ending}'))"));
    }
    assert_eq!(reader.browser.requests(), Vec::<String>::new());
    let made = reader.browser.run(
        "const [, address] = saved.find(([name]) => name.endsWith('.csv')); return await (await fetch(address)).text();",
        Vec::new(),
    );
    let served = reader.service.text(&format!("/v1/datasets/reported-figures/aggregate.csv?{SERIES}"));
    assert_eq!(
        made.as_str().unwrap_or_default().trim_start_matches('\u{feff}').trim_end(),
        served.trim_end()
    );
}

#[test]
fn a_chart_without_network_says_so_and_comes_when_it_is_back() {
    let reader = Reader::open(SERIES, "");
    reader.browser.go_offline(true);
    let other = format!("{}/v1/datasets/reported-figures/aggregate.json?{SEVERAL}", reader.service.base);
    reader.value(&format!("(chart.src = {}, true)", json!(other)));
    let told = "all('[role=status]')[0]?.textContent";
    wait_for("the reader to be told", || (!reader.text(told).is_empty()).then_some(()));
    reader.browser.screenshot("reading-offline-1000", 1000);
    let found = reader.browser.violations(&WCAG);
    assert!(found.is_empty(), "offline: {found:#?}");
    reader.browser.go_offline(false);
    // The browser itself tells the page, or the reader tries again.
    let again = "all('button').find((one) => one.closest('[part=status], .notice'))";
    if reader.value(&format!("!!({again})")) == json!(true) {
        reader.click(again);
    }
    reader.wait("all('svg text').some((one) => one.textContent.includes('Unlawful Activities'))");
}

#[test]
fn a_plain_chart_has_no_controls_and_keeps_its_source() {
    let reader = Reader::open(SERIES, "plain");
    assert_eq!(reader.value("all('button').length"), 0);
    let texts = reader.text("all('svg text').map((one) => one.textContent).join(' ')");
    assert!(texts.contains("Source"), "{texts}");
    reader.browser.screenshot("reading-plain-1000", 1000);
    reader.assert_well("plain");
}

#[test]
fn colours_that_the_reader_forces_and_motion_that_they_refuse_are_respected() {
    let reader = Reader::open(SEVERAL, "");
    reader.browser.emulate("", &[("forced-colors", "active"), ("prefers-reduced-motion", "reduce")]);
    reader.browser.wait_until("matchMedia('(forced-colors: active)').matches");
    reader.click(&control("cite"));
    reader.wait("!!all('[part=panel]')[0]");
    reader.browser.screenshot("reading-forced-colors-1000", 1000);
    let moving = "chart.shadowRoot.getAnimations().filter(({ playState }) => playState === 'running').length";
    assert_eq!(reader.value(moving), 0);
    reader.browser.assert_console_clean();
}
