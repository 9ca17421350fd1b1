//! A connection to Spark over Spark Connect (gRPC). It trusts no answer: ANSI mode is demanded, the rows that came are held
//! against the rows that were promised, and a stream that ends early is an error.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use arrow_array::{Array as _, RecordBatch, StringArray};
use arrow_ipc::reader::StreamReader;
use grpc_http::uri::PathAndQuery;
use tokio::runtime::Runtime;
use tonic::client::Grpc;
use tonic::metadata::{Ascii, MetadataValue};
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Request, Status};
use tonic_prost::ProstCodec;

use super::error::ClusterError;
use super::messages::{Answer, Execute, Interrupt, Interrupted, Plan, Relation, Sql, User};

/// The oldest Spark whose answers were compared with ours.
const LEAST: &str = "4.3.0";
/// Settings without which an answer may be wrong, and what they must be: an overflow is an error, so is a file that is missing or
/// cannot be read, and `${…}` in the name of a file is no variable.
pub(super) const SETTINGS: [(&str, &str); 4] = [
    ("spark.sql.ansi.enabled", "true"),
    ("spark.sql.files.ignoreCorruptFiles", "false"),
    ("spark.sql.files.ignoreMissingFiles", "false"),
    ("spark.sql.variable.substitute", "false"),
];
/// Most bytes of a message. Spark cuts answers into batches of some megabytes.
const LARGEST: usize = 64 << 20;
/// Most bytes of an answer. Larger tables are read from the storage; an answer that fills the driver's memory makes it hang.
const LARGEST_ANSWER: usize = 1 << 28;
/// What Spark says when workers could not write, as on a full disk, and when they failed in different ways at once.
const HIDDEN: [&str; 2] = ["Boxed Exception", "[TASK_WRITE_FAILED]"];
const HIDDEN_MEANS: &str = "Spark keeps the cause to itself; look whether the disk of the store is full, and into the log of its Connect server";
/// How long reaching the server, or an interruption, may take.
const SHORT: Duration = Duration::from_secs(10);
/// How often the system asks whether the server's machine is still there while an answer is waited for, and how often in vain.
const KEEP_ALIVE: (Duration, u32) = (Duration::from_secs(15), 4);

/// How long opening a connection may take. A server that has just been started needs long for its first statement.
pub const OPENING: Duration = Duration::from_secs(60);

/// A connection with a session of its own.
#[derive(Debug)]
pub struct Connection {
    runtime: Runtime,
    channel: Channel,
    place: String,
    session: String,
    /// The server's own id of the session, from its first answer on.
    observed: OnceLock<String>,
    token: Option<MetadataValue<Ascii>>,
}

