//! The web: nginx with Apple's status page over TLS, and over HTTP the page that shows a captive portal, or the portal.

use super::addresses::{GATEWAY, STATUS_NAME, STATUS_PATH, WEB};
use super::commands::Outcome;
use super::{endpoint, status_page};
use crate::fault::{Fault, Web};
use std::fs;
use std::path::{Path, PathBuf};

/// Writes nginx's configuration and the status page; returns the configuration's path.
pub(crate) fn prepare(folder: &Path, fault: &Fault) -> Outcome<PathBuf> {
    fs::write(folder.join("status.js"), status_page::text(fault.status_page)?)?;
    let configuration = folder.join("nginx.conf");
    fs::write(&configuration, text(folder, fault.web))?;
    Ok(configuration)
}

pub(crate) fn listens() -> Vec<String> {
    WEB.iter().flat_map(|address| [endpoint(address, 80), endpoint(address, 443)]).collect()
}

fn text(folder: &Path, web: Web) -> String {
    let answer = match web {
        Web::Apple => r#"200 "<HTML><HEAD><TITLE>Success</TITLE></HEAD><BODY>Success</BODY></HTML>""#,
        Web::Portal => r"302 http://portal.hotel.example/login",
    };
    let gateway = GATEWAY[0];
    let folder = folder.display();
    let [ipv4, ipv6] = WEB;
    format!(
        r"daemon off;
worker_processes 1;
user root;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {folder}/nginx-body;
    proxy_temp_path {folder}/nginx-proxy;
    fastcgi_temp_path {folder}/nginx-fastcgi;
    uwsgi_temp_path {folder}/nginx-uwsgi;
    scgi_temp_path {folder}/nginx-scgi;
    server {{
        listen {ipv4}:80;
        listen [{ipv6}]:80;
        listen {gateway}:80;
        default_type text/html;
        location / {{
            return {answer};
        }}
    }}
    server {{
        listen {ipv4}:443 ssl http2;
        listen [{ipv6}]:443 ssl http2;
        server_name {STATUS_NAME};
        ssl_certificate {folder}/www.pem;
        ssl_certificate_key {folder}/www.key;
        location = {STATUS_PATH} {{
            default_type application/javascript;
            alias {folder}/status.js;
        }}
    }}
}}
"
    )
}
