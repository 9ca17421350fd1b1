//! One drawing code, two places: the service and the browser draw every bundled query to the same bytes, each in one of the
//! languages.

use e2e::browser::Browser;
use e2e::service::Service;
use serde_json::{Value, json};

/// Draws each query in both places and compares. Returns what was found.
const COMPARE: &str = r#"
const [queries] = arguments;
const { drawAnswer } = await import("/widget/statute-chart.js");
const found = { drawn: 0, refused: 0, different: [] };
const differs = (what) => { if (found.different.length < 10) found.different.push(what); };

// The picture, or the sentence that says why there is none, as the service has it.
async function there(address) {
  const response = await fetch(address);
  // The service also says there, to programs, where the figures are from.
  if (response.ok) return { svg: (await response.text()).replace(/<metadata>.*<\/metadata>\n/, "") };
  if (response.status !== 400) throw new Error(`${response.status} for ${address}`);
  return { refusal: (await response.json()).told };
}
// The same in this browser.
async function here(answer, options) {
  try {
    return { svg: await drawAnswer(answer, options) };
  } catch (error) {
    if (typeof error === "number") return { height: error };
    if (typeof error === "string") return { refusal: error };
    throw error;
  }
}
async function compare({ files, query }, lang) {
  const answer = await (await fetch(`${files}/aggregate.json?${query}&lang=${lang}`)).json();
  ({ beside: answer.beside } = await (await fetch(`${files}/chart.json?${query}&lang=${lang}`)).json());
  for (const type of ["line", "bar", "horizontal", "stacked", "share", "multiples"]) {
    for (const theme of ["light", "dark"]) {
      for (const [width, height, plain] of [[800, 450, false], [375, 420, theme === "dark"]]) {
        const options = { type, theme, width, height, plain };
        const address = `${files}/chart.svg?${query}&lang=${lang}&${new URLSearchParams(options)}`;
        const [far, near] = await Promise.all([there(address), here(answer, options)]);
        if (near.svg !== undefined ? near.svg === far.svg : far.refusal !== undefined
            && (near.height ? far.refusal.includes(near.height) : near.refusal === far.refusal)) {
          if (near.svg !== undefined) found.drawn += 1; else found.refused += 1;
        } else {
          const at = (near.svg && far.svg) ? [...near.svg].findIndex((symbol, place) => symbol !== far.svg[place]) : 0;
          const part = (side) => side.svg?.slice(Math.max(0, at - 60), at + 60) ?? side;
          differs({ address, here: part(near), there: part(far) });
        }
      }
    }
  }
}
const work = queries.map((query, place) => [query, ["en", "ru", "kk"][place % 3]]);
const worker = async () => { while (work.length) await compare(...work.pop()); };
await Promise.all([worker(), worker(), worker(), worker()]);
return found;
"#;

/// Returns every question that the bundled data bring up: per statute and dataset, as the explorer asks.
fn bundled_queries(service: &Service) -> Vec<Value> {
    let register = service.json("/v1/statutes");
    let mut queries = Vec::new();
    for statute in register["statutes"].as_array().expect("a list of statutes") {
        let id = statute["id"].as_str().expect("a statute has an id");
        for covering in statute["datasets"].as_array().expect("a list of datasets") {
            let dataset = covering["dataset"].as_str().expect("a dataset has an id");
            let files = format!("/v1/datasets/{dataset}");
            let mut add = |query: String| {
                let reply = service.get(&format!("{files}/aggregate.csv?{query}"));
                // An article whose parts have figures of their own cannot be shown as one.
                let query = if reply.status == 400 { query.replacen("by=", "by=statute,", 1) } else { query };
                queries.push(json!({ "files": files, "query": query }));
            };
            if dataset == "documented-cases" {
                for by in ["outcome", "year,outcome", "role"] {
                    add(format!("by={by}&statute={id}&measure=persons"));
                }
                for by in ["outcome", "year,outcome"] {
                    add(format!("by={by}&statute={id}&measure=cases&share=outcome"));
                }
                add(format!("by=outcome&statute={id}&measure=persons,cases,charges"));
                continue;
            }
            for measure in covering["measures"].as_array().expect("a list of measures") {
                let measure = measure.as_str().expect("a measure is a word");
                add(format!("by=year,outcome&statute={id}&measure={measure}"));
            }
            let outcome = covering["outcomes"][0].as_str().expect("an outcome is a code");
            let measure = covering["measures"][0].as_str().expect("a measure is a word");
            add(format!("by=year&statute={id}&outcome={outcome}&measure={measure}"));
        }
    }
    queries
}

#[test]
fn the_browser_draws_every_bundled_query_as_the_service_does() {
    let service = Service::start();
    let queries = bundled_queries(&service);
    assert!(queries.len() > 100, "only {} queries", queries.len());
    let browser = Browser::start();
    browser.open(&format!("{}/", service.base));
    let (mut drawn, mut refused) = (0, 0);
    // A part at a time: a slow machine takes long for all.
    for part in queries.chunks(30) {
        let found = browser.run(COMPARE, vec![json!(part)]);
        assert_eq!(found["different"], json!([]), "{found:#}");
        drawn += found["drawn"].as_u64().unwrap_or_default();
        refused += found["refused"].as_u64().unwrap_or_default();
    }
    println!("{} queries: {drawn} pictures drawn, {refused} refused", queries.len());
    // The comparison is worth something only when both happened often.
    assert!(drawn > 1000 && refused > 100, "{drawn} drawn, {refused} refused");
    service.assert_log_clean();
}

#[test]
fn the_widget_tells_nothing_of_the_machine_that_built_it() {
    let service = Service::start();
    let wasm = service.get("/widget/chargesheet_widget_bg.wasm").body;
    let has = |text: &str| wasm.windows(text.len()).any(|part| part == text.as_bytes());
    assert!(has("widget/src/"), "names of our source files are there");
    let home = std::env::var("CARGO_HOME").or_else(|_| std::env::var("HOME")).expect("there is a home");
    for folder in ["registry/src", env!("CARGO_MANIFEST_DIR"), &home] {
        assert!(!has(folder), "{folder}");
    }
}
