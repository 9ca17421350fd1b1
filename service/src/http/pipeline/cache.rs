//! The cache of answers, with three tables.
//!
//! An *address*, as it was spelled, leads to the head of its answer, for as long as the same catalog is served. Besides the body, a
//! second request needs nothing else. A *question* to a release, in its canonical form, leads to the digest of its answer. This
//! holds for every spelling, and after later releases too. The *forms* of a body, one per coding, are stored by that digest, so two
//! addresses with the same body share them. Each table has a fixed size in bytes, and evicts what has not been requested for
//! longest. For a body too large to cache, only the head is stored; the body itself is a spare in the budget while there is room.
//!
//! Only the path, the query and the coding chosen by `Accept-Encoding` matter. The routes see no header at all, so no header of one
//! client can change what other clients get.

use std::sync::Arc;

use hyper::body::Bytes;
use prometheus::{IntCounter, IntGauge};
use quick_cache::sync::{Cache as Table, DefaultLifecycle};
use quick_cache::{DefaultHashBuilder, OptionsBuilder, Weighter};

use super::head::Head;
use crate::http::body::codec::decode;
use crate::http::body::coding::Coding;
use crate::http::body::{Body, Budget, Facts};
use crate::http::observe::metrics::Metrics;

/// Default size in bytes.
pub const DEFAULT_SIZE: u64 = 128 * 1024 * 1024;

/// SHA-256 of the uncoded body, and the coding of the form.
type FormKey = ([u8; 32], Coding);

/// The cache.
#[derive(Debug)]
pub struct Cache {
    addresses: Table<String, Addressed, Weight>,
    questions: Table<String, Facts, Weight>,
    /// Coded forms, and bodies that are never coded.
    compact: Table<FormKey, Bytes, Weight>,
    /// Uncoded text. It is ten times as large as its coded forms, so only frequently requested bodies stay. Every other form can be
    /// decoded to it.
    plain: Table<FormKey, Bytes, Weight>,
    budget: Arc<Budget>,
    hits: IntCounter,
    misses: IntCounter,
    bytes: IntGauge,
}

/// The head of an address, and the number of the catalog that it was made from.
#[derive(Debug, Clone)]
struct Addressed {
    generation: u64,
    head: Arc<Head>,
}

/// A body in one of its forms.
#[derive(Debug)]
pub enum Form {
    /// Uncoded.
    Uncoded(Body),
    /// Coded.
    Coded(Coding, Bytes),
}

impl Form {
    /// Returns the body with these facts. If it has to be decoded, it has no permit yet. `None` if it cannot be decoded.
    pub fn decoded(self, facts: &Facts) -> Option<Body> {
        match self {
            Self::Uncoded(body) => Some(body),
            Self::Coded(coding, coded) => {
                let bytes = decode(coding, &coded, usize::try_from(facts.length).ok()?)?;
                Some(Body::known(bytes.into(), facts.clone()))
            }
        }
    }
}

/// Weighs entries in bytes, with the overhead of the table.
#[derive(Debug, Clone)]
struct Weight;

impl Weighter<String, Addressed> for Weight {
    fn weight(&self, address: &String, value: &Addressed) -> u64 {
        address.len() as u64 + value.head.weight() + 120
    }
}

impl Weighter<String, Facts> for Weight {
    fn weight(&self, question: &String, _: &Facts) -> u64 {
        question.len() as u64 + 120
    }
}

impl Weighter<FormKey, Bytes> for Weight {
    fn weight(&self, _: &FormKey, bytes: &Bytes) -> u64 {
        bytes.len() as u64 + 160
    }
}

impl Cache {
    /// Makes a cache of `size` bytes. With 0 nothing is stored. Large bodies become spares of the budget.
    pub fn new(size: u64, budget: Arc<Budget>, metrics: &Metrics) -> Self {
        let (hits, misses, bytes) = metrics.of_cache();
        // An eighth is for heads, a sixteenth for questions, and the rest for bodies. A quarter of the rest is for uncoded text.
        let (heads, questions) = (size / 8, size / 16);
        let bodies = size - heads - questions;
        Self {
            addresses: table(heads, 5 * 1024, None),
            questions: table(questions, 400, None),
            compact: table(bodies - bodies / 4, 8 * 1024, Some(4)),
            plain: table(bodies / 4, 8 * 1024, Some(4)),
            budget,
            hits,
            misses,
            bytes,
        }
    }

    /// Returns the head of the answer at an address, if it was made from this catalog.
    pub fn head(&self, address: &str, generation: u64) -> Option<Arc<Head>> {
        self.addresses.get(address).filter(|own| own.generation == generation).map(|own| own.head)
    }