impl Connection {
    /// Connects to `sc://host:port`, within `most`.
    ///
    /// # Errors
    /// When nobody answers there, the token is wrong, or Spark is too old or keeps a setting that makes sums wrong.
    pub fn open(address: &str, token: Option<&str>, most: Duration) -> Result<Self, ClusterError> {
        let end = Instant::now() + most;
        let (endpoint, place) = endpoint(address)?;
        let endpoint = endpoint
            .connect_timeout(SHORT.min(most))
            .tcp_keepalive(Some(KEEP_ALIVE.0))
            .tcp_keepalive_interval(Some(KEEP_ALIVE.0))
            .tcp_keepalive_retries(Some(KEEP_ALIVE.1));
        let away = |why: String| ClusterError::Away { place: place.clone(), why };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| away(error.to_string()))?;
        let channel = runtime.block_on(endpoint.connect()).map_err(|error| away(cause(&error)))?;
        let token = token.map(|token| format!("Bearer {token}").parse::<MetadataValue<Ascii>>()).transpose();
        let mut token = token.map_err(|_wrong| ClusterError::Token {
            place: place.clone(),
            why: "it has a character that no token has".to_owned(),
        })?;
        if let Some(token) = &mut token {
            // It is shown in no log.
            token.set_sensitive(true);
        }
        let own = Self { runtime, channel, place, session: uuid(), observed: OnceLock::new(), token };
        own.demand(end)?;
        Ok(own)
    }

    /// Demands what answers need of Spark, until a moment.
    fn demand(&self, end: Instant) -> Result<(), ClusterError> {
        let version = self.text("SELECT version()", 0, end)?;
        let number =
            |text: &str| -> Vec<u32> { text.split('.').map_while(|part| part.parse().ok()).collect() };
        let given = version.split([' ', '-']).next().unwrap_or_default();
        if number(given) < number(LEAST) {
            let place = self.place.clone();
            return Err(ClusterError::TooOld { place, version: given.to_owned(), least: LEAST });
        }
        for (setting, needed) in SETTINGS {
            self.text(&format!("SET {setting} = {needed}"), 1, end)?;
            let given = self.text(&format!("SET {setting}"), 1, end)?;
            if given != needed {
                return Err(ClusterError::Setting { place: self.place.clone(), setting, needed, given });
            }
        }
        Ok(())
    }

    /// Returns the one text of an answer that comes before a moment.
    fn text(&self, sql: &str, column: usize, end: Instant) -> Result<String, ClusterError> {
        match &mut self.texts(sql, end.saturating_duration_since(Instant::now()))?[..] {
            [row] if row.len() > column => Ok(row.swap_remove(column)),
            _ => Err(ClusterError::NotWhole { what: format!("`{sql}` has no text of one row") }),
        }
    }

    /// Asks a statement, and returns its rows. It is interrupted when it takes longer than `most`.
    ///
    /// # Errors
    /// When Spark cannot do it, is late or away, or its answer is not whole.
    pub fn ask(&self, sql: &str, most: Duration) -> Result<Vec<RecordBatch>, ClusterError> {
        let operation = uuid();
        let asking = async { tokio::time::timeout(most, self.receive(sql, &operation)).await };
        match self.runtime.block_on(asking) {
            Ok(answer) => answer,
            Err(_late) => {
                let interrupting = async { tokio::time::timeout(SHORT, self.interrupt(&operation)).await };
                // Whether it worked makes no difference to the one who waits.
                let _ = self.runtime.block_on(interrupting);
                Err(ClusterError::Late { seconds: most.as_secs() })
            }
        }
    }

    /// Asks a statement whose columns are all texts, and returns its rows.
    ///
    /// # Errors
    /// As [`Connection::ask`].
    pub fn texts(&self, sql: &str, most: Duration) -> Result<Vec<Vec<String>>, ClusterError> {
        let mut rows = Vec::new();
        for batch in self.ask(sql, most)? {
            let columns: Option<Vec<&StringArray>> =
                batch.columns().iter().map(|column| column.as_any().downcast_ref()).collect();
            let columns =
                columns.ok_or_else(|| ClusterError::NotWhole { what: "a column is no text".to_owned() })?;
            let cell = |column: &&StringArray, row: usize| {
                let text = if column.is_null(row) { "" } else { column.value(row) };
                text.to_owned()
            };
            rows.extend((0..batch.num_rows()).map(|row| columns.iter().map(|own| cell(own, row)).collect()));
        }
        Ok(rows)
    }

    async fn receive(&self, sql: &str, operation: &str) -> Result<Vec<RecordBatch>, ClusterError> {
        let root = Relation { sql: Some(Sql { query: sql.to_owned() }) };
        let message = Execute {
            session: self.session.clone(),
            user: Some(user()),
            plan: Some(Plan { root: Some(root) }),
            client: Some("chargesheet".to_owned()),
            operation: Some(operation.to_owned()),
            observed: self.observed.get().cloned(),
        };
        let mut grpc = Grpc::new(self.channel.clone()).max_decoding_message_size(LARGEST);
        let path = PathAndQuery::from_static("/spark.connect.SparkConnectService/ExecutePlan");
        let codec = ProstCodec::<Execute, Answer>::default();
        grpc.ready().await.map_err(|error| self.away(cause(&error)))?;
        let stream = grpc.server_streaming(self.request(message), path, codec).await;
        let mut stream = stream.map_err(|status| self.failed(&status))?.into_inner();
        let (mut batches, mut rows, mut bytes) = (Vec::new(), 0, 0);
        while let Some(answer) = stream.message().await.map_err(|status| self.failed(&status))? {
            if !answer.observed.is_empty()
                && *self.observed.get_or_init(|| answer.observed.clone()) != answer.observed
            {
                // Another session has none of the settings that were demanded.
                return Err(self.away("it has lost the session".to_owned()));
            }
            let Some(batch) = answer.batch else { continue };
            bytes += batch.data.len();
            let not_whole = |what: String| ClusterError::NotWhole { what };
            if bytes > LARGEST_ANSWER {
                return Err(ClusterError::TooLarge);
            }
            if batch.pieces.is_some_and(|pieces| pieces > 1) {
                return Err(not_whole("a batch of rows is cut into pieces".to_owned()));
            }
            if batch.before.is_some_and(|before| before != rows) {
                return Err(not_whole(format!("{rows} rows came where it says {:?}", batch.before)));
            }
            let read = read(&batch.data).map_err(|error| not_whole(error.to_string()))?;
            let came: usize = read.iter().map(RecordBatch::num_rows).sum();
            if i64::try_from(came) != Ok(batch.rows) {
                return Err(not_whole(format!("{came} rows came where {} were promised", batch.rows)));
            }
            rows += batch.rows;
            batches.extend(read);
        }
        Ok(batches)
    }

    /// Asks whether Spark still answers, which takes no time. Who does not answer within `most` is not there.
    ///
    /// # Errors
    /// When it does not.
    pub fn answers(&self, most: Duration) -> Result<(), ClusterError> {
        match self.ask("SELECT 1", most) {
            Err(ClusterError::Late { seconds }) => {
                Err(self.away(format!("it did not answer within {seconds} seconds")))
            }
            answer => answer.map(|_rows| ()),
        }
    }

    async fn interrupt(&self, operation: &str) -> Result<Interrupted, Status> {
        let message = Interrupt {
            session: self.session.clone(),
            user: Some(user()),
            by: 3,
            operation: operation.to_owned(),
        };
        let mut grpc = Grpc::new(self.channel.clone());
        let path = PathAndQuery::from_static("/spark.connect.SparkConnectService/Interrupt");
        grpc.ready().await.map_err(|error| Status::unavailable(cause(&error)))?;
        Ok(grpc.unary(self.request(message), path, ProstCodec::default()).await?.into_inner())
    }

    fn request<T>(&self, message: T) -> Request<T> {
        let mut request = Request::new(message);
        if let Some(token) = &self.token {
            request.metadata_mut().insert("authorization", token.clone());
        }
        request
    }

    fn away(&self, why: String) -> ClusterError {
        ClusterError::Away { place: self.place.clone(), why }
    }

    fn failed(&self, status: &Status) -> ClusterError {
        let why = status.message().split_whitespace().collect::<Vec<_>>().join(" ");
        match status.code() {
            Code::Unauthenticated | Code::PermissionDenied => {
                ClusterError::Token { place: self.place.clone(), why }
            }
            // What was demanded of the session is gone with it.
            Code::Internal if why.contains("INVALID_HANDLE.SESSION") => self.away(why),
            // Spark says `Internal` of whatever it cannot do, and names the kind of error.
            Code::Internal | Code::InvalidArgument if HIDDEN.iter().any(|words| why.contains(words)) => {
                ClusterError::Failed { why: format!("{why}: {HIDDEN_MEANS}") }
            }
            Code::Internal | Code::InvalidArgument if !why.is_empty() => ClusterError::Failed { why },
            _ => self.away(why),
        }
    }
}

