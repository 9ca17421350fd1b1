//! A reader's input devices: keyboard, mouse and fingers, with events as the browser itself would get them.

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::browser::Browser;

/// Keys by name, with their Windows key code and the text that they type.
const KEYS: [(&str, u32, &str); 12] = [
    ("Tab", 9, ""),
    ("Enter", 13, "\r"),
    ("Escape", 27, ""),
    (" ", 32, " "),
    ("PageUp", 33, ""),
    ("PageDown", 34, ""),
    ("End", 35, ""),
    ("Home", 36, ""),
    ("ArrowLeft", 37, ""),
    ("ArrowUp", 38, ""),
    ("ArrowRight", 39, ""),
    ("ArrowDown", 40, ""),
];

/// Bit of the shift key in the modifiers of the DevTools protocol.
const SHIFT: u32 = 8;

impl Browser {
    /// Presses and releases a key: `Tab`, `Shift+Tab`, `Enter`, `Escape`, ` `, `Home`, `End`, `ArrowLeft` and so on.
    ///
    /// # Panics
    /// When the name is none of these keys.
    pub fn press(&self, key: &str) {
        let (name, modifiers) = key.strip_prefix("Shift+").map_or((key, 0), |name| (name, SHIFT));
        let (_, number, text) =
            KEYS.into_iter().find(|(own, ..)| *own == name).unwrap_or_else(|| panic!("no key {name}"));
        let code = if name == " " { "Space" } else { name };
        let kind = if text.is_empty() { "rawKeyDown" } else { "keyDown" };
        for kind in [kind, "keyUp"] {
            let text = if kind == "keyUp" { "" } else { text };
            let event = json!({
                "type": kind, "key": name, "code": code, "windowsVirtualKeyCode": number, "modifiers": modifiers,
                "text": text,
            });
            self.command("Input.dispatchKeyEvent", &event);
        }
    }

    /// Types a text into what has the focus.
    pub fn write(&self, text: &str) {
        self.command("Input.insertText", &json!({ "text": text }));
    }

    /// Moves the mouse to a point of the window, in CSS pixels.
    pub fn point_at(&self, x: f64, y: f64) {
        self.command("Input.dispatchMouseEvent", &json!({ "type": "mouseMoved", "x": x, "y": y }));
    }

    /// Clicks on a point of the window.
    pub fn click_at(&self, x: f64, y: f64) {
        self.point_at(x, y);
        for kind in ["mousePressed", "mouseReleased"] {
            let event = json!({ "type": kind, "x": x, "y": y, "button": "left", "clickCount": 1 });
            self.command("Input.dispatchMouseEvent", &event);
        }
    }

    /// Clicks on the centre of the element that a JavaScript expression returns, after scrolling the element into view.
    ///
    /// # Panics
    /// When there is no such element.
    pub fn click(&self, element: &str) {
        let (x, y) = self.middle_of(element);
        self.click_at(x, y);
    }

    /// Presses the mouse button at the first point of the window, moves over the other points, and releases the button.
    pub fn pull(&self, points: &[(f64, f64)]) {
        let [(x, y), .., last] = points else { return };
        self.point_at(*x, *y);
        let event = |kind: &str, (x, y): (f64, f64)| {
            let event =
                json!({ "type": kind, "x": x, "y": y, "button": "left", "buttons": 1, "clickCount": 1 });
            self.command("Input.dispatchMouseEvent", &event);
        };
        event("mousePressed", (*x, *y));
        for point in &points[1..] {
            event("mouseMoved", *point);
        }
        event("mouseReleased", *last);
    }

    /// Chooses files, or a folder where the field takes one, in the file field that a JavaScript expression returns, as a person
    /// does in the system's dialog.
    ///
    /// # Panics
    /// When there is no such field.
    pub fn choose(&self, field: &str, files: &[PathBuf]) {
        let found = self.command("Runtime.evaluate", &json!({ "expression": field }));
        let id = &found["result"]["objectId"];
        assert!(id.is_string(), "{field}: {found}");
        self.command("DOM.setFileInputFiles", &json!({ "files": paths(files), "objectId": id }));
    }

    /// Drops files and folders on a point of the window.
    pub fn drop_at(&self, x: f64, y: f64, files: &[PathBuf]) {
        for kind in ["dragEnter", "dragOver", "drop"] {
            let data = json!({ "items": [], "files": paths(files), "dragOperationsMask": 1 });
            self.command("Input.dispatchDragEvent", &json!({ "type": kind, "x": x, "y": y, "data": data }));
        }
    }

    /// Taps on a point of the window with a finger.
    pub fn tap_at(&self, x: f64, y: f64) {
        self.drag(&[(x, y)]);
    }

    /// Puts a finger down on the first point, moves it over the other points, and lifts it.
    pub fn drag(&self, points: &[(f64, f64)]) {
        self.command("Emulation.setTouchEmulationEnabled", &json!({ "enabled": true }));
        for (place, (x, y)) in points.iter().enumerate() {
            let kind = if place == 0 { "touchStart" } else { "touchMove" };
            let event = json!({ "type": kind, "touchPoints": [{ "x": x, "y": y }] });
            self.command("Input.dispatchTouchEvent", &event);
        }
        self.command("Input.dispatchTouchEvent", &json!({ "type": "touchEnd", "touchPoints": [] }));
    }

    /// Returns the centre of the element that a JavaScript expression returns, after scrolling the element into view.
    ///
    /// # Panics
    /// When there is no such element.
    pub fn middle_of(&self, element: &str) -> (f64, f64) {
        let middle = self.value(&format!(
            "(() => {{ const found = {element}; found.scrollIntoView({{ block: 'center', behavior: 'instant' }}); \
             const box = found.getBoundingClientRect(); \
             return [box.x + box.width / 2, box.y + box.height / 2]; }})()"
        ));
        let at = |place: usize| middle[place].as_f64().unwrap_or_else(|| panic!("{element} has no place"));
        (at(0), at(1))
    }
}

fn paths(files: &[PathBuf]) -> Vec<Value> {
    files.iter().map(|file| json!(file.display().to_string())).collect()
}