    /// Stores the head of an answer.
    pub fn keep_head(&self, address: &str, generation: u64, head: &Arc<Head>) {
        self.addresses.insert(address.to_owned(), Addressed { generation, head: Arc::clone(head) });
    }

    /// Returns the body of a head in a coding. Forms made at build time are preferred.
    pub fn form(&self, head: &Head, coding: Coding) -> Option<Bytes> {
        head.packed(coding).or_else(|| self.forms(head, coding).get(&(head.facts.digest, coding)))
    }

    /// Stores the body of a head in a coding.
    pub fn keep_form(&self, head: &Head, coding: Coding, bytes: &Bytes) {
        self.forms(head, coding).insert((head.facts.digest, coding), bytes.clone());
    }

    fn forms(&self, head: &Head, coding: Coding) -> &Table<FormKey, Bytes, Weight> {
        if coding == Coding::Identity && head.is_codable { &self.plain } else { &self.compact }
    }

    /// Stores the uncoded body of a head. A body too large to cache becomes a spare of the budget.
    pub fn keep_body(&self, head: &Head, body: &Body) {
        match body.bytes().filter(|_| head.is_cached()) {
            Some(bytes) => self.keep_form(head, Coding::Identity, bytes),
            None if self.spare(&body.facts.digest).is_some() => {}
            None => self.budget.hold_spare(body.weight(), body.clone()),
        }
    }

    fn spare(&self, digest: &[u8; 32]) -> Option<Body> {
        self.budget.find_spare(|body| body.facts.digest == *digest)
    }

    /// Returns a body in any form that is stored.
    pub fn find(&self, facts: &Facts) -> Option<Form> {
        let digest = facts.digest;
        let identity = (digest, Coding::Identity);
        if let Some(bytes) = self.plain.get(&identity).or_else(|| self.compact.get(&identity)) {
            return Some(Form::Uncoded(Body::held(bytes, facts.clone())));
        }
        // The fastest coding to decode comes first.
        let coded = [Coding::Zstd, Coding::Gzip, Coding::Brotli]
            .into_iter()
            .find_map(|coding| Some(Form::Coded(coding, self.compact.get(&(digest, coding))?)));
        coded.or_else(|| self.spare(&digest).map(Form::Uncoded))
    }

    /// Returns the answer to a question from any form that is stored. Decoding takes time, so call this only with a permit to
    /// compute.
    pub fn answer(&self, question: &str) -> Option<Body> {
        let facts = self.questions.get(question)?;
        let mut body = self.find(&facts)?.decoded(&facts)?;
        body.facts = facts;
        Some(body)
    }

    /// Stores which answer a question has.
    pub fn keep_answer(&self, question: String, body: &Body) {
        self.questions.insert(question, body.facts.clone());
    }

    /// Counts a cache hit or a miss.
    pub fn count(&self, is_hit: bool) {
        if is_hit {
            self.hits.inc();
        } else {
            self.misses.inc();
            self.bytes.set(i64::try_from(self.weight()).unwrap_or(i64::MAX));
        }
    }

    /// Returns the number of bytes in use.
    fn weight(&self) -> u64 {
        self.addresses.weight() + self.questions.weight() + self.compact.weight() + self.plain.weight()
    }
}

/// Makes a table of `size` bytes for entries of a typical size. Each of its shards has a lock and a share of the bytes.
fn table<K: Eq + std::hash::Hash, V: Clone>(
    size: u64,
    typical: u64,
    shards: Option<usize>,
) -> Table<K, V, Weight>
where
    Weight: Weighter<K, V>,
{
    let mut options = OptionsBuilder::new();
    // Larger numbers of items are impossible on any machine, so the limit does no harm.
    let items = usize::try_from(size / typical).unwrap_or(usize::MAX).max(4);
    options.estimated_items_capacity(items).weight_capacity(size);
    if let Some(shards) = shards {
        options.shards(shards);
    }
    let options = options.build().expect("all that is needed is set");
    Table::with_options(options, Weight, DefaultHashBuilder::default(), DefaultLifecycle::default())
}

#[cfg(test)]
mod tests {
    use warp::http::HeaderMap;

    use super::*;
    use crate::http::body::codec::encode;

    fn cache(size: u64) -> Cache {
        let budget = Arc::new(Budget::new(size, 1 << 20, Arc::default()));
        Cache::new(size, budget, &Metrics::default())
    }

    fn head(body: &Body) -> Head {
        Head::new(HeaderMap::new(), body)
    }

