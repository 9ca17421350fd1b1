//! Pictures that somebody has looked at. A change shows here first: look at the new picture, then renew
//! the files with `CHARGESHEET_RENEW=1 cargo test --release -p chargesheet-widget --test chart`.

use crate::samples;
use chargesheet_widget::chart::{Kind, Spec, Theme, draw};
use std::path::Path;

#[test]
fn pictures_are_those_that_were_looked_at() {
    let pictures = [
        ("sedition-line-800x450", samples::sedition(), Kind::Line, (800, 450), Theme::Light),
        (
            "sedition-persons-line-800x450-dark",
            samples::sedition_persons(),
            Kind::Line,
            (800, 450),
            Theme::Dark,
        ),
        ("kazakhstan-bar-800x450", samples::kazakhstan(), Kind::Bar, (800, 450), Theme::Light),
        ("russian-stacked-375x420", samples::russian(), Kind::Stacked, (375, 420), Theme::Light),
        ("statutes-share-800x450", samples::statutes(), Kind::Share, (800, 450), Theme::Light),
        ("ranking-horizontal-800x450", samples::ranking(), Kind::Horizontal, (800, 450), Theme::Light),
        ("countries-multiples-800x450-dark", samples::countries(), Kind::Multiples, (800, 450), Theme::Dark),
        ("shares-line-800x450", samples::shares(), Kind::Line, (800, 450), Theme::Light),
        ("shares-bar-375x420", samples::shares(), Kind::Bar, (375, 420), Theme::Light),
        ("empty-320x260", samples::empty(), Kind::Line, (320, 260), Theme::Light),
    ];
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("snapshots");
    let renew = std::env::var_os("CHARGESHEET_RENEW").is_some();
    let mut changed = Vec::new();
    for (name, answer, kind, (width, height), theme) in &pictures {
        let mut spec = Spec::new(*width, *height).expect("a size within the limits");
        (spec.kind, spec.theme) = (Some(*kind), *theme);
        let now = draw(answer, &spec).expect(name);
        let path = folder.join(name).with_extension("svg");
        if renew {
            std::fs::write(&path, &now).expect("the snapshot can be written");
        }
        if std::fs::read_to_string(&path).ok().as_deref() != Some(now.as_str()) {
            changed.push(*name);
        }
    }
    assert!(changed.is_empty(), "changed: {changed:?}; look at them, then renew (see the top of this file)");
    let kept = std::fs::read_dir(&folder).expect("the folder of snapshots").count();
    assert_eq!(kept, pictures.len(), "a file in snapshots/ belongs to no picture");
}
