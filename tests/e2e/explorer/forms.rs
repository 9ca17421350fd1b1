//! The form of a page offers what is answered, and says why the rest is not.

use std::collections::BTreeSet;

use e2e::browser::Browser;
use e2e::html;
use e2e::service::Service;

/// Every change of one control that can be made, as what changes and the address that the form then leads to.
const CHANGES: &str = r#"
const form = document.querySelector("form.choose");
if (!form) return [];
const found = [];
const add = (name, change) => {
  const data = new URLSearchParams(new FormData(form));
  change(data);
  found.push([name, `${form.getAttribute("action")}?${data}`]);
};
for (const input of form.querySelectorAll("input[type=checkbox], input[type=radio]")) {
  const { name, value } = input;
  if (input.disabled || (input.type === "radio" && input.checked)) continue;
  add(`${name}=${value}`, (data) => {
    if (input.type === "radio") data.set(name, value);
    else if (input.checked) data.delete(name, value);
    else data.append(name, value);
  });
}
for (const select of form.querySelectorAll("select"))
  for (const { disabled, selected, value } of select.options)
    if (!disabled && !selected) add(`${select.name}=${value}`, (data) => data.set(select.name, value));
return found;
"#;

/// Returns the reasons that stand on a page for what is disabled, with the number of disabled choices that have none.
fn reasons(page: &str) -> (BTreeSet<String>, usize) {
    let told = page.split("<p class=\"why\"").skip(1).filter_map(|rest| rest.split("</p>").next());
    let told: Vec<&str> = told.filter_map(|rest| rest.split_once('>')).map(|(_, text)| text).collect();
    let options = page.split(" disabled>").skip(1).filter_map(|rest| rest.split("</option>").next());
    let options: Vec<&str> = options.map(|text| text.split_once(" – ").map_or("", |(_, why)| why)).collect();
    let described = page.matches(" disabled aria-describedby=\"why-").count();
    let bare = page.matches(" disabled").count() - options.len() - described;
    let all = told.into_iter().chain(options).map(|text| html::text(text.trim()));
    (all.collect(), bare)
}

/// The pages with a form: of categories, and of 40 statutes in every dataset that has them.
fn pages(service: &Service) -> Vec<String> {
    let list = service.json("/v1/statutes");
    let statutes = list["statutes"].as_array().cloned().unwrap_or_default();
    let ids: Vec<&str> = statutes.iter().filter_map(|statute| statute["id"].as_str()).collect();
    let offences: BTreeSet<&str> =
        statutes.iter().filter_map(|statute| statute["offence"].as_str()).collect();
    let step = ids.len() / 40;
    let of_statutes = ids.iter().step_by(step).take(40).map(|id| format!("/statutes/{id}"));
    let of_categories =
        offences.iter().filter(|code| !code.is_empty()).map(|code| format!("/categories/{code}"));
    let mut all = Vec::new();
    for page in of_statutes.chain(of_categories) {
        let text = service.text(&page);
        let own = |address: &String| address.starts_with(&format!("{page}?dataset="));
        let tabs: Vec<String> = match text.contains("<nav class=\"datasets\"") {
            true => html::attributes(&html::inside(&text, "nav", "class=\"datasets\""), "href"),
            false => vec![page.clone()],
        };
        assert!(tabs.len() < 2 || tabs.iter().all(own), "{tabs:?}");
        all.extend(tabs);
    }
    all
}

