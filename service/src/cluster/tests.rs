//! The protocol against a server that gives prepared answers, byte by byte as Spark sends them.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use arrow_ipc::writer::StreamWriter;
use prost::Message as _;

use super::connection::{SETTINGS, endpoint};
use super::messages::{Answer, Batch, Execute, Interrupt};
use super::{Cluster, ClusterError, Connection, OPENING};
use crate::ingest::{Rules, ingest_on};
use crate::package::from_folder;

/// What the server does with a statement.
#[derive(Clone)]
pub(crate) enum Act {
    /// Sends these messages, and the status.
    Send(Vec<Answer>, u8, &'static str),
    /// Sends them and closes the connection.
    Break(Vec<Answer>),
    /// Sends nothing.
    Wait,
}

/// A server of prepared answers, and the statements and interruptions that came.
pub(crate) struct Fake {
    pub(crate) address: String,
    pub(crate) came: Arc<Mutex<Vec<String>>>,
}

fn rows(column: ArrayRef) -> Batch {
    batch(&RecordBatch::try_from_iter([("key", Arc::clone(&column)), ("value", column)]).unwrap())
}

/// Returns rows as Spark sends them.
pub(crate) fn batch(batch: &RecordBatch) -> Batch {
    let mut data = Vec::new();
    let mut writer = StreamWriter::try_new(&mut data, &batch.schema()).unwrap();
    writer.write(batch).unwrap();
    writer.finish().unwrap();
    Batch { rows: batch.num_rows() as i64, data, before: None, pieces: None }
}

pub(crate) fn text(text: &str) -> Act {
    sends(vec![rows(Arc::new(StringArray::from(vec![text])))])
}

pub(crate) fn sends(batches: Vec<Batch>) -> Act {
    Act::Send(answers(batches), 0, "")
}

fn answers(batches: Vec<Batch>) -> Vec<Answer> {
    let answer = |batch| Answer { batch: Some(batch), observed: "own".to_owned() };
    // Spark tells of types and progress in messages without rows.
    [Answer::default()].into_iter().chain(batches.into_iter().map(answer)).collect()
}

impl Fake {
    /// Starts a server. `act` says what it does with a statement, apart from those of the beginning.
    pub(crate) fn of(act: impl Fn(&str) -> Option<Act> + Send + Sync + 'static) -> Self {
        let came = Arc::new(Mutex::new(Vec::new()));
        let (own, act) = (Arc::clone(&came), Arc::new(act));
        let (send, receive) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
                send.send(listener.local_addr().unwrap()).unwrap();
                while let Ok((socket, _)) = listener.accept().await {
                    serve(socket, Arc::clone(&own), Arc::clone(&act)).await;
                }
            });
        });
        Self { address: format!("sc://{}", receive.recv().unwrap()), came }
    }

    fn connection(&self) -> Result<Connection, ClusterError> {
        Connection::open(&self.address, Some("secret"), OPENING)
    }

    fn ask(&self, sql: &str) -> Result<Vec<RecordBatch>, ClusterError> {
        self.connection().unwrap().ask(sql, Duration::from_secs(5))
    }
}

async fn serve(
    socket: tokio::net::TcpStream,
    came: Arc<Mutex<Vec<String>>>,
    act: Arc<impl Fn(&str) -> Option<Act> + Send + Sync + 'static>,
) {
    let mut connection = h2::server::handshake(socket).await.unwrap();
    let (broken, breaks) = tokio::sync::oneshot::channel::<()>();
    let broken = Arc::new(Mutex::new(Some(broken)));
    let serving = tokio::spawn(async move {
        while let Some(Ok((request, respond))) = connection.accept().await {
            tokio::spawn(answer(request, respond, Arc::clone(&came), Arc::clone(&act), Arc::clone(&broken)));
        }
    });
    let ends = serving.abort_handle();
    tokio::spawn(async move {
        if breaks.await.is_ok() {
            // What is queued is sent before the connection is closed.
            tokio::time::sleep(Duration::from_millis(100)).await;
            ends.abort();
        }
    });
}

