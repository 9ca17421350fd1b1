//! The floor of `tests/bench/wire`: warp's own server with one answer, sent out of memory with the headers that the
//! service sent it with.
//!
//! `floor HEADERS BODY` reads a file of headers (`name: value` a line) and one with the body, listens on a free port of
//! 127.0.0.1, and prints its address.

use std::process::ExitCode;

use warp::Filter as _;
use warp::http::{HeaderMap, HeaderName, HeaderValue};
use warp::hyper::body::Bytes;

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("floor: {message}");
            ExitCode::from(2)
        }
    }
}

async fn run() -> Result<(), String> {
    let mut arguments = std::env::args().skip(1);
    let (Some(headers), Some(body)) = (arguments.next(), arguments.next()) else {
        return Err("name a file of headers and one with the body".to_owned());
    };
    let headers = read(&headers)?;
    let body = Bytes::from(std::fs::read(&body).map_err(|error| format!("{body}: {error}"))?);
    let answer = warp::path!("answer").map(move || {
        let mut response = warp::reply::Response::new(body.clone().into());
        *response.headers_mut() = headers.clone();
        response
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.map_err(|error| error.to_string())?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    println!("http://{address}/answer");
    warp::serve(answer).incoming(listener).run().await;
    Ok(())
}

fn read(path: &str) -> Result<HeaderMap, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))?;
    let mut headers = HeaderMap::new();
    for line in text.lines() {
        let (name, value) = line.split_once(':').ok_or_else(|| format!("{path}: no header: {line}"))?;
        let name: HeaderName = name.parse().map_err(|error| format!("{path}: {name}: {error}"))?;
        let value = HeaderValue::from_str(value.trim()).map_err(|error| format!("{path}: {name}: {error}"))?;
        headers.append(name, value);
    }
    Ok(headers)
}