/// Reads `sc://host:port`: where to connect to, and the place as errors name it.
///
/// # Errors
/// When it is another address. What follows the place is not repeated, because Spark's own form of address may have a token there.
pub fn endpoint(address: &str) -> Result<(Endpoint, String), ClusterError> {
    let rest = address.strip_prefix("sc://").unwrap_or_default();
    let place = rest.strip_suffix('/').unwrap_or(rest);
    let has_port = place.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    let is_place = has_port && !place.contains(['/', ';', '?', '@', '#']);
    let endpoint = Endpoint::from_shared(format!("http://{place}")).ok().filter(|_| is_place);
    // What stands before an `@` or behind the place may be a secret.
    let shown = || {
        let place = address.rsplit('@').next().unwrap_or_default();
        place.split([';', '?']).next().unwrap_or_default().to_owned()
    };
    endpoint
        .map(|endpoint| (endpoint, place.to_owned()))
        .ok_or_else(|| ClusterError::Address { given: shown() })
}

fn user() -> User {
    User { id: "chargesheet".to_owned() }
}

/// Returns the innermost cause of an error, which names what happened.
fn cause(error: &dyn std::error::Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}

/// Returns a UUID of random bits (RFC 9562, version 4), as Spark demands ids to be.
pub fn uuid() -> String {
    let random = || RandomState::new().hash_one("id");
    let (high, low) = (random(), random());
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        high >> 32,
        high >> 16 & 0xffff,
        high & 0xfff,
        low >> 48 & 0x3fff | 0x8000,
        low & 0xffff_ffff_ffff,
    )
}

/// Reads the rows of a batch.
fn read(data: &[u8]) -> Result<Vec<RecordBatch>, arrow_schema::ArrowError> {
    StreamReader::try_new(data, None)?.collect()
}