    #[test]
    fn an_address_leads_nowhere_once_something_else_is_served() {
        let cache = cache(DEFAULT_SIZE);
        let head = Arc::new(Head::new(HeaderMap::new(), &Body::from(b"a".to_vec())));
        cache.keep_head("/a", 1, &head);
        assert!(cache.head("/a", 1).is_some());
        assert!(cache.head("/a", 2).is_none() && cache.head("/a?", 1).is_none());
    }

    #[test]
    fn an_answer_comes_back_with_all_that_is_said_of_it_and_not_when_its_body_is_gone() {
        let cache = cache(DEFAULT_SIZE);
        let mut body = Body::from(b"year\n2020\n".to_vec()).with_rows(1);
        body.facts.is_saved = true;
        cache.keep_answer("a".to_owned(), &body);
        assert!(cache.answer("a").is_none(), "no form of it is kept");
        let head = Head::new(HeaderMap::new(), &body);
        cache.keep_form(&head, Coding::Identity, body.bytes().unwrap());
        let back = cache.answer("a").unwrap();
        assert_eq!(
            (back.facts.rows, back.facts.is_saved, back.facts.digest),
            (Some(1), true, body.facts.digest)
        );
    }

    #[test]
    fn a_hundred_thousand_addresses_and_questions_take_no_more_than_the_room() {
        const SIZE: u64 = 4 * 1024 * 1024;
        let cache = cache(SIZE);
        for number in 0..100_000_u32 {
            let body = Body::from(number.to_string().into_bytes());
            let head = Arc::new(Head::new(HeaderMap::new(), &body));
            cache.keep_head(&number.to_string(), 1, &head);
            cache.keep_answer(number.to_string(), &body);
            cache.keep_form(&head, Coding::Identity, body.bytes().unwrap());
        }
        assert!(cache.weight() <= SIZE, "{:?}", cache.weight());
        assert!(cache.weight() > SIZE / 4, "{:?}", cache.weight());
    }

    #[test]
    fn without_room_nothing_is_kept() {
        let cache = cache(0);
        let body = Body::from(b"a".to_vec());
        let head = Arc::new(Head::new(HeaderMap::new(), &body));
        cache.keep_head("/a", 1, &head);
        cache.keep_form(&head, Coding::Identity, body.bytes().unwrap());
        assert!(cache.head("/a", 1).is_none() && cache.form(&head, Coding::Identity).is_none());
    }

    #[test]
    fn a_body_comes_back_out_of_any_form() {
        let text = b"by=year,outcome\n".repeat(100);
        for coding in Coding::ALL {
            let cache = cache(1 << 20);
            let body = Body::from(text.clone());
            assert!(cache.find(&body.facts).is_none());
            cache.keep_form(&head(&body), coding, &encode(coding, &text).unwrap().into());
            let found = cache.find(&body.facts).expect("it is kept");
            let back = found.decoded(&body.facts).expect("it is a form of it");
            assert_eq!(back.bytes().map(|bytes| &bytes[..]), Some(&text[..]), "{coding:?}");
        }
    }

    #[test]
    fn what_is_too_large_is_found_while_it_is_spare() {
        let cache = cache(1 << 20);
        let body = Body::from(b"year\n".to_vec());
        // A head without `Cache-Control` belongs to an answer that is not cached.
        cache.keep_body(&head(&body), &body);
        cache.keep_body(&head(&body), &body.clone());
        assert!(matches!(cache.find(&body.facts), Some(Form::Uncoded(found)) if found.facts.length == 5));
        cache.budget.hold_spare(1 << 20, Body::from(b"month\n".to_vec()));
        assert!(cache.find(&body.facts).is_none(), "it made room for a later one");
    }

    #[test]
    fn what_does_not_fit_is_let_go_and_no_text_pushes_out_what_is_compact() {
        const SIZE: u64 = 1 << 20;
        let cache = cache(SIZE);
        let body = |number: u8| Body::from(vec![number; 20_000]);
        let small = head(&body(0));
        cache.keep_form(&small, Coding::Brotli, &Bytes::from_static(b"small"));
        for number in 1..=u8::MAX {
            let body = body(number);
            cache.keep_form(&head(&body), Coding::Identity, body.bytes().unwrap());
            assert!(cache.weight() <= SIZE, "{}", cache.weight());
        }
        assert!(cache.form(&small, Coding::Brotli).is_some());
        // An entry larger than a shard is not stored at all.
        cache.keep_form(&small, Coding::Zstd, &vec![0; 1 << 20].into());
        assert!(cache.form(&small, Coding::Zstd).is_none());
    }
}
