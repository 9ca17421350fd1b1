//! Answers that were made already.
//!
//! Three tables. An *address*, as it was spelled, leads to the head of its answer while the same state of things is
//! served; that is all that a second request needs, besides the bytes. The canonical form of a *question* to a release
//! leads to the digest of its answer, however it is spelled and whatever was published since. The *forms* of a body are
//! kept by that digest. All of them have a fixed room in bytes; what was not asked for longest is let go. Of a body that
//! is too large to be kept the head is; the body itself is held by `sending.rs` while there is room.
//!
//! Of a request only path, query and what `Accept-Encoding` chooses are looked at; the routes see no header at all
//! (`edge.rs`). So no header can change what others are sent.

mod flights;
mod forms;
mod head;

use std::sync::Arc;

use hyper::body::Bytes;
use prometheus::{IntCounter, IntGauge};
use quick_cache::Weighter;
use quick_cache::sync::Cache as Table;

pub use flights::Flights;
pub use forms::AnyForm;
use forms::Forms;
pub use head::{Head, repr_digest};

use super::body::Body;
use super::coding::Coding;
use super::metrics::{Cache as Counted, Metrics};

/// Room in bytes where nobody says otherwise.
pub const ROOM: u64 = 128 * 1024 * 1024;

/// The tables.
#[derive(Debug)]
pub struct Cache {
    addresses: Table<String, Addressed, Weight>,
    questions: Table<String, Answered, Weight>,
    forms: Forms,
    hits: IntCounter,
    misses: IntCounter,
    kept: IntGauge,
}

/// What an address leads to.
#[derive(Debug, Clone)]
struct Addressed {
    /// The state of things that it was made from.
    generation: u64,
    head: Arc<Head>,
}

/// What is known of the answer to a question.
#[derive(Debug, Clone)]
struct Answered {
    digest: [u8; 32],
    length: u64,
    rows: Option<usize>,
    is_saved: bool,
    is_passing: bool,
}

#[derive(Debug, Clone)]
struct Weight;

/// Bytes that an entry takes besides what it holds.
const AROUND: u64 = 120;

impl Weighter<String, Addressed> for Weight {
    fn weight(&self, address: &String, value: &Addressed) -> u64 {
        address.len() as u64 + value.head.weight() + AROUND
    }
}

impl Weighter<String, Answered> for Weight {
    fn weight(&self, question: &String, _: &Answered) -> u64 {
        question.len() as u64 + AROUND
    }
}

impl Cache {
    /// Makes a cache with room for so many bytes; 0 keeps nothing.
    /// `metrics` gets to know how often an answer was there, and how much is kept.
    pub fn new(room: u64, metrics: &Metrics) -> Self {
        let (hits, misses) = metrics.of_cache(Counted::Answers);
        let kept = metrics.bytes_of_cache(Counted::Answers);
        const HEAD: u64 = 5 * 1024;
        const QUESTION: u64 = 400;
        // An eighth for heads, a sixteenth for questions, the rest for bodies.
        let (heads, questions) = (room / 8, room / 16);
        let items = |room: u64, one: u64| usize::try_from(room / one).unwrap_or(usize::MAX).max(1);
        Self {
            addresses: Table::with_weighter(items(heads, HEAD), heads, Weight),
            questions: Table::with_weighter(items(questions, QUESTION), questions, Weight),
            forms: Forms::new(room - heads - questions),
            hits,
            misses,
            kept,
        }
    }

    /// Returns the head of the answer at an address, in one state of things.
    pub fn head(&self, address: &str, generation: u64) -> Option<Arc<Head>> {
        self.addresses.get(address).filter(|own| own.generation == generation).map(|own| own.head)
    }

    /// Keeps the head of an answer.
    pub fn keep_head(&self, address: &str, generation: u64, head: &Arc<Head>) {
        self.addresses.insert(address.to_owned(), Addressed { generation, head: Arc::clone(head) });
    }

    /// Returns the body under a head in a coding: before any other the form that was made when the program was built.
    pub fn form(&self, head: &Head, coding: Coding) -> Option<Bytes> {
        head.packed(coding).or_else(|| self.forms.get(&(head.digest(), coding), head.is_codable()))
    }

    /// Keeps the body under a head in a coding.
    pub fn keep_form(&self, head: &Head, coding: Coding, bytes: &Bytes) {
        self.forms.keep((head.digest(), coding), head.is_codable(), bytes.clone());
    }

