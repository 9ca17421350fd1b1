//! The requests that pages make over the network, as the browser sent them.

use std::collections::HashMap;

use serde_json::Value;

use crate::browser::Browser;

/// A request of a page.
#[derive(Debug, Clone)]
pub struct Sent {
    /// The address requested.
    pub url: String,
    /// The method, such as `GET`.
    pub method: String,
    /// The kind of resource: `Document`, `Script`, `Image`, `Fetch` and so on.
    pub kind: String,
    headers: Vec<(String, String)>,
}

impl Sent {
    /// Returns a header; `None` where it was not sent.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }
}

impl Browser {
    /// Returns the addresses of all requests that pages made over the network since the last call of this function or of
    /// [`Browser::sent`].
    pub fn requests(&self) -> Vec<String> {
        self.sent().into_iter().map(|request| request.url).collect()
    }

    /// Returns all requests that pages made over the network since the last call, with the headers that left the
    /// browser.
    pub fn sent(&self) -> Vec<Sent> {
        let mut all: Vec<(String, Sent)> = Vec::new();
        // Headers that the browser adds last, such as cookies, are in an event of their own, which comes before or after the request's.
        let mut added: HashMap<String, Vec<(String, String)>> = HashMap::new();
        for entry in self.log("performance") {
            let message = entry["message"].as_str().and_then(|text| serde_json::from_str(text).ok());
            let message: Value = message.unwrap_or_default();
            let (method, event) = (text(&message["message"]["method"]), &message["message"]["params"]);
            let id = text(&event["requestId"]);
            match method.as_str() {
                "Network.requestWillBeSent" => {
                    let request = &event["request"];
                    all.push((
                        id,
                        Sent {
                            url: text(&request["url"]),
                            method: text(&request["method"]),
                            kind: text(&event["type"]),
                            headers: headers(&request["headers"]),
                        },
                    ));
                }
                "Network.requestWillBeSentExtraInfo" => {
                    added.entry(id).or_default().extend(headers(&event["headers"]));
                }
                _ => {}
            }
        }
        let inside = ["chrome:", "data:", "blob:", "about:", "file:"];
        all.retain(|(_, request)| !inside.iter().any(|own| request.url.starts_with(own)));
        all.into_iter()
            .map(|(id, mut request)| {
                request.headers.extend(added.get(&id).into_iter().flatten().cloned());
                request
            })
            .collect()
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn headers(value: &Value) -> Vec<(String, String)> {
    let Some(headers) = value.as_object() else {
        return Vec::new();
    };
    headers.iter().map(|(name, value)| (name.clone(), text(value))).collect()
}
