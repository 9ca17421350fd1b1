//! A macro for enums whose variants have a name, such as the words of an answer or the values of a label.

/// Declares an enum whose variants have a name. `NAMES` and `ALL` list the names and the variants in order; `name()` returns the name
/// of a variant, and `from_name()` the variant of a name.
#[macro_export]
macro_rules! words {
    ($(#[$about:meta])* $name:ident { $($(#[$meaning:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$meaning])* $variant,)+
        }

        #[allow(dead_code, reason = "few enums need all of it")]
        impl $name {
            /// The names, in order.
            pub const NAMES: [&'static str; [$($word),+].len()] = [$($word),+];

            /// Every variant, in order.
            pub const ALL: [Self; Self::NAMES.len()] = [$(Self::$variant),+];

            /// Returns the name of the variant.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }

            /// Returns the variant of a name.
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.into_iter().find(|own| own.name() == name)
            }
        }
    };
}