    /// Remembers a body that is too large to be kept, for as long as somebody else holds it. Returns whether the same was
    /// not remembered already.
    pub fn remember(&self, body: &Arc<Body>) -> bool {
        self.forms.remember(body)
    }

    /// Returns the body under a head in whatever form there is.
    pub fn find(&self, head: &Head) -> Option<AnyForm> {
        self.forms.find(head.digest())
    }

    /// Returns the answer to a question, out of any form that there is. May have to decode it: takes a turn to compute.
    pub fn answer(&self, question: &str) -> Option<Body> {
        let Answered { digest, length, rows, is_saved, is_passing } = self.questions.get(question)?;
        let body = self.forms.find(digest)?.decoded(digest, length)?;
        let body = if is_saved { body.saved() } else { body };
        let body = if is_passing { body.passing() } else { body };
        Some(match rows {
            Some(rows) => body.with_rows(rows),
            None => body,
        })
    }

    /// Remembers which answer a question has.
    pub fn keep_answer(&self, question: String, body: &Body) {
        let (rows, is_saved, is_passing) = (body.rows(), body.is_saved(), body.is_passing());
        let answered = Answered { digest: body.digest(), length: body.length(), rows, is_saved, is_passing };
        self.questions.insert(question, answered);
    }

    /// Counts a request that was answered without asking a route, or one that was not.
    pub fn count(&self, is_hit: bool) {
        if is_hit {
            self.hits.inc();
        } else {
            self.misses.inc();
            self.kept.set(i64::try_from(self.bytes()).unwrap_or(i64::MAX));
        }
    }

    /// Returns how many bytes are taken.
    fn bytes(&self) -> u64 {
        self.addresses.weight() + self.questions.weight() + self.forms.weight()
    }
}

#[cfg(test)]
mod tests {
    use warp::http::HeaderMap;

    use super::*;

    #[test]
    fn an_address_leads_nowhere_once_something_else_is_served() {
        let cache = Cache::new(ROOM, &Metrics::new());
        let head = Arc::new(Head::new(HeaderMap::new(), &Body::from(b"a".to_vec())));
        cache.keep_head("/a", 1, &head);
        assert!(cache.head("/a", 1).is_some());
        assert!(cache.head("/a", 2).is_none() && cache.head("/a?", 1).is_none());
    }

    #[test]
    fn an_answer_comes_back_with_all_that_is_said_of_it_and_not_when_its_body_is_gone() {
        let cache = Cache::new(ROOM, &Metrics::new());
        let body = Body::from(b"year\n2020\n".to_vec()).with_rows(1).saved();
        cache.keep_answer("a".to_owned(), &body);
        assert!(cache.answer("a").is_none(), "no form of it is kept");
        let head = Head::new(HeaderMap::new(), &body);
        cache.keep_form(&head, Coding::Identity, body.bytes().unwrap());
        let back = cache.answer("a").unwrap();
        assert_eq!((back.rows(), back.is_saved(), back.digest()), (Some(1), true, body.digest()));
    }

    #[test]
    fn a_hundred_thousand_addresses_and_questions_take_no_more_than_the_room() {
        const ROOM: u64 = 4 * 1024 * 1024;
        let cache = Cache::new(ROOM, &Metrics::new());
        for number in 0..100_000_u32 {
            let body = Body::from(number.to_string().into_bytes());
            let head = Arc::new(Head::new(HeaderMap::new(), &body));
            cache.keep_head(&number.to_string(), 1, &head);
            cache.keep_answer(number.to_string(), &body);
            cache.keep_form(&head, Coding::Identity, body.bytes().unwrap());
        }
        assert!(cache.bytes() <= ROOM, "{:?}", cache.bytes());
        assert!(cache.bytes() > ROOM / 4, "{:?}", cache.bytes());
    }

    #[test]
    fn without_room_nothing_is_kept() {
        let cache = Cache::new(0, &Metrics::new());
        let body = Body::from(b"a".to_vec());
        let head = Arc::new(Head::new(HeaderMap::new(), &body));
        cache.keep_head("/a", 1, &head);
        cache.keep_form(&head, Coding::Identity, body.bytes().unwrap());
        assert!(cache.head("/a", 1).is_none() && cache.form(&head, Coding::Identity).is_none());
    }
}
