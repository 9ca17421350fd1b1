//! The three plain answers at the top of a statute's page.

use e2e::html;
use e2e::service::Service;

#[test]
fn three_answers_stand_above_the_chart() {
    let service = Service::start();
    for id in ["TUR-TCK-299", "KAZ-CC-274", "RUS-CC-282", "IND-IPC-124A", "NLD-SR-111"] {
        for language in ["en", "ru", "kk"] {
            let page = service.text(&format!("/statutes/{id}?lang={language}"));
            let at = page.find("<section class=\"answers\"").unwrap_or_else(|| panic!("{id}: no answers"));
            assert!(page.find("<statute-chart").is_none_or(|chart| at < chart), "{id} {language}");
            let told = service.json(&format!("/v1/statutes/{id}/answers.json?lang={language}"));
            let shown = html::text(&page[at..]);
            for text in [&told["used"]["question"], &told["used"]["text"], &told["ends"]["text"]] {
                assert!(shown.contains(text.as_str().expect("a text")), "{id} {language}: {text}");
            }
            for text in told["unsaid"].as_array().expect("a list") {
                assert!(shown.contains(text.as_str().expect("a text")), "{id} {language}: {text}");
            }
        }
    }
    // A rise from a small base is told as two figures.
    let told = service.json("/v1/statutes/TUR-TCK-299/answers.json");
    let used = told["used"]["text"].as_str().unwrap_or_default();
    assert!(used.contains("9,168") && !used.contains('%'), "{used}");
    assert_eq!(service.get("/v1/statutes/NOWHERE/answers.json").status, 404);
    service.assert_log_clean();
}

#[test]
fn a_statute_without_figures_says_that_this_is_no_zero() {
    let service = Service::start();
    let told = service.json("/v1/statutes/KAZ-CC-373/answers.json");
    assert!(told["used"]["text"].as_str().is_some_and(|text| text.contains("not a zero")), "{told}");
    assert!(told["used"]["evidence"].is_null(), "{told}");
}

#[test]
fn the_technical_sentence_is_behind_a_disclosure() {
    let service = Service::start();
    let page = service.text("/statutes/TUR-TCK-299");
    let outside: String =
        page.split("<details").map(|part| part.rsplit("</details>").next().unwrap_or_default()).collect();
    assert!(
        page.contains("Mann-Kendall") && !outside.contains("Mann-Kendall"),
        "the test stands in the open"
    );
}

#[test]
fn the_evidence_of_an_answer_is_a_panel_and_a_file() {
    let service = Service::start();
    let told = service.json("/v1/statutes/RUS-CC-282/answers.json");
    let page = service.text("/statutes/RUS-CC-282?lang=ru");
    let answers = page.split("class=\"answers\"").nth(1).and_then(|rest| rest.split("</section>").next());
    let answers = answers.expect("answers stand on the page");
    assert_eq!(answers.matches("class=\"evidence\"").count(), 2, "{answers}");
    let answers = html::attributes(answers, "href");
    for question in ["used", "ends"] {
        let path = told[question]["evidence"].as_str().expect("an address");
        let reply = service.get(path);
        assert_eq!(reply.status, 200, "{path}: {}", reply.text());
        assert!(reply.text().contains("publisher"), "{path}");
        // The page leads to the same as a page, which a script opens as a panel.
        let panel = path.replacen("/v1/datasets/", "/evidence/", 1).replacen("/evidence.csv?", "?", 1);
        let own = answers.iter().find(|link| link.starts_with(&panel));
        let own = own.unwrap_or_else(|| panic!("{panel} is not in {answers:?}"));
        assert!(service.text(own).contains("id=\"evidence\""), "{own}");
    }
    service.assert_log_clean();
}