async fn answer(
    request: grpc_http::Request<h2::RecvStream>,
    mut respond: h2::server::SendResponse<bytes::Bytes>,
    came: Arc<Mutex<Vec<String>>>,
    act: Arc<impl Fn(&str) -> Option<Act>>,
    broken: Arc<Mutex<Option<tokio::sync::oneshot::Sender<()>>>>,
) {
    let mut response =
        grpc_http::Response::builder().header("content-type", "application/grpc").body(()).unwrap();
    let (parts, mut body) = request.into_parts();
    if parts.headers.get("authorization").is_none_or(|token| token != "Bearer secret") {
        response.headers_mut().insert("grpc-status", 16.into());
        response.headers_mut().insert("grpc-message", "Invalid authentication token".parse().unwrap());
        respond.send_response(response, true).unwrap();
        return;
    }
    let mut bytes = Vec::new();
    while let Some(data) = body.data().await {
        bytes.extend_from_slice(&data.unwrap());
    }
    let mut send = respond.send_response(response, false).unwrap();
    let (messages, status, words) = if parts.uri.path().ends_with("/Interrupt") {
        let interrupt = Interrupt::decode(&bytes[5..]).unwrap();
        came.lock().unwrap().push(format!("interrupt {} by {}", interrupt.operation.len(), interrupt.by));
        (vec![Answer::default()], 0, "")
    } else {
        let execute = Execute::decode(&bytes[5..]).unwrap();
        let sql = execute.plan.unwrap().root.unwrap().sql.unwrap().query;
        came.lock().unwrap().push(sql.clone());
        let usual = || match sql.as_str() {
            "SELECT version()" => text("4.3.0 98bc0212"),
            _ => text(SETTINGS.iter().find(|(name, _)| sql.contains(name)).map_or("", |(_, needed)| needed)),
        };
        match act(&sql).unwrap_or_else(usual) {
            Act::Send(messages, status, words) => (messages, status, words),
            Act::Break(messages) => {
                framed(&mut send, messages);
                broken.lock().unwrap().take().unwrap().send(()).unwrap();
                return std::future::pending().await;
            }
            Act::Wait => return std::future::pending().await,
        }
    };
    framed(&mut send, messages);
    let mut trailers = grpc_http::HeaderMap::new();
    trailers.insert("grpc-status", i32::from(status).into());
    trailers.insert("grpc-message", words.parse().unwrap());
    send.send_trailers(trailers).unwrap();
}

fn framed(send: &mut h2::SendStream<bytes::Bytes>, messages: Vec<Answer>) {
    for message in messages {
        let message = message.encode_to_vec();
        let mut frame = vec![0];
        frame.extend_from_slice(&u32::try_from(message.len()).unwrap().to_be_bytes());
        frame.extend(message);
        send.send_data(frame.into(), false).unwrap();
    }
}

fn numbers(numbers: Vec<i64>) -> Batch {
    rows(Arc::new(Int64Array::from(numbers)))
}

#[test]
fn rows_come_as_they_were_sent() {
    let fake = Fake::of(|sql| {
        let second = Batch { before: Some(2), ..numbers(vec![3]) };
        (sql == "SELECT 1").then(|| sends(vec![Batch { before: Some(0), ..numbers(vec![1, 2]) }, second]))
    });
    let batches = fake.ask("SELECT 1").unwrap();
    assert_eq!(batches.iter().map(RecordBatch::num_rows).collect::<Vec<_>>(), [2, 1]);
    let came = fake.came.lock().unwrap();
    let first = ["SELECT version()", "SET spark.sql.ansi.enabled = true", "SET spark.sql.ansi.enabled"];
    assert_eq!((&came[..3], came.len()), (&first.map(str::to_owned)[..], 2 + 2 * SETTINGS.len()));
}

