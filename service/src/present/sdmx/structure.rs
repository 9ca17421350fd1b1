//! The structure message of an answer (SDMX-ML 3.0): dataflow, data structure, concepts, and the codes that occur, in every language.

use std::fmt::Write as _;

use crate::disclosure::Published;
use crate::domain::{Language, Status};
use crate::engine::Gap;
use crate::present::cube::{Axis, Cube};
use crate::present::texts::{Texts, attribute};
use crate::query::Query;
use crate::release::Release;

use super::names::{AGENCY, concept, id, measure, missing, unit};

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<mes:Structure \
    xmlns:mes=\"http://www.sdmx.org/resources/sdmxml/schemas/v3_0/message\" \
    xmlns:str=\"http://www.sdmx.org/resources/sdmxml/schemas/v3_0/structure\" \
    xmlns:com=\"http://www.sdmx.org/resources/sdmxml/schemas/v3_0/common\">\n";

/// The attributes of an observation, each with its list of codes.
const ATTRIBUTES: [&str; 3] = ["OBS_STATUS", "UNIT_MEASURE", "CONF_STATUS"];

/// Escapes a text, without control characters, which XML does not have.
fn plain(text: &str) -> String {
    attribute(&text.chars().filter(|letter| !letter.is_control()).collect::<String>())
}

/// Returns the names of a thing in every language.
fn names(name: impl Fn(Language) -> String) -> String {
    let one = |language| format!("<com:Name xml:lang=\"{language}\">{}</com:Name>", plain(&name(language)));
    Language::all().map(one).collect()
}

/// A list of codes, with the names of each.
struct List {
    id: String,
    names: String,
    codes: Vec<(String, String)>,
}

/// Whether a text can be the id of a code in SDMX.
fn is_id(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_@$-".contains(&byte))
}

/// Returns the list of an axis's codes; `None` where they are periods, or texts that can be no ids.
fn list(axis: &Axis, query: &Query, release: &Release) -> Option<List> {
    if axis.dimension.is_time() {
        return None;
    }
    let codes = axis
        .keys
        .iter()
        .map(|&key| (axis.code(release, key), names(|language| axis.label(release, key, language))));
    let codes: Vec<(String, String)> = codes.collect();
    let id = format!("CL_{}", concept(axis.dimension, query));
    let names = names(|language| Texts::of(language).dimension(axis.dimension).to_owned());
    codes.iter().all(|(code, _)| is_id(code)).then_some(List { id, names, codes })
}

/// Returns the lists of what stands behind the dimensions.
fn lists(cube: &Cube<'_>) -> Vec<List> {
    let word = |key: &'static str| names(move |language| Texts::of(language).statistics.get(key).to_owned());
    let title = |column: &crate::present::table::Column| {
        names(|language| column.title(cube.query, Texts::of(language)))
    };
    let measures = cube.figures.iter().map(|column| (measure(column), title(column))).collect();
    let mut units: Vec<(String, String)> = Vec::new();
    for column in &cube.figures {
        let code = unit(column, cube);
        if !units.iter().any(|(own, _)| *own == code) {
            units.push((code, title(column)));
        }
    }
    let status = |status: &Status| {
        let key = format!("status_{}", status.code());
        (status.code().to_owned(), names(|language| Texts::of(language).on_page(&key).to_owned()))
    };
    let mut statuses: Vec<(String, String)> = Status::ALL.iter().map(status).collect();
    let gaps = [Gap::NotInForce, Gap::NotReported, Gap::Withheld];
    statuses.extend(gaps.map(|gap| (missing(gap).to_owned(), word(gap.name()))));
    let free = vec![("F".to_owned(), word("free")), ("C".to_owned(), word("withheld"))];
    [
        ("MEASURE", "measure", measures),
        ("OBS_STATUS", "status", statuses),
        ("UNIT_MEASURE", "unit", units),
        ("CONF_STATUS", "confidentiality", free),
    ]
    .map(|(concept, key, codes)| List { id: format!("CL_{concept}"), names: word(key), codes })
    .into()
}

