//! The configurations of proxies in `service/deploy/`, run as they are but for ports and folders, with the words of Debian's
//! units: they start, reload, serve both ports, and what goes through them arrives as the
//! service said it. Varnish has none of ours: it decodes for clients what it keeps, and what it says then must be true. A proxy that `PROXIES` names must be there, as `tests/run` has it; else a missing one is said to be missing,
//! and nothing is proved.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use e2e::service::{Reply, Service};
use e2e::{empty_folder, repository, wait_for};

/// A proxy before a service; ends with its value.
struct Proxy {
    child: Child,
    /// The process that serves: the child, or what it has left behind.
    pid: String,
    base: String,
    /// Where it speaks without TLS.
    plain: String,
    agent: ureq::Agent,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        // Not killed, so that it ends its own children.
        e2e::signal("TERM", &self.pid);
        let _ = self.child.wait();
    }
}

fn is_there(program: &str) -> bool {
    let (command, argument) = match program {
        "nginx" => ("nginx", "-v"),
        "varnish" => ("varnishd", "-V"),
        other => (other, "version"),
    };
    let found = Command::new(command).arg(argument).output();
    let is_there = found.is_ok_and(|output| output.status.success());
    let promised = std::env::var("PROXIES").unwrap_or_default();
    let is_promised = promised.split_whitespace().any(|name| name == program);
    assert!(is_there || !is_promised, "PROXIES names {program}, and it does not run");
    if !is_there {
        println!("{program} is not installed");
    }
    is_there
}

/// Copies a configuration with other ports and folders in the place of its own.
fn configured(name: &str, folder: &Path, others: &[(&str, &str)]) -> PathBuf {
    let written = repository().join("service/deploy").join(name);
    let mut text = std::fs::read_to_string(written).expect("it is there");
    for (own, other) in others {
        assert!(text.contains(own), "{name} has no {own}");
        text = text.replace(own, other);
    }
    let path = folder.join(name);
    std::fs::write(&path, text).expect("target/ can be written");
    path
}

