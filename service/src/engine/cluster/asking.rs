//! How a cluster is asked: by few at once, within the deadline of the answer, and never twice for the same.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use quick_cache::Weighter;
use quick_cache::sync::{Cache, GuardResult};

use crate::cluster::{ClusterError, Connection, OPENING, Rows, endpoint};
use crate::query::Deadline;
use chargesheet_count::engine::{Cell, Cells, EngineError};

/// Most statements that the cluster works on at once for one server.
const RUNNING: usize = 2;
/// Most questions that wait for that. Further ones are refused at once.
const WAITING: usize = 6;
/// Most questions at once, running and waiting. Each holds a thread of the server, which has as many more.
pub const MOST: usize = RUNNING + WAITING;
/// Memory for answers that came, in bytes. They are right for ever, because releases do not change.
const KEPT: u64 = 64 << 20;
/// How long a statement may take where nobody set a deadline: on the terminal, and when data are loaded.
const LONGEST: Duration = Duration::from_secs(3600);
/// How long an unreachable cluster is left alone, and how often it is looked after.
const LATER: Duration = Duration::from_secs(5);
/// How long a cluster that is looked after may take to answer, before it is taken for lost.
const PATIENCE: Duration = Duration::from_secs(20);

/// The groups of an answer, sorted: a column of keys for each dimension, and the count.
#[derive(Debug, Default, Clone)]
pub struct Groups {
    /// The keys.
    pub keys: Vec<Cells<Option<i32>>>,
    /// The counts.
    pub counts: Cells<Cell>,
    /// The texts of the sources of records, by number.
    pub origins: Arc<[String]>,
}

/// Weighs an answer in bytes.
#[derive(Debug, Clone)]
struct Weight;

impl Weighter<String, Arc<Groups>> for Weight {
    fn weight(&self, sql: &String, groups: &Arc<Groups>) -> u64 {
        (sql.len() + groups.counts.len() * (8 + 4 * groups.keys.len()) + 200) as u64
            + groups.origins.iter().map(|text| text.len() as u64 + 40).sum::<u64>()
    }
}

/// What is known of a cluster at this moment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct State {
    /// Whether it answered when it was last asked.
    pub is_there: bool,
    /// Statements that it works on.
    pub running: usize,
    /// Questions that wait for that.
    pub waiting: usize,
    /// Statements that it was asked.
    pub asked: u64,
    /// Answers that were there already.
    pub kept: u64,
}

/// A cluster that is asked.
#[derive(Debug)]
pub struct Asking {
    address: String,
    token: Option<String>,
    connection: Mutex<Link>,
    state: Mutex<State>,
    freed: Condvar,
    kept: Cache<String, Arc<Groups>, Weight>,
}

/// The connection, or since when and why there is none.
#[derive(Debug, Default)]
enum Link {
    #[default]
    Unused,
    Open(Arc<Connection>),
    Away(Instant, String),
}

/// The cluster that releases in parts are counted by.
static CHOSEN: OnceLock<Arc<Asking>> = OnceLock::new();

/// Chooses the cluster at `sc://host:port` for all releases in parts, and looks after it from now on. It need not be there yet.
///
/// # Errors
/// When the address is none.
pub fn choose(address: &str, token: Option<String>) -> Result<(), String> {
    endpoint(address).map_err(|error| error.to_string())?;
    let chosen = Arc::clone(CHOSEN.get_or_init(|| Arc::new(Asking::at(address, token))));
    let look = move || loop {
        // What is wrong is said to whoever asks.
        let _ = chosen.with(|connection| connection.answers(PATIENCE));
        std::thread::sleep(LATER);
    };
    let looking = std::thread::Builder::new().name("cluster".to_owned()).spawn(look);
    looking.map(|_running| ()).map_err(|error| format!("cannot look after {address}: {error}"))
}

/// Returns the chosen cluster.
pub fn chosen() -> Option<&'static Arc<Asking>> {
    CHOSEN.get()
}

/// A place among those that wait, or a turn to ask. It is given back when it is dropped.
struct Turn<'a> {
    asking: &'a Asking,
    is_running: bool,
}

impl Turn<'_> {
    /// Waits for the turn.
    fn begin(&mut self) -> Result<(), EngineError> {
        let mut state = locked(&self.asking.state);
        while state.running >= RUNNING {
            let deadline = Deadline::current();
            let left = deadline.moment().map_or(LONGEST, |end| end.saturating_duration_since(Instant::now()));
            if left.is_zero() {
                // A deadline that has passed unwinds, so the state is let go before.
                drop(state);
                deadline.keep();
                return Err(EngineError::Busy);
            }
            state = self.asking.freed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        state.waiting -= 1;
        state.running += 1;
        self.is_running = true;
        Ok(())
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut state = locked(&self.asking.state);
        let place = if self.is_running { &mut state.running } else { &mut state.waiting };
        *place -= 1;
        self.asking.freed.notify_all();
    }
}

/// What is behind a lock is whole after each change, so a panic elsewhere makes no difference.
fn locked<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Returns the time until the deadline of this thread's answer. Unwinds when it has passed.
fn time_left() -> Duration {
    let deadline = Deadline::current();
    deadline.keep();
    deadline.moment().map_or(LONGEST, |end| end.saturating_duration_since(Instant::now()))
}

