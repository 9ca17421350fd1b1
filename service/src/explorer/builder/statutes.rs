//! The statutes of the builder: those that are chosen, and those that what an editor types finds.

use super::super::choices::statutes_in;
use super::super::order;
use super::state::State;
use crate::answer::Dataset;
use crate::catalog::Catalog;
use crate::coverage::Coverage;
use crate::domain::{Dimension, Language, Lists, Statute};
use crate::present::texts::{Texts, fill};
use crate::present::{country_name, name_of, short_name_of};
use crate::query::{Params, escape};
use crate::search::Index;
use chargesheet_widget::wire::Answer;

/// Most statutes that are suggested while an editor types.
const SUGGESTED: usize = 400;

/// Most other statutes that what was typed fits.
const OTHERS: usize = 6;

/// A statute that is chosen.
pub struct Chosen {
    pub id: String,
    pub name: String,
    /// What there is on it, in words.
    pub coverage: String,
}

/// What was typed to add a statute led to.
#[derive(Default)]
pub struct Typed {
    pub told: String,
    /// Ids and names of other statutes that the words fit.
    pub others: Vec<(String, String)>,
}

impl Typed {
    /// Adds the statute that was typed to a state. It may be in another dataset, where nothing was chosen in this one.
    pub fn of(catalog: &Catalog, state: &mut State, typed: &str, language: Language) -> Self {
        let words = &Texts::of(language).builder;
        let typed = typed.trim();
        if typed.is_empty() {
            return Self::default();
        }
        let mut all = found(catalog, &state.dataset, typed);
        if all.is_empty() && !state.query.keep.contains_key(&Dimension::Statute) {
            let mut elsewhere = catalog.datasets().map(|dataset| dataset.release.dataset());
            let other = elsewhere.find(|id| !found(catalog, id, typed).is_empty());
            if let Some(other) = other
                && let Ok(params) = Params::parse(&format!("dataset={}", escape(other)))
                && let Ok((begun, _)) = State::read(params, catalog, language)
            {
                *state = State { form: state.form.clone(), ..begun };
                all = found(catalog, other, typed);
            }
        }
        let dataset = catalog.dataset(&state.dataset);
        let number = |id: &str| dataset.and_then(|dataset| dataset.release.number(Dimension::Statute, id));
        let Some((first, number)) = all.first().and_then(|first| Some((*first, number(&first.id)?))) else {
            return Self { told: fill(words.get("not_found"), &[("typed", typed)]), ..Self::default() };
        };
        let kept = state.query.keep.entry(Dimension::Statute).or_default();
        kept.push(number);
        kept.sort_unstable();
        kept.dedup();
        let others = all[1..].iter().take(OTHERS);
        Self {
            told: fill(words.get("added"), &[("name", &suggestion(first, language))]),
            others: others.map(|other| (other.id.clone(), suggestion(other, language))).collect(),
        }
    }
}

/// Returns the name of a statute in a list of suggestions: "India, Penal Code, art. 124A: Sedition".
fn suggestion(statute: &Statute, language: Language) -> String {
    name_of(statute, Lists::bundled(), language)
}

/// Whether a dataset has figures on a statute.
fn has(catalog: &Catalog, dataset: &str, statute: &Statute) -> bool {
    catalog.coverage(&statute.id).iter().any(|coverage| coverage.dataset == dataset)
}

/// Returns the statutes of a dataset that typed words find, the best first.
fn found<'c>(catalog: &'c Catalog, dataset: &str, typed: &str) -> Vec<&'c Statute> {
    let own = catalog.statutes().into_iter().filter(|statute| has(catalog, dataset, statute));
    let own: Vec<&Statute> = own.collect();
    let is_meant = |statute: &&&Statute| {
        statute.id == typed || Language::all().any(|language| suggestion(statute, language) == typed)
    };
    if let Some(meant) = own.iter().find(is_meant) {
        return vec![meant];
    }
    let found = Index::of(&own).find(typed, &|_| true);
    // Half of what was typed is not what was meant, where something else was meant too.
    let ids = found.statutes.iter().filter(|_| found.left_out.is_empty());
    let all = ids.filter_map(|id| own.iter().find(|statute| statute.id == *id).copied());
    let mut all: Vec<&Statute> = all.collect();
    // An article stands before the groups that it is counted in, whose titles say more than was typed.
    let typed = typed.to_lowercase();
    let untyped = |statute: &&Statute| {
        let words = |language| {
            let title = statute.title.get(language).to_lowercase();
            title.split_whitespace().filter(|word| !typed.contains(word)).count()
        };
        Language::all().map(words).min()
    };
    all.sort_by_cached_key(untyped);
    all
}

