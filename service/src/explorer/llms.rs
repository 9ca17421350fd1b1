//! `/llms.txt`: what is here, for programs that read the web for people, as a page of links in Markdown (llmstxt.org).

use super::address::of_dataset;
use crate::catalog::Catalog;
use crate::domain::Language;
use crate::present::texts::Texts;

/// Returns the text, in English. `base` is the public address of the service without a final slash.
pub fn llms(catalog: &Catalog, base: &str) -> String {
    let texts = Texts::of(Language::ENGLISH);
    let mut text = format!(
        "# Chargesheet\n\n> {}\n\nA figure means nothing without its unit, its source and its caveats. \
         `aggregate.json` has all three beside the figures, and a sentence to cite them by. \
         A figure that is missing is not a zero. Figures of different sources, outcomes or counting rules must not be added: the API refuses \
         sums that may not be made, and says why. Cite the address of a release, which never changes.\n\n## Datasets\n\n",
        texts.on_page("intro")
    );
    for dataset in catalog.datasets() {
        let (id, descriptor) = (dataset.release.dataset(), dataset.release.descriptor());
        let line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").replace(['[', ']'], "");
        text.push_str(&format!(
            "- [{}]({base}{}): {}\n",
            line(descriptor.titles().get(Language::ENGLISH)),
            of_dataset("/datasets", id, None),
            line(descriptor.descriptions().get(Language::ENGLISH)),
        ));
    }
    text.push_str("\n## API\n\n");
    for (name, path, about) in [
        ("The API", "/api", "every address, with its parameters and refusals"),
        ("OpenAPI", "/openapi.json", "the same for programs"),
        ("Statutes", "/v1/statutes", "the register of statutes, and which datasets have figures on each"),
        (
            "Datasets",
            "/v1/datasets",
            "the datasets; each describes its dimensions, measures, outcomes and caveats",
        ),
        (
            "An answer",
            "/v1/datasets/{dataset}/aggregate.json?by=year,outcome&statute={statute}",
            "figures with labels, sources, disagreements, caveats and citation",
        ),
        (
            "Plain words",
            "/v1/statutes/{statute}/answers.json",
            "is a statute used more, how does it end, what do the figures not show",
        ),
        ("All pages", "/sitemap.xml", "in every language"),
        ("New figures", "/feed.atom", "what changed in each release"),
    ] {
        text.push_str(&format!("- [{name}]({base}{path}): {about}\n"));
    }
    text
}