fn away(error: &ClusterError) -> EngineError {
    if matches!(error, ClusterError::TooLarge) {
        return EngineError::TooManyRows;
    }
    // The deadline has passed, most likely: then the computation ends as every other does.
    if matches!(error, ClusterError::Late { .. }) {
        Deadline::current().keep();
    }
    EngineError::Away(error.to_string())
}

impl Asking {
    /// Makes the cluster at an address.
    pub fn at(address: &str, token: Option<String>) -> Self {
        Self {
            address: address.to_owned(),
            token,
            connection: Mutex::default(),
            state: Mutex::default(),
            freed: Condvar::new(),
            kept: Cache::with_weighter(1000, KEPT, Weight),
        }
    }

    /// Returns what is known of the cluster.
    pub fn state(&self) -> State {
        *locked(&self.state)
    }

    /// Returns the answer to a statement, and whether it was there already. Whoever asks the same at the same time waits for the one
    /// answer. `held` says whether the cluster sees what it should; `read` makes groups of the rows.
    ///
    /// # Errors
    /// When the cluster is away or too many wait for it, or its answer is not right.
    pub fn groups(
        &self,
        sql: &str,
        held: impl Fn(&Connection, Duration) -> Result<(), ClusterError>,
        read: impl FnOnce(&Rows) -> Result<Groups, EngineError>,
    ) -> Result<(Arc<Groups>, bool), EngineError> {
        let kept = |groups| {
            locked(&self.state).kept += 1;
            Ok((groups, true))
        };
        if let Some(groups) = self.kept.get(sql) {
            return kept(groups);
        }
        // Whoever waits for another one's answer holds a thread too, and so a place.
        let mut turn = self.place()?;
        let place = match self.kept.get_value_or_guard(sql, Some(time_left())) {
            GuardResult::Value(groups) => return kept(groups),
            GuardResult::Guard(place) => place,
            GuardResult::Timeout => return Err(away(&ClusterError::Late { seconds: LONGEST.as_secs() })),
        };
        turn.begin()?;
        locked(&self.state).asked += 1;
        let rows = self.with(|connection| {
            held(connection, time_left())?;
            connection.ask(sql, time_left())
        });
        let rows = match rows {
            Ok(rows) => rows,
            Err(error) => {
                drop(place);
                if matches!(error, ClusterError::NotWhole { .. }) {
                    // Files that are others now may have been others before, when answers that were kept were made.
                    self.kept.clear();
                }
                return Err(away(&error));
            }
        };
        let groups = Arc::new(read(&rows.into())?);
        // Where there is no room for it, the next one asks again.
        let _ = place.insert(Arc::clone(&groups));
        Ok((groups, false))
    }

    /// Takes a place among those that wait.
    fn place(&self) -> Result<Turn<'_>, EngineError> {
        let mut state = locked(&self.state);
        if state.running + state.waiting >= MOST {
            return Err(EngineError::Busy);
        }
        state.waiting += 1;
        Ok(Turn { asking: self, is_running: false })
    }

    /// Asks by the open connection. One that was open before and does not work any more is opened again once.
    fn with<T>(&self, ask: impl Fn(&Connection) -> Result<T, ClusterError>) -> Result<T, ClusterError> {
        let known = match &*locked(&self.connection) {
            Link::Open(connection) => Some(Arc::clone(connection)),
            Link::Away(since, why) if since.elapsed() < LATER => {
                let place = self.address.trim_start_matches("sc://").to_owned();
                return Err(ClusterError::Away { place, why: why.clone() });
            }
            Link::Unused | Link::Away(..) => None,
        };
        if let Some(connection) = known {
            match ask(&connection) {
                Err(ClusterError::Away { .. }) => self.lose(&connection),
                done => return done,
            }
        }
        let opened = Connection::open(&self.address, self.token.as_deref(), OPENING.min(time_left()));
        let opened = opened.map(Arc::new);
        let connection = match opened {
            Ok(connection) => connection,
            Err(error) => {
                let why = match &error {
                    // Who had little time left says nothing about the cluster.
                    ClusterError::Late { .. } => return Err(error),
                    ClusterError::Away { why, .. } => why.clone(),
                    other => other.to_string(),
                };
                let mut link = locked(&self.connection);
                // Somebody else may have had more luck meanwhile.
                if !matches!(*link, Link::Open(_)) {
                    *link = Link::Away(Instant::now(), why);
                    locked(&self.state).is_there = false;
                }
                return Err(error);
            }
        };
        *locked(&self.connection) = Link::Open(Arc::clone(&connection));
        locked(&self.state).is_there = true;
        let done = ask(&connection);
        if matches!(done, Err(ClusterError::Away { .. })) {
            self.lose(&connection);
        }
        done
    }

    /// Forgets a connection that does not work any more, unless somebody has opened another one.
    fn lose(&self, connection: &Arc<Connection>) {
        let mut link = locked(&self.connection);
        if matches!(&*link, Link::Open(own) if Arc::ptr_eq(own, connection)) {
            *link = Link::Unused;
            locked(&self.state).is_there = false;
        }
    }
}