/// Makes a certificate for this machine, where certbot would put it.
fn certify(folder: &Path) {
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"])
        .args(["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "privkey.pem", "-out", "fullchain.pem"])
        .current_dir(folder)
        .output()
        .expect("openssl is there");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
    listener.local_addr().expect("it has an address").port()
}

impl Proxy {
    fn start(mut command: Command, folder: &Path, ports: [u16; 2]) -> Self {
        let child = command
            .current_dir(folder)
            .envs(["HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"].map(|name| (name, folder)))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the proxy can be started");
        let [base, plain] = [("https", ports[1]), ("http", ports[0])]
            .map(|(scheme, port)| format!("{scheme}://127.0.0.1:{port}"));
        // Its certificate is its own.
        let tls = ureq::tls::TlsConfig::builder().disable_verification(true).build();
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .accept_encoding("")
            .tls_config(tls)
            .build()
            .into();
        let proxy = Self { pid: child.id().to_string(), child, base, plain, agent };
        for port in ports {
            wait_for("the proxy to listen", || std::net::TcpStream::connect(("127.0.0.1", port)).ok());
        }
        proxy
    }

    fn nginx(service: &Service) -> Option<Self> {
        if !is_there("nginx") {
            return None;
        }
        let (folder, ports) = (empty_folder("nginx"), [free_port(), free_port()]);
        certify(&folder);
        let here = folder.to_str().expect("the path is UTF-8");
        let pid = folder.join("nginx.pid");
        let path = configured(
            "nginx.conf",
            &folder,
            &[
                ("127.0.0.1:3030", service.address()),
                ("listen 80;", &format!("listen 127.0.0.1:{};", ports[0])),
                ("listen 443 ssl http2;", &format!("listen 127.0.0.1:{} ssl http2;", ports[1])),
                ("listen [::]:80;", ""),
                ("listen [::]:443 ssl http2;", ""),
                // Whoever runs the tests owns the folder.
                ("user www-data;", "user root;"),
                ("pid /run/nginx.pid;", &format!("pid {here}/nginx.pid;")),
                ("/var/cache/nginx", &format!("{here}/cache")),
                ("/var/www/html", here),
                ("/etc/letsencrypt/live/chargesheet.example", here),
            ],
        );
        let nginx = |words: &[&str]| {
            let mut command = Command::new("nginx");
            command.arg("-p").arg(&folder).arg("-c").arg(&path);
            command.args(["-g", "daemon on; master_process on;"]).args(words);
            command
        };
        let tried = nginx(&["-t", "-q"]).output().expect("nginx runs");
        assert!(tried.status.success(), "{}", String::from_utf8_lossy(&tried.stderr));
        let mut proxy = Self::start(nginx(&[]), &folder, ports);
        assert!(proxy.child.wait().is_ok_and(|ended| ended.success()), "nginx goes on by itself");
        proxy.pid = std::fs::read_to_string(&pid).expect("it says which process it is").trim().to_owned();
        proxy.assert_reloads(&path, nginx(&["-s", "reload"]));
        // Who gives certificates asks for a file here.
        let asked = folder.join(".well-known/acme-challenge");
        std::fs::create_dir_all(&asked)
            .and_then(|()| std::fs::write(asked.join("token"), "proof"))
            .expect("written");
        let proof = proxy.ask_at(&proxy.plain, "/.well-known/acme-challenge/token", &[]);
        assert_eq!((proof.status, proof.text()), (200, "proof".to_owned()));
        Some(proxy)
    }

    fn caddy(service: &Service) -> Option<Self> {
        if !is_there("caddy") {
            return None;
        }
        let (folder, ports) = (empty_folder("caddy"), [free_port(), free_port()]);
        certify(&folder);
        let admin = format!(
            "\tadmin unix/admin.sock\n\tdefault_bind 127.0.0.1\n\thttp_port {}\n\thttps_port {}\n",
            ports[0], ports[1]
        );
        let path = configured(
            "Caddyfile",
            &folder,
            &[
                ("127.0.0.1:3030", service.address()),
                ("\tadmin unix//var/lib/caddy/admin.sock\n", &admin),
                ("\nchargesheet.example {", "\nhttps://127.0.0.1 {\n\ttls fullchain.pem privkey.pem"),
            ],
        );
        let caddy = |words: &[&str]| {
            let mut command = Command::new("caddy");
            command.args(words).arg("--config").arg(&path).current_dir(&folder);
            command
        };
        let proxy = Self::start(caddy(&["run", "--environ"]), &folder, ports);
        proxy.assert_reloads(&path, caddy(&["reload", "--force"]));
        Some(proxy)
    }

    /// A configuration that was changed holds when the unit's reload has been run; and port 80 leads to port 443.
    fn assert_reloads(&self, configuration: &Path, mut reload: Command) {
        let (before, after) = ("max-age=31536000", "max-age=86400");
        let path = "/healthz";
        assert_eq!(self.ask(path, &[]).header("strict-transport-security"), before);
        let written = std::fs::read_to_string(configuration).expect("it is there");
        std::fs::write(configuration, written.replace(before, after)).expect("target/ can be written");
        let done = reload.output().expect("the proxy can be told");
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        wait_for("the new configuration", || {
            (self.ask(path, &[]).header("strict-transport-security") == after).then_some(())
        });
        let led = self.ask_at(&self.plain, "/statutes/KAZ-CC-274?lang=ru", &[]);
        assert!(matches!(led.status, 301 | 308), "{}", led.status);
        let place = led.header("location");
        assert!(place.starts_with("https://") && place.ends_with("/statutes/KAZ-CC-274?lang=ru"), "{place}");
    }

    fn ask_at(&self, base: &str, path: &str, headers: &[(&str, &str)]) -> Reply {
        e2e::service::ask(&self.agent, base, "GET", path, headers).expect("the proxy answers")
    }

    fn varnish(service: &Service) -> Option<Self> {
        if !is_there("varnish") {
            return None;
        }
        let (folder, port) = (empty_folder("varnish"), free_port());
        let mut command = Command::new("varnishd");
        command.args(["-F", "-s", "malloc,64m", "-b", service.address(), "-a"]);
        command.arg(format!("127.0.0.1:{port}")).arg("-n").arg(&folder);
        // It speaks plain HTTP alone.
        let mut proxy = Self::start(command, &folder, [port; 2]);
        proxy.base = proxy.plain.clone();
        Some(proxy)
    }

    fn ask(&self, path: &str, headers: &[(&str, &str)]) -> Reply {
        self.ask_at(&self.base, path, headers)
    }
}

const PATHS: [&str; 6] = [
    "/statutes/KAZ-CC-274",
    "/v1/datasets/documented-cases/aggregate.csv?by=outcome&statute=KAZ-CC-274",
    "/v1/datasets/reported-figures/aggregate.json?by=year&statute=IND-IPC-124A",
    "/v1/datasets/documented-cases/chart.svg?by=outcome",
    "/widget/statute-chart.js",
    "/v1/datasets/documented-cases/aggregate.csv?by=no",
];

/// What a proxy may say for itself, and what belongs to one connection.
const OF_THE_PROXY: [&str; 9] = [
    "server",
    "via",
    "x-cache",
    "x-varnish",
    "connection",
    "alt-svc",
    "keep-alive",
    "age",
    "strict-transport-security",
];

fn own_headers(reply: &Reply) -> Vec<String> {
    let mut headers = reply.headers();
    headers.retain(|line| !OF_THE_PROXY.iter().any(|name| line.starts_with(&format!("{name}:"))));
    headers
}

/// What goes through a proxy is what the service says: whole, again, in part, compressed, not modified.
fn assert_untouched(service: &Service, proxy: &Proxy) {
    for path in PATHS {
        for coding in ["identity", "gzip", "br", "zstd"] {
            let headers = [("accept-encoding", coding)];
            let own = service.ask("GET", path, &headers);
            // Twice: the second may come from a cache.
            for _ in 0..2 {
                let passed = proxy.ask(path, &headers);
                assert_eq!(
                    (passed.status, own_headers(&passed)),
                    (own.status, own_headers(&own)),
                    "{path} {coding}"
                );
                assert!(passed.body == own.body, "{path} {coding}: another body");
                if own.status == 200 {
                    assert_true(&passed, path);
                }
            }
        }
        let own = service.ask("GET", path, &[("accept-encoding", "identity")]);
        if own.status != 200 {
            continue;
        }
        own.assert_whole();
        let unchanged =
            proxy.ask(path, &[("accept-encoding", "identity"), ("if-none-match", own.header("etag"))]);
        assert_eq!((unchanged.status, unchanged.body.len()), (304, 0), "{path}");
        let part = proxy.ask(path, &[("accept-encoding", "identity"), ("range", "bytes=10-19")]);
        assert_eq!((part.status, part.body.as_slice()), (206, &own.body[10..20]), "{path}");
        assert_eq!(part.header("content-range"), format!("bytes 10-19/{}", own.body.len()));
        let other = proxy
            .ask(path, &[("accept-encoding", "identity"), ("range", "bytes=10-19"), ("if-range", "\"x\"")]);
        assert_eq!((other.status, other.body.len()), (200, own.body.len()), "{path}");
    }
    assert_eq!(proxy.ask("/metrics", &[]).status, 200, "this machine may read it");
}

#[test]
fn debians_unit_finds_nginx_where_it_looks_for_it() {
    let written =
        std::fs::read_to_string(repository().join("service/deploy/nginx.conf")).expect("it is there");
    let unit = std::fs::read_to_string("/lib/systemd/system/nginx.service").unwrap_or_default();
    let pid = unit.lines().find_map(|line| line.strip_prefix("PIDFile=")).unwrap_or("/run/nginx.pid");
    assert!(written.contains(&format!("\npid {pid};\n")), "{pid}");
    // Whatever is relative lies under a prefix that no service may write.
    for line in written.lines().map(str::trim).filter(|line| line.starts_with("proxy_cache_path")) {
        assert!(line.starts_with("proxy_cache_path /var/cache/"), "{line}");
    }
}

#[test]
fn nginx_passes_on_what_the_service_says_and_keeps_it() {
    let service = Service::start();
    let Some(proxy) = Proxy::nginx(&service) else {
        return;
    };
    assert_untouched(&service, &proxy);
    let asked = || {
        service.metric("chargesheet_http_requests_total{method=\"GET\",route=\"/v1/datasets/{dataset}/aggregate.csv\",status=\"2xx\"}")
    };
    let before = asked();
    for _ in 0..10 {
        assert_eq!(proxy.ask(PATHS[1], &[("accept-encoding", "identity")]).header("x-cache"), "HIT");
    }
    assert_eq!(asked(), before, "what is kept is not asked again");
}

#[test]
fn caddy_passes_on_what_the_service_says() {
    let service = Service::start();
    if let Some(proxy) = Proxy::caddy(&service) {
        assert_untouched(&service, &proxy);
    }
}

/// What a body says of its own bytes holds of them: its digest, and a tag that is strong.
fn assert_true(passed: &Reply, path: &str) {
    let digest = passed.header("repr-digest");
    if !digest.is_empty() || passed.header("etag").starts_with('"') {
        passed.assert_whole();
    }
    assert!(passed.header("content-encoding").is_empty() || digest.is_empty(), "{path}: {digest}");
}

#[test]
fn what_a_cache_says_that_decodes_is_true_of_the_decoded_bytes() {
    let service = Service::start();
    let Some(proxy) = Proxy::varnish(&service) else {
        return;
    };
    let mut decoded = 0;
    for path in PATHS {
        let own = service.ask("GET", path, &[("accept-encoding", "identity")]);
        let coded = service.ask("GET", path, &[("accept-encoding", "gzip")]);
        // It asks for gzip, whatever its clients take, and takes that for all who say gzip.
        for coding in ["identity", "gzip", "br", "zstd", "gzip", "identity", ""] {
            let passed = proxy.ask(path, &[("accept-encoding", coding)]);
            assert_eq!(passed.status, own.status, "{path} {coding}");
            if own.status != 200 {
                assert!(passed.body == own.body, "{path} {coding}");
                continue;
            }
            assert_true(&passed, path);
            let right = if coding == "gzip" { &coded } else { &own };
            assert!(passed.body == right.body, "{path} {coding}: another body");
            assert_eq!(
                passed.header("content-encoding"),
                right.header("content-encoding"),
                "{path} {coding}"
            );
            // The tag is that of every form, and names none.
            let is_strong = passed.header("etag") == own.header("etag");
            assert!(
                is_strong || passed.header("etag") == format!("W/{}", own.header("etag")),
                "{path} {coding}"
            );
            decoded += usize::from(!is_strong && coding != "gzip");
            for tag in [passed.header("etag"), own.header("etag"), coded.header("etag")] {
                for taken in ["gzip", "identity"] {
                    let known = proxy.ask(path, &[("accept-encoding", taken), ("if-none-match", tag)]);
                    assert_eq!((known.status, known.body.len()), (304, 0), "{path} {tag} {taken}");
                }
            }
        }
        if own.status != 200 {
            continue;
        }
        // A part is one of the decoded bytes, and whoever holds it together by a tag gets no other bytes.
        let length = own.body.len();
        let plain = ("accept-encoding", "identity");
        for (range, from, to) in [
            ("bytes=10-19".to_owned(), 10, 20),
            ("bytes=-5".to_owned(), length - 5, length),
            (format!("bytes={}-", length / 2), length / 2, length),
        ] {
            let part = proxy.ask(path, &[plain, ("range", &range)]);
            assert_eq!((part.status, &part.body[..]), (206, &own.body[from..to]), "{path} {range}");
            assert_eq!(part.header("content-range"), format!("bytes {from}-{}/{length}", to - 1), "{path}");
            for tag in [own.header("etag"), coded.header("etag"), "\"x\""] {
                let part = proxy.ask(path, &[plain, ("range", &range), ("if-range", tag)]);
                let right = if part.status == 206 { &own.body[from..to] } else { &own.body[..] };
                assert!([200, 206].contains(&part.status) && part.body == right, "{path} {range} {tag}");
            }
        }
        let beyond = proxy.ask(path, &[plain, ("range", &format!("bytes={length}-"))]);
        assert_eq!(beyond.status, 416, "{path}");
    }
    assert!(decoded > 10, "a cache that does not decode proves nothing");
}
