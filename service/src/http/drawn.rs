//! Pictures that were drawn already: kept until newer ones need the room.

use std::sync::Arc;

use quick_cache::Weighter;
use quick_cache::sync::Cache;

/// Room for pictures in bytes.
const ROOM: u64 = 64 * 1024 * 1024;

/// About how many bytes one takes: how large the table is made.
const TYPICAL: u64 = 32 * 1024;

#[derive(Debug, Clone)]
struct Weight;

impl Weighter<String, Arc<[u8]>> for Weight {
    fn weight(&self, key: &String, body: &Arc<[u8]>) -> u64 {
        (key.len() + body.len()) as u64
    }
}

/// The pictures, by the address that says everything of them: dataset, release, file, query, form.
#[derive(Debug)]
pub struct Drawn(Cache<String, Arc<[u8]>, Weight>);

impl Default for Drawn {
    fn default() -> Self {
        Self(Cache::with_weighter((ROOM / TYPICAL) as usize, ROOM, Weight))
    }
}

impl Drawn {
    /// Returns the picture of a key, drawn now if it is not there.
    ///
    /// # Errors
    /// What `draw` says; nothing is kept then.
    pub fn get<E>(&self, key: &str, draw: impl FnOnce() -> Result<Vec<u8>, E>) -> Result<Vec<u8>, E> {
        if let Some(body) = self.0.get(key) {
            return Ok(body.to_vec());
        }
        let body = draw()?;
        self.0.insert(key.to_owned(), body.as_slice().into());
        Ok(body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_drawn_once_and_a_failure_is_forgotten() {
        let drawn = Drawn::default();
        assert_eq!(drawn.get("a", || Err::<Vec<u8>, _>("no")), Err("no"));
        assert_eq!(drawn.get("a", || Ok::<_, ()>(vec![1])), Ok(vec![1]));
        assert_eq!(drawn.get("a", || Ok::<_, ()>(vec![2])), Ok(vec![1]));
    }

    #[test]
    fn more_than_there_is_room_for_is_let_go() {
        let drawn = Drawn::default();
        for number in 0..200 {
            let _ = drawn.get(&number.to_string(), || Ok::<_, ()>(vec![0; 1024 * 1024]));
        }
        assert!(drawn.0.weight() <= ROOM);
    }
}