#[test]
fn an_answer_that_is_not_whole_is_none() {
    type Case = (fn() -> Act, &'static str);
    let cases: [Case; 8] = [
        (|| sends(vec![Batch { rows: 3, ..numbers(vec![1, 2]) }]), "2 rows came where 3 were promised"),
        (|| sends(vec![Batch { before: Some(2), ..numbers(vec![1]) }]), "0 rows came where it says Some(2)"),
        (|| sends(vec![Batch { pieces: Some(2), ..numbers(vec![1]) }]), "a batch of rows is cut into pieces"),
        (|| sends(vec![Batch { data: vec![1, 2, 3], ..numbers(vec![1]) }]), "not whole"),
        (|| Act::Break(answers(vec![numbers(vec![1])])), "is away: "),
        (
            || Act::Send(answers(vec![numbers(vec![1])]), 13, "[DIVIDE_BY_ZERO] Division"),
            "cannot do it: [DIVIDE_BY_ZERO]",
        ),
        // What was demanded of a session is gone with it, so that another one is opened.
        (
            || Act::Send(answers(Vec::new()), 13, "[INVALID_HANDLE.SESSION_CHANGED] The handle is invalid"),
            "is away: [INVALID_HANDLE",
        ),
        (
            || Act::Send(answers(Vec::new()), 13, "Boxed Exception"),
            "look whether the disk of the store is full",
        ),
    ];
    for (act, words) in cases {
        let fake = Fake::of(move |sql| (sql == "SELECT 1").then(act));
        let error = fake.ask("SELECT 1").unwrap_err().to_string();
        assert!(error.contains(words), "{error} and not {words}");
    }
}

#[test]
fn a_late_answer_is_interrupted() {
    let fake = Fake::of(|sql| (sql == "SELECT 1").then_some(Act::Wait));
    let connection = fake.connection().unwrap();
    let error = connection.ask("SELECT 1", Duration::from_millis(200)).unwrap_err();
    assert!(matches!(error, ClusterError::Late { .. }), "{error}");
    assert_eq!(fake.came.lock().unwrap().last().map(String::as_str), Some("interrupt 36 by 3"));
    let error = connection.answers(Duration::from_millis(200)).unwrap_err().to_string();
    assert!(error.contains("is away: it did not answer within"), "{error}");
}

#[test]
fn a_spark_that_is_too_old_or_keeps_a_setting_is_refused() {
    let refused = |statement: &'static str, answer: &'static str| {
        let fake = Fake::of(move |sql| (sql == statement).then(|| text(answer)));
        fake.connection().unwrap_err().to_string()
    };
    let old = refused("SELECT version()", "3.5.1 abc");
    assert!(old.contains("is \"3.5.1\"; 4.3.0 or later is needed"), "{old}");
    assert!(refused("SELECT version()", "").contains("is \"\"; 4.3.0"));
    for (setting, needed) in SETTINGS {
        let other = if needed == "true" { "false" } else { "true" };
        let wrong = refused(format!("SET {setting}").leak(), other);
        assert!(wrong.contains(&format!("keeps {setting} at \"{other}\"; {needed} is needed")), "{wrong}");
    }
}

#[test]
fn a_wrong_token_is_named_and_not_shown() {
    let fake = Fake::of(|_| None);
    for token in [None, Some("guessed")] {
        let error = Connection::open(&fake.address, token, OPENING).unwrap_err().to_string();
        assert!(error.contains("refuses the token in CHARGESHEET_ENGINE_TOKEN: Invalid"), "{error}");
        assert!(!error.contains("guessed"), "{error}");
    }
    let connection = fake.connection().unwrap();
    assert!(!format!("{connection:?}").contains("secret"));
}

#[test]
fn an_address_where_nobody_is_is_named() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let error = Connection::open(&format!("sc://{free}"), None, OPENING).unwrap_err().to_string();
    assert!(
        error.contains(&format!("Spark Connect at {free} is away: ")) && error.contains("refused"),
        "{error}"
    );
    // Spark's own form of address has a token and TLS behind the place, which would be left out without a word.
    for address in [
        "spark://host:7077",
        "http://host:1",
        "sc://",
        "sc://a b:1",
        "sc://host",
        "sc://host:70000",
        "sc://host:15002/;token=secret;use_ssl=true",
        "sc://secret@host:15002",
    ] {
        let error = Connection::open(address, None, OPENING).unwrap_err();
        assert!(matches!(error, ClusterError::Address { .. }), "{address}: {error}");
        assert!(error.to_string().contains("write sc://host:15002"), "{error}");
        assert!(!error.to_string().contains("token") && !error.to_string().contains("secret"), "{error}");
    }
    assert_eq!(endpoint("sc://[::1]:15002/").unwrap().1, "[::1]:15002");
}

#[test]
fn a_file_that_changes_while_it_is_checked_is_named() {
    let folder = std::env::temp_dir().join(format!("chargesheet-changes-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("c")).unwrap();
    let descriptor = r#"{
        "name": "p", "title": "P", "version": "1", "created": "2026-01-02T00:00:00Z", "sources": [],
        "licenses": [{ "name": "CC0-1.0" }],
        "resources": [{ "name": "statutes", "path": "s.csv" }, { "name": "charges", "path": "c", "format": "parquet" }],
        "chargesheet": { "kind": "case-level", "measures": ["charges"], "time_basis": "charge", "additive": [],
            "disclosure": "none" }
    }"#;
    let statutes = "statute,parent,country,law,article,part,title_en,title_ru,title_kk,offence,in_force_from,in_force_to,\
                    successor,url\nKAZ-274,,KAZ,Code,274,,False information,,,,,,,\n";
    for (name, text) in
        [("datapackage.json", descriptor), ("s.csv", statutes), ("c/0.parquet", "-"), ("c/1.parquet", "-")]
    {
        std::fs::write(folder.join(name), text).unwrap();
    }
    let changed = folder.join("c/1.parquet");
    let fake = Fake::of(move |sql| {
        if sql.starts_with("INSERT") {
            std::fs::write(&changed, "other").unwrap();
        }
        Some(sends(Vec::new())).filter(|_| sql.starts_with("INSERT"))
    });
    let package = from_folder(&folder).unwrap();
    let rules = Rules::of_any_day();
    let cluster = Cluster::of(
        fake.connection().unwrap(),
        Path::new("/chargesheet"),
        &folder,
        &folder.join("work"),
        jiff::civil::date(2026, 11, 24),
        Duration::from_secs(5),
    );
    ingest_on(&package, &rules, &cluster).unwrap();
    let told = cluster.sorted().unwrap_err().to_string();
    assert!(told.ends_with("c/1.parquet has changed while it was checked"), "{told}");
    std::fs::remove_dir_all(folder).unwrap();
}