/// Chooses a grouping that shows what there is, where an address leaves it open.
pub fn group(catalog: &Catalog, dataset: &Dataset, state: &mut State) {
    let kept = state.query.keep.get(&Dimension::Statute).into_iter().flatten();
    let covered = kept.filter_map(|&number| covering(catalog, dataset, number));
    let covered: Vec<&Coverage> = covered.collect();
    if !covered.is_empty() && covered.iter().all(|coverage| coverage.years.is_none()) {
        let names = covered[0].first_grouping.split(',');
        state.query.by = names.filter_map(Dimension::from_name).collect();
    }
}

/// Returns what a dataset has on a statute.
fn covering<'c>(catalog: &'c Catalog, dataset: &Dataset, number: u32) -> Option<&'c Coverage> {
    let all = catalog.coverage(dataset.release.code(Dimension::Statute, number));
    all.iter().find(|coverage| coverage.dataset == dataset.release.dataset())
}

/// Returns what there is on a statute, in words: "cases, persons, 2014–2022".
fn told_coverage(coverage: &Coverage, texts: &Texts) -> String {
    let measures: Vec<String> =
        coverage.measures.iter().map(|&own| texts.measure(own).to_lowercase()).collect();
    let years = coverage
        .years
        .map(|(first, last)| if first == last { format!(", {first}") } else { format!(", {first}–{last}") });
    format!("{}{}", measures.join(", "), years.unwrap_or_default())
}

/// Returns a sentence for each chosen statute that the chart has no figures of, with what there is on it.
pub fn absent(
    catalog: &Catalog,
    dataset: &Dataset,
    state: &State,
    answer: &Answer,
    language: Language,
) -> Vec<String> {
    let (texts, release) = (Texts::of(language), &dataset.release);
    let shown = statutes_in(answer);
    let chosen = state.query.keep.get(&Dimension::Statute).into_iter().flatten();
    let is_shown = |number: u32| {
        let own = u16::try_from(number).map(|code| release.register().with_parts(code)).unwrap_or_default();
        own.into_iter().any(|code| shown.contains(release.code(Dimension::Statute, code.into())))
    };
    let told = |&number: &u32| {
        let statute = catalog.statute(release.code(Dimension::Statute, number))?;
        let coverage = told_coverage(covering(catalog, dataset, number)?, texts);
        let name = suggestion(statute, language);
        Some(fill(texts.builder.get("absent"), &[("name", &name), ("coverage", &coverage)]))
    };
    if shown.is_empty() {
        return Vec::new();
    }
    chosen.filter(|&&number| !is_shown(number)).filter_map(told).collect()
}

/// Returns a sentence where nobody chose the measure, and several statutes are counted in another than some of them alone.
pub fn measured_instead(
    catalog: &Catalog,
    dataset: &Dataset,
    state: &State,
    language: Language,
) -> Option<String> {
    let texts = Texts::of(language);
    let several = state.query.keep.get(&Dimension::Statute).filter(|kept| kept.len() > 1);
    let kept = several.filter(|_| !state.is_measured)?;
    let shown = *state.query.measures.first()?;
    let covered = kept.iter().filter_map(|&number| covering(catalog, dataset, number));
    let covered: Vec<&Coverage> = covered.collect();
    let mut measures = dataset.release.descriptor().chargesheet.measures.iter().copied();
    let alone = measures.find(|own| covered.iter().any(|coverage| coverage.measures.contains(own)))?;
    let [measure, other] = [shown, alone].map(|own| texts.measure(own).to_lowercase());
    let names = [("measure", measure.as_str()), ("other", other.as_str())];
    (alone != shown).then(|| fill(texts.builder.get("measure_instead"), &names))
}

/// Returns the statutes that are chosen.
pub fn chosen(catalog: &Catalog, dataset: &Dataset, state: &State, language: Language) -> Vec<Chosen> {
    let texts = Texts::of(language);
    let release = &dataset.release;
    let of = |&number: &u32| {
        let id = release.code(Dimension::Statute, number);
        let statute = catalog.statute(id)?;
        let coverage = covering(catalog, dataset, number).map(|own| told_coverage(own, texts));
        let coverage = coverage.unwrap_or_default();
        let country = country_name(&statute.country, language);
        Some(Chosen {
            name: format!("{country}, {}", short_name_of(statute, language)),
            coverage: format!("{} · {coverage}", statute.title.get(language)),
            id: id.to_owned(),
        })
    };
    state.query.keep.get(&Dimension::Statute).into_iter().flatten().filter_map(of).collect()
}

/// Returns the names of the statutes of the dataset that are not chosen, for a list beside the field.
pub fn suggestions(catalog: &Catalog, state: &State, language: Language) -> Vec<String> {
    let all = catalog.statutes().into_iter().filter(|statute| has(catalog, &state.dataset, statute));
    let mut names: Vec<String> = all.map(|statute| suggestion(statute, language)).take(SUGGESTED).collect();
    names.sort_by_cached_key(|name| order::key(name, Texts::of(language)));
    names
}
