//! Slow clients: thousands of connections that are held and hardly used, all in two threads.

use std::time::{Duration, Instant};

use tokio::net::{TcpSocket, TcpStream};

/// The behaviour of a slow client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Habit {
    /// Connects, and never sends a byte.
    Silent,
    /// Sends a head, one byte per second, and never ends it.
    HalfHead,
    /// Sends a head, and then its body, one byte per second.
    SlowBody,
    /// Requests a large answer, and reads nothing of it.
    NoReader,
    /// Requests a large answer, and reads one byte per second.
    SlowReader,
}

impl Habit {
    /// All habits.
    pub const ALL: [Self; 5] =
        [Self::Silent, Self::HalfHead, Self::SlowBody, Self::NoReader, Self::SlowReader];
}

/// The end of a connection.
#[derive(Debug, Clone, Copy)]
pub struct Ended {
    /// The behaviour of its client.
    pub habit: Habit,
    /// How long the connection was held; `None` when it was still open when the client gave up.
    pub after: Option<Duration>,
}

/// Time between two checks whether the connection was closed.
const LOOK: Duration = Duration::from_millis(200);
/// Number of checks between two bytes.
const LOOKS_A_BYTE: u32 = 5;
/// Time after which a client gives up.
const GIVE_UP: Duration = Duration::from_secs(25);

/// Holds this many connections, equally spread over all habits, and replaces closed ones until `time` is over. Then waits
/// for the last connection. Returns how each ended.
///
/// # Panics
/// When no runtime can be started.
pub fn hold(address: &str, connections: usize, time: Duration) -> Vec<Ended> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime can be started");
    let until = Instant::now() + time;
    let address: std::net::SocketAddr = address.parse().expect("an address with a port");
    runtime.block_on(async {
        let clients: Vec<_> = (0..connections)
            .map(|number| {
                let habit = Habit::ALL[number % Habit::ALL.len()];
                tokio::spawn(async move {
                    let mut ended = vec![one(address, habit).await];
                    while Instant::now() < until {
                        ended.push(one(address, habit).await);
                    }
                    ended
                })
            })
            .collect();
        let mut all = Vec::new();
        for client in clients {
            all.extend(client.await.expect("a client does not panic"));
        }
        all
    })
}

async fn one(address: std::net::SocketAddr, habit: Habit) -> Ended {
    let socket = TcpSocket::new_v4().expect("a socket can be made");
    // The receive buffer is small, so that an answer that is not read stays with the service.
    socket.set_recv_buffer_size(4096).expect("the room can be set");
    let stream = socket.connect(address).await.expect("the service listens");
    let began = Instant::now();
    let first = match habit {
        Habit::Silent => String::new(),
        Habit::HalfHead => "GET /v1/data".to_owned(),
        Habit::SlowBody => {
            "POST /v1/datasets HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000\r\n\r\n".to_owned()
        }
        // The answer costs nothing to make, because these clients test the reading and not the queue.
        Habit::NoReader | Habit::SlowReader => {
            "GET /widget/chargesheet_widget_bg.wasm HTTP/1.1\r\nhost: x\r\n\r\n".repeat(16)
        }
    };
    let _ = stream.try_write(first.as_bytes());
    for look in 0.. {
        if began.elapsed() > GIVE_UP {
            break;
        }
        tokio::time::sleep(LOOK).await;
        if is_closed(&stream, habit) {
            return Ended { habit, after: Some(began.elapsed()) };
        }
        if look % LOOKS_A_BYTE == 0 {
            match habit {
                Habit::HalfHead | Habit::SlowBody => {
                    let _ = stream.try_write(b"x");
                }
                Habit::SlowReader => {
                    let _ = stream.try_read(&mut [0]);
                }
                Habit::Silent | Habit::NoReader => {}
            }
        }
    }
    Ended { habit, after: None }
}

fn is_closed(stream: &TcpStream, habit: Habit) -> bool {
    // A reset is an error of the socket, even while there is something to read.
    if !matches!(stream.take_error(), Ok(None)) {
        return true;
    }
    if matches!(habit, Habit::NoReader | Habit::SlowReader) {
        return false;
    }
    // Answers are read and discarded, to reach the end of the connection.
    let mut said = [0; 4096];
    loop {
        match stream.try_read(&mut said) {
            Ok(0) => return true,
            Ok(_) => {}
            Err(error) => return error.kind() != std::io::ErrorKind::WouldBlock,
        }
    }
}
