//! How a package would look once it is published: the chart on the page of each of its statutes.

use serde::Serialize;

use crate::answer::{AnswerError, Dataset};
use crate::coverage::covered;
use crate::domain::Language;
use crate::engine::Maps;
use crate::ingest::Ingested;
use crate::picture::{Judge, Picture, Topic, chart};
use crate::present::name_of;
use crate::query::Params;
use crate::release::{Release, Tables};

/// Most charts of a preview. Nobody looks at more before publishing.
pub const MOST: usize = 12;

/// The charts of a package.
#[derive(Debug, Serialize)]
pub struct Preview {
    /// The charts, in order of the statutes' ids.
    pub charts: Vec<Previewed>,
    /// How many more statutes have figures.
    pub more: usize,
}

/// The chart of a statute.
#[derive(Debug, Serialize)]
pub struct Previewed {
    /// The id of the statute.
    pub statute: String,
    /// Its name.
    pub title: String,
    /// The picture; `None` where the figures can only be shown as a table.
    pub svg: Option<String>,
    /// The picture in words.
    pub alt: String,
}

/// Returns the chart that the page of each statute would begin with, drawn as `chart.svg` would draw it at a width in pixels.
///
/// # Errors
/// On a bug.
pub fn preview(ingested: Ingested, language: Language, width: u32) -> Result<Preview, AnswerError> {
    let release = Release::seal(ingested);
    let id = release.dataset().to_owned();
    let dataset =
        Dataset::opened(release, Tables::None, |release, columns| Ok(Box::new(Maps::of(release, columns))))?;
    let all = covered(&id, &dataset)?;
    let more = all.len().saturating_sub(MOST);
    let mut charts = Vec::new();
    for (statute, covering) in all.into_iter().take(MOST) {
        let Some(own) = dataset.release.register().get(&statute) else { continue };
        let topic = Topic::of_statute(&covering, &dataset, &statute);
        let drawn = match chart(&mut Judge::new(&dataset, ""), &topic, Params::default(), language) {
            Ok(picture) => Some(picture),
            Err(AnswerError::Refused(_)) => None,
            Err(error) => return Err(error),
        };
        let svg = |picture: &Picture| picture.draw(width, None).ok().map(|(svg, _)| svg);
        charts.push(Previewed {
            title: name_of(own, dataset.release.lists(), language),
            svg: drawn.as_ref().and_then(svg),
            alt: drawn.map_or(String::new(), |picture| picture.answer.text.alt),
            statute,
        });
    }
    Ok(Preview { charts, more })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::{OneThread, Rules, ingest};
    use crate::package::Package;

    #[test]
    fn every_statute_with_figures_is_drawn_up_to_a_limit_and_the_others_are_counted() {
        for (package, statutes) in [(0, 1), (4, MOST)] {
            let package = Package::bundled(&chargesheet_data::EARLIER[package]).unwrap();
            let (accepted, _) = ingest(&package, &Rules::of_any_day(), &OneThread).unwrap();
            let own = accepted.register.all().len();
            let preview = preview(accepted, Language::RUSSIAN, 375).unwrap();
            assert!((statutes..=MOST).contains(&preview.charts.len()), "{}", preview.charts.len());
            assert!(preview.charts.len() + preview.more <= own);
            for chart in &preview.charts {
                let svg = chart.svg.as_deref().unwrap_or_else(|| panic!("{} is not drawn", chart.statute));
                assert!(svg.starts_with("<svg") && !chart.alt.is_empty(), "{svg}");
            }
        }
    }
}
