//! Files of a store with their checksums made right again, so that what stands behind the checksums is looked at too.

use serde_json::Value;
use sha2::{Digest as _, Sha256};
use xxhash_rust::xxh3::xxh3_64;

use super::text::hex;

/// Returns a value as the service writes it before it digests it: no white space, members in byte order.
pub fn canonical(value: &Value) -> Vec<u8> {
    fn sorted(value: &Value) -> Value {
        match value {
            Value::Object(members) => {
                let mut names: Vec<&String> = members.keys().collect();
                names.sort_unstable();
                names.into_iter().map(|name| (name.clone(), sorted(&members[name]))).collect()
            }
            Value::Array(items) => items.iter().map(sorted).collect(),
            other => other.clone(),
        }
    }
    sorted(value).to_string().into_bytes()
}

/// Returns a list of releases with its digest; `None` when it is no object.
pub fn journal(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut value: Value = serde_json::from_slice(bytes).ok()?;
    value.as_object_mut()?.insert("sha256".to_owned(), "".into());
    let digest = hex(&Sha256::digest(canonical(&value)));
    value["sha256"] = digest.into();
    Some(value.to_string().into_bytes())
}

/// Returns a manifest in its one form, its digest and the id that it gives a release; `None` when it is no object.
pub fn manifest(bytes: &[u8]) -> Option<(Vec<u8>, String, String)> {
    let value: Value = serde_json::from_slice(bytes).ok().filter(Value::is_object)?;
    let json = canonical(&value);
    let digest = hex(&Sha256::digest(&json));
    let date = value["dataset"]["created"].as_str()?.get(..10)?;
    let id = format!("{date}-{}", &digest[..12]);
    Some((json, digest, id))
}

/// Returns columns with the checksums of their parts and of their head; as they are when they have no head.
pub fn columns(bytes: &[u8]) -> Vec<u8> {
    again(bytes).unwrap_or_else(|| bytes.to_vec())
}

fn again(bytes: &[u8]) -> Option<Vec<u8>> {
    const START: usize = 24;
    const ALIGNED: usize = 64;
    let length = usize::try_from(u64::from_le_bytes(bytes.get(8..16)?.try_into().ok()?)).ok()?;
    let end = START.checked_add(length)?;
    let mut head: Value = serde_json::from_slice(bytes.get(START..end)?).ok()?;
    let content = bytes.get(end.next_multiple_of(ALIGNED)..).unwrap_or_default();
    sum(&mut head, content);
    let head = head.to_string().into_bytes();
    let mut file = bytes[..8].to_vec();
    file.extend_from_slice(&(head.len() as u64).to_le_bytes());
    file.extend_from_slice(&xxh3_64(&head).to_le_bytes());
    file.extend_from_slice(&head);
    file.resize(file.len().next_multiple_of(ALIGNED), 0);
    file.extend_from_slice(content);
    Some(file)
}

/// Writes the checksums of every part that lies within the file.
fn sum(head: &mut Value, content: &[u8]) {
    const CHUNK: usize = 1 << 22;
    let number = |value: &Value| value.as_u64().and_then(|number| usize::try_from(number).ok());
    let named = |name: &str| head.get(name).and_then(number);
    let place = (named("at"), named("width"), named("length"));
    if let (Some(at), Some(width), Some(length)) = place
        && let Some(end) = length.checked_mul(width).and_then(|size| at.checked_add(size))
        && let Some(part) = content.get(at..end)
    {
        head["sums"] = part.chunks(CHUNK).map(xxh3_64).collect();
    }
    match head {
        Value::Object(members) => members.values_mut().for_each(|member| sum(member, content)),
        Value::Array(items) => items.iter_mut().for_each(|item| sum(item, content)),
        _ => {}
    }
}
