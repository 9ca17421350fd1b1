//! Numbers that do not add up, because one person is counted in several of them: said where they stand.

use e2e::packages::Package;
use e2e::service::Service;

use crate::api::trends::{charges, serve};

#[test]
fn numbers_that_do_not_add_up_say_why_in_the_same_sentence() {
    let mut rows = charges("2019", 18, "convicted");
    rows.extend(charges("2019", 5, "acquitted"));
    rows.extend(charges("2020", 4, "dismissed"));
    // One who was convicted is once more among those whose case was dismissed, and one more has a case that is open.
    rows.push("C-more,D2019-convicted-0,FRA,FRA-X-1.2,2020,dismissed,".to_owned());
    let ended = serve(&Package::cases().rows(&rows));
    rows.push("C-open,D2019-convicted-1,FRA,FRA-X-1.2,2020,pending,".to_owned());
    let open = serve(&Package::cases().rows(&rows));
    let told = |service: &Service, query: &str| service.text(&format!("/statutes/FRA-X-1?{query}"));
    for (language, of_ended, of_all) in [
        (
            "en",
            "; these add up to 28, not 27, because one with several outcomes is counted in each.",
            "; with the 27 above these add up to 28, not 27, because one with several outcomes is counted in each.",
        ),
        (
            "ru",
            "; вместе это 28, а не 27, потому что при нескольких исходах учитывается каждый из них.",
            "; вместе с указанными выше 27 это 28, а не 27, потому что при нескольких исходах учитывается каждый из них.",
        ),
        (
            "kk",
            "; қосындысы 27 емес, 28, өйткені нәтижесі бірнешеу болса, әрқайсысында саналады.",
            "; жоғарыдағы 27 қосылғанда 27 емес, 28, өйткені нәтижесі бірнешеу болса, әрқайсысында саналады.",
        ),
    ] {
        let query = format!("measure=persons&lang={language}");
        let sentence = told(&ended, &query);
        assert!(sentence.contains(of_ended) && !sentence.contains(of_all), "{sentence}");
        let sentence = told(&open, &query);
        assert!(sentence.contains(of_ended) && sentence.contains(of_all), "{sentence}");
        // Charges have one outcome each.
        let sentence = told(&open, &format!("measure=charges&lang={language}"));
        assert!(!sentence.contains("28, "), "{sentence}");
        assert!(!sentence.contains(of_all), "{sentence}");
    }
    // Nor do shares of persons who are counted twice.
    let shares = "by=outcome&share=outcome&measure";
    let sheet = |measure: &str| ended.text(&format!("/report/example-cases?{shares}={measure}"));
    assert!(sheet("persons").contains("Shares overlap: a person or case with several values of “outcome”"));
    assert!(!sheet("charges").contains("Shares overlap"));
    // What a pinned address has answered stays: the data do not say it.
    let data = ended.text("/v1/datasets/example-cases/trend.json?measure=persons");
    assert!(data.contains("convicted 18") && !data.contains("these add up"), "{data}");
    ended.assert_log_clean();
}
