//! The messages of Spark Connect that we send and read, with the numbers of `spark/connect/base.proto` (Apache Spark 4.3). Members
//! that we do not use are left out; Protocol Buffers pass over them.

use prost::Message;

/// A statement to be executed.
#[derive(Clone, PartialEq, Message)]
pub struct Execute {
    /// The id of the session.
    #[prost(string, tag = "1")]
    pub session: String,
    /// Who asks.
    #[prost(message, optional, tag = "2")]
    pub user: Option<User>,
    /// What is asked.
    #[prost(message, optional, tag = "3")]
    pub plan: Option<Plan>,
    /// The name of the program that asks.
    #[prost(string, optional, tag = "4")]
    pub client: Option<String>,
    /// The id of the operation, by which it is interrupted.
    #[prost(string, optional, tag = "6")]
    pub operation: Option<String>,
    /// The server's own id of the session, once it is known. A server that has lost the session then refuses, instead of beginning
    /// another one without our settings.
    #[prost(string, optional, tag = "8")]
    pub observed: Option<String>,
}

/// Who asks.
#[derive(Clone, PartialEq, Message)]
pub struct User {
    /// The id of the user.
    #[prost(string, tag = "1")]
    pub id: String,
}

/// What is asked.
#[derive(Clone, PartialEq, Message)]
pub struct Plan {
    /// A relation, whose rows are the answer.
    #[prost(message, optional, tag = "1")]
    pub root: Option<Relation>,
}

/// A relation that is written in SQL. Spark takes statements that write and settings in this form, too.
#[derive(Clone, PartialEq, Message)]
pub struct Relation {
    /// The statement.
    #[prost(message, optional, tag = "10")]
    pub sql: Option<Sql>,
}

/// A statement of SQL.
#[derive(Clone, PartialEq, Message)]
pub struct Sql {
    /// Its text.
    #[prost(string, tag = "1")]
    pub query: String,
}

/// A part of the answer. Parts without rows tell of progress and types.
#[derive(Clone, PartialEq, Message)]
pub struct Answer {
    /// Rows.
    #[prost(message, optional, tag = "2")]
    pub batch: Option<Batch>,
    /// The server's own id of the session.
    #[prost(string, tag = "15")]
    pub observed: String,
}

/// Rows as a stream of Arrow IPC.
#[derive(Clone, PartialEq, Message)]
pub struct Batch {
    /// How many rows there are.
    #[prost(int64, tag = "1")]
    pub rows: i64,
    /// The stream.
    #[prost(bytes = "vec", tag = "2")]
    pub data: Vec<u8>,
    /// How many rows of the answer came before.
    #[prost(int64, optional, tag = "3")]
    pub before: Option<i64>,
    /// How many pieces the stream is cut into, if it is cut.
    #[prost(int64, optional, tag = "5")]
    pub pieces: Option<i64>,
}

/// Ends an operation.
#[derive(Clone, PartialEq, Message)]
pub struct Interrupt {
    /// The id of the session.
    #[prost(string, tag = "1")]
    pub session: String,
    /// Who asks.
    #[prost(message, optional, tag = "2")]
    pub user: Option<User>,
    /// What the operation is named by: 3 is its id.
    #[prost(int32, tag = "4")]
    pub by: i32,
    /// The id of the operation.
    #[prost(string, tag = "6")]
    pub operation: String,
}

/// The answer to [`Interrupt`].
#[derive(Clone, PartialEq, Message)]
pub struct Interrupted {}