#[test]
fn no_form_leads_to_a_refusal() {
    let service = Service::start();
    let browser = Browser::start();
    let (mut tried, mut barred, mut wrong) = (0, 0, Vec::new());
    for page in pages(&service) {
        browser.open(&format!("{}{page}", service.base));
        let changes = browser.run(CHANGES, Vec::new());
        for change in changes.as_array().into_iter().flatten() {
            let (name, to) = (change[0].as_str().unwrap_or_default(), change[1].as_str().unwrap_or_default());
            let reply = service.get(to);
            let text = reply.text();
            let is_shown = text.contains("<statute-chart") || text.contains("id=\"figures\"");
            if reply.status != 200 || !is_shown || text.contains("class=\"notice\"") {
                wrong.push(format!("{page}: {name}: {} {to}", reply.status));
            }
            tried += 1;
        }
        let mut counts = Vec::new();
        for language in ["en", "ru", "kk"] {
            let joint = if page.contains('?') { '&' } else { '?' };
            let text = service.text(&format!("{page}{joint}lang={language}"));
            let (reasons, bare) = reasons(&text);
            assert_eq!(bare, 0, "{page} {language}: something is disabled without a reason");
            for reason in &reasons {
                let is_sentence = reason.contains(' ') && reason.ends_with('.');
                assert!(is_sentence && !reason.contains(['`', '=', '_', '{']), "{page} {language}: {reason}");
                let is_latin = reason.chars().any(|letter| letter.is_ascii_alphabetic());
                assert_eq!(is_latin, language == "en", "{page} {language}: {reason}");
            }
            counts.push(text.matches(" disabled").count());
        }
        assert!(counts.iter().all(|count| *count == counts[0]), "{page}: {counts:?} are disabled");
        barred += counts[0];
    }
    println!("{tried} changes, {barred} barred");
    assert!(wrong.is_empty(), "{} of {tried}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(tried > 500 && barred > 200, "{tried} changes, {barred} barred");
    service.assert_log_clean();
}

#[test]
fn a_form_keeps_what_it_has_no_field_for() {
    let service = Service::start();
    let form = |query: &str| {
        let page =
            service.text(&format!("/statutes/KAZ-CC-274?dataset=documented-cases&by=year,outcome&{query}"));
        html::inside(&page, "form", "class=\"choose\"")
    };
    // Nobody of this role is recorded, so there are no years to choose.
    let nobody = form("role=journalist&region=&from=2015&to=2022");
    for (name, value) in [("role", "journalist"), ("from", "2015"), ("to", "2022")] {
        let field = format!("<input type=\"hidden\" name=\"{name}\" value=\"{value}\">");
        assert!(nobody.contains(&field), "{field} in {nobody}");
    }
    let years = form("from=2016&to=2022-05");
    for chosen in ["value=\"2016\" selected", "value=\"2022-05\" selected"] {
        assert!(years.contains(chosen), "{chosen} in {years}");
    }
    // What a form can send without a script: ends in the wrong order, and shares of what is not kept apart.
    for query in ["from=2020&to=2015", "by=year&by=outcome&share=role", "outcome=&measure="] {
        let reply = service.get(&format!("/statutes/KAZ-CC-274?dataset=documented-cases&{query}"));
        assert_eq!(reply.status, 200, "{query}: {}", reply.text());
    }
    service.assert_log_clean();
}

#[test]
fn a_page_of_a_category_has_the_tools_of_a_statutes_page() {
    let service = Service::start();
    let address = "/categories/sedition?dataset=reported-figures&by=country,year,outcome&measure=cases&outcome=registered";
    let page = service.text(address);
    for part in [
        "<form class=\"choose\" action=\"/categories/sedition\"",
        "<statute-chart",
        "id=\"figures\"",
        "id=\"sources\"",
        "id=\"cite\"",
        "id=\"embed\"",
        "aggregate.xlsx?",
        "chart.svg?",
        "citation.bib?",
        "href=\"/charts/new?dataset=reported-figures",
        "id=\"snippet-pinned\"",
    ] {
        assert!(page.contains(part), "no {part}");
    }
    // The code that is copied leads back to this view.
    let code = html::inside(&page, "textarea", "id=\"snippet\"");
    assert!(code.contains("/categories/sedition?dataset=reported-figures"), "{code}");
    assert!(code.contains("outcome=registered"), "{code}");
    service.assert_log_clean();
}