/// Returns the structure message of an answer.
pub fn structure(query: &Query, release: &Release, answer: &Published) -> Vec<u8> {
    let cube = Cube::of(query, release, answer);
    let (id, version) = id(query, release);
    let own = format!("agencyID=\"{AGENCY}\" version=\"{version}\"");
    let title = names(|language| release.descriptor().titles().get(language).to_owned());
    let coded: Vec<Option<List>> = cube.axes.iter().map(|axis| list(axis, query, release)).collect();
    let behind = lists(&cube);
    let mut text = HEAD.to_owned();
    let mut put = |arguments: std::fmt::Arguments<'_>| {
        text.write_fmt(arguments).expect("memory takes what is written to it");
    };
    put(format_args!(
        "<mes:Header><mes:ID>{}</mes:ID><mes:Test>false</mes:Test><mes:Prepared>{}T00:00:00Z</mes:Prepared><mes:Sender id=\"{AGENCY}\"/></mes:Header>\n<mes:Structures>\n<str:Codelists>\n",
        plain(release.id().as_str()),
        release.manifest().date(),
    ));
    for list in coded.iter().flatten().chain(&behind) {
        put(format_args!("<str:Codelist id=\"{}\" {own} isPartial=\"true\">{}\n", list.id, list.names));
        for (code, names) in &list.codes {
            put(format_args!("<str:Code id=\"{}\">{names}</str:Code>\n", plain(code)));
        }
        put(format_args!("</str:Codelist>\n"));
    }
    put(format_args!(
        "</str:Codelists>\n<str:ConceptSchemes>\n<str:ConceptScheme id=\"CS_{id}\" {own}>{title}\n"
    ));
    for axis in &cube.axes {
        let names = names(|language| Texts::of(language).dimension(axis.dimension).to_owned());
        put(format_args!("<str:Concept id=\"{}\">{names}</str:Concept>\n", concept(axis.dimension, query)));
    }
    for list in &behind {
        put(format_args!("<str:Concept id=\"{}\">{}</str:Concept>\n", &list.id[3..], list.names));
    }
    let value = names(|language| Texts::of(language).statistics.get("value").to_owned());
    put(format_args!(
        "<str:Concept id=\"OBS_VALUE\">{value}</str:Concept>\n</str:ConceptScheme>\n</str:ConceptSchemes>\n"
    ));
    put(format_args!(
        "<str:Dataflows>\n<str:Dataflow id=\"{id}\" {own}>{title}<str:Structure>urn:sdmx:org.sdmx.infomodel.datastructure.DataStructure={AGENCY}:{id}({version})</str:Structure></str:Dataflow>\n</str:Dataflows>\n\
         <str:DataStructures>\n<str:DataStructure id=\"{id}\" {own}>{title}\n<str:DataStructureComponents>\n<str:DimensionList id=\"DimensionDescriptor\">\n"
    ));
    let identity = |concept: &str| {
        format!(
            "<str:ConceptIdentity>urn:sdmx:org.sdmx.infomodel.conceptscheme.Concept={AGENCY}:CS_{id}({version}).{concept}</str:ConceptIdentity>"
        )
    };
    let listed = |list: &str| {
        format!(
            "<str:LocalRepresentation><str:Enumeration>urn:sdmx:org.sdmx.infomodel.codelist.Codelist={AGENCY}:{list}({version})</str:Enumeration></str:LocalRepresentation>"
        )
    };
    let typed = |form: &str| {
        format!("<str:LocalRepresentation><str:TextFormat textType=\"{form}\"/></str:LocalRepresentation>")
    };
    // The time of an observation comes last.
    let mut time = String::new();
    let mut position = 0;
    for (axis, list) in cube.axes.iter().zip(&coded) {
        let concept = concept(axis.dimension, query);
        if concept == "TIME_PERIOD" {
            time = format!(
                "<str:TimeDimension id=\"TIME_PERIOD\">{}{}</str:TimeDimension>\n",
                identity(&concept),
                typed("ObservationalTimePeriod")
            );
            continue;
        }
        position += 1;
        let form = list.as_ref().map_or_else(|| typed("String"), |list| listed(&list.id));
        let identity = identity(&concept);
        put(format_args!(
            "<str:Dimension id=\"{concept}\" position=\"{position}\">{identity}{form}</str:Dimension>\n"
        ));
    }
    put(format_args!(
        "<str:Dimension id=\"MEASURE\" position=\"{}\">{}{}</str:Dimension>\n{time}</str:DimensionList>\n<str:AttributeList id=\"AttributeDescriptor\">\n",
        position + 1,
        identity("MEASURE"),
        listed("CL_MEASURE"),
    ));
    for concept in ATTRIBUTES {
        put(format_args!(
            "<str:Attribute id=\"{concept}\" usage=\"mandatory\">{}{}<str:AttributeRelationship><str:Observation/></str:AttributeRelationship></str:Attribute>\n",
            identity(concept),
            listed(&format!("CL_{concept}")),
        ));
    }
    put(format_args!(
        "</str:AttributeList>\n<str:MeasureList id=\"MeasureDescriptor\">\n<str:Measure id=\"OBS_VALUE\" usage=\"optional\">{}{}</str:Measure>\n</str:MeasureList>\n\
         </str:DataStructureComponents>\n</str:DataStructure>\n</str:DataStructures>\n</mes:Structures>\n</mes:Structure>\n",
        identity("OBS_VALUE"),
        typed("Double"),
    ));
    text.into_bytes()
}
