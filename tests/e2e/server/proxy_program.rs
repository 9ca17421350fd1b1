//! Proxies, started as their distributions start them.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use e2e::service::{Reply, Service};
use e2e::{empty_folder, repository, wait_for};

/// A proxy before a service; ends with its value.
pub struct Proxy {
    pub child: Child,
    /// The process that serves: the child, or what it has left behind.
    pub pid: String,
    pub base: String,
    /// Where it speaks without TLS.
    pub plain: String,
    pub agent: ureq::Agent,
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
    pub fn start(mut command: Command, folder: &Path, ports: [u16; 2]) -> Self {
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

    pub fn nginx(service: &Service) -> Option<Self> {
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

    pub fn caddy(service: &Service) -> Option<Self> {
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
    pub fn assert_reloads(&self, configuration: &Path, mut reload: Command) {
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

    pub fn ask_at(&self, base: &str, path: &str, headers: &[(&str, &str)]) -> Reply {
        e2e::service::ask(&self.agent, base, "GET", path, headers).expect("the proxy answers")
    }

    pub fn varnish(service: &Service) -> Option<Self> {
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

    pub fn ask(&self, path: &str, headers: &[(&str, &str)]) -> Reply {
        self.ask_at(&self.base, path, headers)
    }
}
