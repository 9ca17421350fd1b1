//! The builder in its window: its steps in the history, what is in sight, and what it says where there is no chart.

use e2e::drawing::DRAWN;
use e2e::html;
use e2e::service::Service;
use serde_json::json;

use crate::charts::builder::{COMPARED, Editor};

#[test]
fn each_choice_is_a_step_back_and_the_letters_of_a_field_are_one() {
    let service = Service::start();
    let editor = Editor::at(&service, "/charts/new?dataset=reported-figures&statute=IND-IPC-124A");
    let steps = || editor.browser.value("history.length").as_u64().unwrap_or_default();
    let begun = steps();
    let registered = "document.querySelector('input[name=outcome][value=registered]')";
    editor.click(registered);
    editor.until("outcome=registered");
    // Each letter is shown before the next is typed.
    for (letter, title) in [("T", "title=T"), ("w", "title=Tw"), ("o", "title=Two")] {
        editor.write("title", letter, false);
        editor.until(title);
    }
    assert_eq!(steps(), begun + 2);
    let is_as = |title: &str, is_registered: bool| {
        editor.browser.wait_until(&format!(
            "document.getElementById('title').value === '{title}' && {registered}.checked === {is_registered} \
             && document.querySelector('statute-chart').getAttribute('src').includes('registered') === {is_registered} \
             && (document.querySelector('statute-chart').getAttribute('title') ?? '') === '{title}'"
        ));
    };
    is_as("Two", true);
    for (go, title, is_registered) in
        [("back", "", true), ("back", "", false), ("forward", "", true), ("forward", "Two", true)]
    {
        editor.browser.value(&format!("history.{go}()"));
        is_as(title, is_registered);
    }
    assert_eq!(steps(), begun + 2, "going back is no step");
    editor.browser.assert_console_clean();
    service.assert_log_clean();
}

#[test]
fn the_page_alone_scrolls_and_nothing_that_is_copied_stays_behind_the_chart() {
    let service = Service::start();
    for (width, height) in [(1440, 900), (1366, 768)] {
        // A chart of the usual height, and a higher one.
        for more in ["", "&outcome=registered,charged,convicted,acquitted&type=multiples"] {
            let editor = Editor::at(&service, &format!("{COMPARED}{more}"));
            editor.browser.resize(width, height);
            editor.browser.wait_until(DRAWN);
            let scrollers = "[...document.querySelectorAll('.shown, .shown .preview, [data-part=copies]')]\
                             .filter((own) => getComputedStyle(own).overflowY !== 'visible').length";
            assert_eq!(editor.browser.value(scrollers), 0);
            for copied in ["html", "frame", "address", "picture", "file", "data"] {
                let summary = format!("document.querySelector('#copies-{copied} summary')");
                // From the end of the page, where all of it has moved away.
                editor.browser.value("scrollTo(0, document.documentElement.scrollHeight)");
                editor.browser.value(&format!("{summary}.focus()"));
                editor.browser.wait_until(&format!(
                    "(({{ left, top }}) => document.elementFromPoint(left + 20, top + 5) === {summary})\
                     ({summary}.getBoundingClientRect())"
                ));
            }
            let rows = editor.browser.value("document.getElementById('copy-html').rows");
            assert_eq!(rows, json!(3));
        }
    }
    service.assert_log_clean();
}

#[test]
fn where_there_is_no_chart_the_builder_does_not_say_that_nothing_is_chosen() {
    let service = Service::start();
    let nothing = |address: &str| html::inside(&service.text(address), "p", "class=\"nothing\"");
    assert!(nothing("/charts/new").contains("once a statute is chosen"));
    let refused = nothing("/charts/new?dataset=documented-cases&statute=IND-IPC-124A,TUR-TCK-299");
    assert!(refused.contains("No chart can be made of these choices."), "{refused}");
    // Nor is the way there offered.
    let page = service.text("/charts/new?dataset=reported-figures&statute=IND-IPC-124A,TUR-TCK-299");
    let datasets = html::inside(&page, "select", "id=\"dataset\"");
    for dataset in ["documented-cases", "russian-courts"] {
        let option = datasets.split("<option ").find(|own| own.contains(dataset)).expect("the dataset");
        assert!(option.contains(" disabled"), "{option}");
        assert!(option.contains("There are no figures for this."), "{option}");
    }
    service.assert_log_clean();
}

#[test]
fn the_note_on_flat_series_leads_to_small_multiples() {
    let service = Service::start();
    let page = service.text(
        "/charts/new?dataset=reported-figures&outcome=registered&measure=cases&statute=KAZ-CC-EXTREMISM,KAZ-CC-274&type=line",
    );
    let notes = html::inside(&page, "div", "data-part=\"notes\"");
    let way = html::attributes(&notes, "href").pop().expect("a link").replace("&#38;", "&");
    let way = way.replace("&amp;", "&");
    assert!(way.contains("&type=multiples&axis=free"), "{way}");
    assert!(!service.text(&way).contains("lie flat"), "{way}");
    service.assert_log_clean();
}
