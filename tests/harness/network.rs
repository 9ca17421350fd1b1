//! Every request that pages make over the network, as the browser sent it.

use std::collections::HashMap;

use serde_json::Value;

use crate::browser::Browser;

/// A request of a page.
#[derive(Debug, Clone)]
pub struct Sent {
    /// Where to.
    pub url: String,
    /// `GET`.
    pub method: String,
    /// What asked for it: `Document`, `Script`, `Image`, `Fetch` and so on.
    pub kind: String,
    headers: Vec<(String, String)>,
}

impl Sent {
    /// Returns a header; nothing where it was not sent.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }
}

impl Browser {
    /// Returns the addresses of all requests that pages made over the network since this, or [`Browser::sent`], was
    /// last asked.
    pub fn requests(&self) -> Vec<String> {
        self.sent().into_iter().map(|request| request.url).collect()
    }

    /// Returns all requests that pages made over the network since this was last asked, with the headers that left the
    /// browser.
    pub fn sent(&self) -> Vec<Sent> {
        let mut all: Vec<(String, Sent)> = Vec::new();
        // The headers that are added last, such as cookies, are told in an event of their own, before or after.
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
