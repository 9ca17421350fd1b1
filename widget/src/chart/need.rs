//! The height that a body needs.

/// The height that a body needs: around its plot, and at least of the plot; both in pixels.
#[derive(Debug, Clone, Copy)]
pub struct Need {
    pub around: i32,
    pub plot: i32,
}
