//! What other programs append to links that people share.
//!
//! Compiled from what browsers and their extensions take off (Firefox's query stripping, Brave's query filter, ClearURLs,
//! AdGuard's tracking parameter filter) and from the handbooks of the programs themselves. `API.md` and `/openapi.json` have the same list.

use std::sync::LazyLock;

use hashbrown::HashSet;
use serde::{Serialize, Serializer};

/// What programs of one kind append.
#[derive(Debug, Serialize)]
pub struct Family {
    /// Who appends it.
    pub by: &'static str,
    /// Names in small letters with spaces between, without regard to case; one that ends in `*` stands for all that begin like
    /// it.
    #[serde(serialize_with = "as_list")]
    names: &'static str,
}

const fn family(by: &'static str, names: &'static str) -> Family {
    Family { by, names }
}

impl Family {
    fn names(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.names.split(' ')
    }
}

fn as_list<S: Serializer>(names: &str, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(names.split(' '))
}

/// The whole list. A name on it can never become a parameter of ours: links that bring it are everywhere.
pub const FAMILIES: &[Family] = &[
    family("campaigns of any kind (Google Analytics and all that read the same)", "utm_*"),
    family(
        "Google: ads, Analytics, Search, AMP",
        "gclid gclsrc dclid gbraid wbraid gad gad_* srsltid _gl _ga _gac _up usqp amp amp_*",
    ),
    family(
        "Facebook, Instagram, Threads",
        "fbclid fb_* mibextid sfnsn extid rdid wtsid hc_ref hc_location __tn__ __cft__* __xts__* igshid \
         igsh ig_rid ig_mid xmt",
    ),
    family("Microsoft: Bing, MSN", "msclkid cvid ocid"),
    family("Yandex, VK, Mail.ru, Roistat", "yclid ysclid ymclid _openstat rb_clickid roistat*"),
    family("X", "twclid ref_src ref_url __twitter_impression"),
    family("TikTok", "ttclid tt_medium tt_content"),
    family("LinkedIn", "li_fat_id lipi trk trkinfo"),
    family(
        "other networks: Pinterest, Reddit, Snapchat, Quora, YouTube, Spotify, Wikipedia, Yahoo, Branch",
        "epik rdt_cid share_id sccid qclid si wprov soc_src soc_trk guccounter guce_referrer* _branch_*",
    ),
    family(
        "Taboola, Outbrain, AdRoll, Impact, CJ, Awin, Bilibili, Alibaba",
        "tblci dicbo obclid adroll_* irclickid irgwc cjevent awc vd_source spm scm",
    ),
    family("Matomo", "mtm_* matomo_* pk_* piwik_* _pk_*"),
    family("HubSpot", "_hsenc _hsmi _hsfp __hstc __hssc __hsfp hsctatracking hsa_*"),
    family("Adobe: Analytics, Marketo", "s_cid s_kwcid sc_cid ef_id mkt_tok"),
    family("Piano, comScore, Webtrends, Webtrekk", "at_* xtor ns_* wt.* wt_* icid ncid cmpid"),
    family("Mailchimp", "mc_cid mc_eid mc_tc ct_params"),
    family(
        "Action Network, EveryAction, Engaging Networks, NationBuilder",
        "can_id link_id email_referrer email_subject emci emdi ceid contactdata ea.* recruiter_id",
    ),
    family(
        "newsletters: Vero, Omeda, Klaviyo, Drip, MailerLite, Beehiiv, ActiveCampaign, Salesforce, Eloqua, Acoustic, Blueshift, \
         Sailthru, dotdigital, Ometria, Wicked Reports",
        "vero_id vero_conv oly_anon_id oly_enc_id _ke _kx __s ml_subscriber ml_subscriber_hash _bhlid \
         vgo_ee et_rid et_cid sfmc_* elq* spmailingid spuserid spjobid spreportid bsft_* bbeml mi_u \
         mi_ecmp ck_subscriber_id dm_i om_* wickedid oft_* sc_eh sc_uid sc_customer ss_* trk_* \
         unicorn_click_id",
    ),
    family(
        "sites that say where a reader comes from (Ghost, Product Hunt, Plausible)",
        "ref referrer referer via",
    ),
    family(
        "caches, players and readers, so that a copy is not taken",
        "_ v ver cb rnd rand nocache no_cache cachebust cachebuster cache_bust fbrefresh dnt",
    ),
];

/// The names, and the beginnings of those of which only the beginning is told.
static LISTED: LazyLock<(HashSet<&str>, Vec<&str>)> = LazyLock::new(|| {
    let all = || FAMILIES.iter().flat_map(Family::names);
    let beginnings = all().filter_map(|name| name.strip_suffix('*'));
    (all().filter(|name| !name.ends_with('*')).collect(), beginnings.collect())
});

/// Whether other programs append a parameter of this name, which is decoded.
pub fn is_appended(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    // Of an ampersand that was written for HTML twice, `amp;` is left before the name.
    let name = name.trim_start_matches("amp;");
    LISTED.0.contains(name) || LISTED.1.iter().any(|beginning| name.starts_with(beginning))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::template::TEMPLATES;

    #[test]
    fn no_name_on_the_list_is_a_parameter_of_ours_or_one_slip_from_a_filter() {
        assert!(is_appended("utm_source") && is_appended("FBCLID") && is_appended("amp;fbclid"));
        for parameter in TEMPLATES.parameters() {
            assert!(!is_appended(parameter), "{parameter}");
        }
        let query: Vec<&str> = crate::domain::parameters::question().collect();
        for name in FAMILIES.iter().flat_map(Family::names) {
            assert_eq!(name, name.to_ascii_lowercase());
            let near = query.iter().find(|parameter| strsim::damerau_levenshtein(name, parameter) < 2);
            assert_eq!(near, None, "{name}");
        }
    }

    #[test]
    fn the_documentation_has_the_very_list() {
        let document = include_str!("../../API.md");
        for family in FAMILIES {
            let names: Vec<String> = family.names().map(|name| format!("`{name}`")).collect();
            let line = format!("| {} | {} |", family.by, names.join(" "));
            assert!(document.contains(&line), "service/API.md lacks this line:\n{line}");
        }
    }
}
