//! The service asked from within the program: everything that the network would get, without a network.

use std::pin::Pin;
use std::sync::Arc;

use hyper::body::Body as _;
use tower_service::Service as _;
use warp::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use warp::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, Uri};
use warp::reply::Response;

use super::app::App;
use super::edge::{Edge, without_reading};
use super::readiness::Readiness;
use super::routes::routes;

/// What was answered.
#[derive(Debug, Clone)]
pub struct Reply {
    /// Whether the status is 200.
    pub is_ok: bool,
    /// `Content-Type`.
    pub media_type: String,
    /// `Content-Security-Policy`.
    pub policy: String,
    /// The body, whole.
    pub body: Vec<u8>,
}

/// A request as it comes over the network, without a body.
#[derive(Debug, Clone, Copy)]
pub struct Wish<'a> {
    /// Its method, such as `GET`.
    pub method: &'a str,
    /// Path and query.
    pub address: &'a str,
    /// Its headers, in their order; a name may be there more than once.
    pub headers: &'a [(&'a str, &'a [u8])],
}

/// All of what is answered to a request.
#[derive(Debug, Clone)]
pub struct Reaction {
    /// The status.
    pub status: u16,
    /// The headers in their order, their names in small letters.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The body as it is sent, coded or not; what there is of it when it breaks off.
    pub body: Vec<u8>,
    /// Why the body broke off, when it did.
    pub broken: Option<String>,
}

impl Reaction {
    /// Returns the value of a header that is there once; its name is in small letters.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut all = self.headers.iter().filter(|(own, _)| own == name);
        let (_, value) = all.next().filter(|_| all.next().is_none())?;
        std::str::from_utf8(value).ok()
    }
}

/// The service with everything that stands before its routes: codings, conditions, ranges, answers that are kept. Only
/// the network and its limits are left out.
#[derive(Clone)]
pub struct Inside {
    edge: Edge,
}

impl Inside {
    /// Stands for a service whose data are there.
    pub fn of(app: App) -> Self {
        let readiness = Arc::new(Readiness::loading(Arc::clone(&app.metrics)));
        readiness.loaded();
        Self { edge: Edge::of(app, readiness) }
    }

    /// Answers a request as it would be answered over the network, within a runtime of tokio that has time. A panic is not
    /// caught. `None` for what is no request: HTTP itself refuses it before it reaches us.
    pub async fn ask(&self, wish: Wish<'_>) -> Option<Reaction> {
        let method = Method::from_bytes(wish.method.as_bytes()).ok()?;
        let uri: Uri = wish.address.parse().ok()?;
        let mut headers = HeaderMap::new();
        for (name, value) in wish.headers {
            headers
                .append(HeaderName::from_bytes(name.as_bytes()).ok()?, HeaderValue::from_bytes(value).ok()?);
        }
        let at_once = without_reading(&method).or_else(|| self.edge.at_once(&method, &uri, &headers));
        let response = match at_once {
            Some(response) => response,
            None => self.edge.answer(&method, &uri, &headers).await,
        };
        let status = response.status().as_u16();
        let told = response.headers().iter();
        let headers = told.map(|(name, value)| (name.to_string(), value.as_bytes().to_vec())).collect();
        let (body, broken) = whole(response).await;
        Some(Reaction { status, headers, body, broken })
    }
}

/// Returns all that comes of a body, and why it broke off, when it did.
async fn whole(response: Response) -> (Vec<u8>, Option<String>) {
    let mut body = response.into_body();
    let mut whole = Vec::new();
    while let Some(frame) = std::future::poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        match frame.map(hyper::body::Frame::into_data) {
            Ok(Ok(data)) => whole.extend_from_slice(&data),
            // Trailers say nothing of the body.
            Ok(Err(_trailers)) => {}
            Err(error) => return (whole, Some(error.to_string())),
        }
    }
    (whole, None)
}

impl App {
    /// Answers GET of an address (path and query) as it would over the network.
    pub async fn get(self, address: &str) -> Reply {
        let nothing = Response::new(Vec::new().into()).into_body();
        let Ok(request) = Request::get(address).body(nothing) else {
            let (media_type, policy) = (String::new(), String::new());
            return Reply { is_ok: false, media_type, policy, body: b"no address".to_vec() };
        };
        let readiness = Arc::new(Readiness::loading(Arc::clone(&self.metrics)));
        readiness.loaded();
        let Ok(response) = warp::service(routes(self, readiness)).call(request).await;
        let header = |name| response.headers().get(name).and_then(|value| value.to_str().ok());
        let [media_type, policy] =
            [CONTENT_TYPE, CONTENT_SECURITY_POLICY].map(|name| header(name).unwrap_or_default().to_owned());
        let is_ok = response.status() == StatusCode::OK;
        match whole(response).await {
            (body, None) => Reply { is_ok, media_type, policy, body },
            (_, Some(error)) => Reply { is_ok: false, media_type, policy, body: error.into_bytes() },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Bundled, Sources};

    fn inside() -> Inside {
        let sources = Sources::load(&[], Bundled::LeftOut, None).expect("there is nothing to load");
        Inside::of(App::new(sources).expect("there is no store to read"))
    }

    async fn asked(inside: &Inside, method: &str, headers: &[(&str, &[u8])]) -> Reaction {
        let wish = Wish { method, address: "/v1/datasets", headers };
        inside.ask(wish).await.expect("it is a request")
    }

    #[tokio::test]
    async fn what_stands_before_the_routes_is_there_without_a_network() {
        let inside = inside();
        let whole = asked(&inside, "GET", &[]).await;
        let tag = whole.header("etag").expect("it has a tag").to_owned();
        assert_eq!((whole.status, whole.broken.as_deref()), (200, None));
        let known = asked(&inside, "GET", &[("If-None-Match", tag.as_bytes())]).await;
        assert_eq!((known.status, known.body.len()), (304, 0));
        let part = asked(&inside, "GET", &[("range", b"bytes=0-1")]).await;
        assert_eq!((part.status, &part.body[..]), (206, &whole.body[..2]));
        let head = asked(&inside, "HEAD", &[]).await;
        assert_eq!((head.status, head.body.len(), head.header("etag")), (200, 0, Some(tag.as_str())));
        for (method, status) in [("OPTIONS", 204), ("POST", 405)] {
            assert_eq!(asked(&inside, method, &[]).await.status, status, "{method}");
        }
    }

    #[tokio::test]
    async fn what_is_no_request_gets_no_answer() {
        let inside = inside();
        let no_header: &[(&str, &[u8])] = &[("a b", b"")];
        let no_value: &[(&str, &[u8])] = &[("range", b"\n")];
        for (method, address, headers) in
            [("G T", "/", &[][..]), ("GET", "/ x", &[]), ("GET", "/", no_header), ("GET", "/", no_value)]
        {
            assert!(inside.ask(Wish { method, address, headers }).await.is_none(), "{method} {address}");
        }
    }
}
