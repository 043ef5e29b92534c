use super::*;

mod addresses;
mod any_input;

fn ip(text: &str) -> IpAddr {
    text.parse().unwrap_or_else(|_| panic!("{text}"))
}

fn nets(texts: &[&str]) -> Vec<IpNet> {
    texts.iter().map(|text| text.parse().unwrap()).collect()
}

#[track_caller]
fn check(policy: &TargetPolicy, text: &str, expected: Result<&str, &str>) {
    let answer = policy.check_url(text);
    let answer = answer.as_ref().map(Url::as_str).map_err(|error| error.code());
    assert_eq!(answer, expected, "{text:?}");
}

#[test]
fn ordinary_urls_are_accepted_and_lose_only_their_fragment() {
    let policy = TargetPolicy::default();
    for (given, kept) in [
        ("https://your-app.com/webhooks/parseflow", "https://your-app.com/webhooks/parseflow"),
        ("https://example.com", "https://example.com/"),
        ("https://example.com:443/", "https://example.com/"),
        ("https://example.com:8443/a?b=c#d", "https://example.com:8443/a?b=c"),
        ("HTTPS://EXAMPLE.com./x", "https://example.com./x"),
        ("https://bücher.example/ä", "https://xn--bcher-kva.example/%C3%A4"),
        ("https://8.8.8.8/", "https://8.8.8.8/"),
        ("https://[2606:4700:4700::1111]/", "https://[2606:4700:4700::1111]/"),
        ("https://notlocalhost/", "https://notlocalhost/"),
        ("https://localhost.example.com/", "https://localhost.example.com/"),
    ] {
        check(&policy, given, Ok(kept));
    }
}

#[track_caller]
fn refuse(code: &str, urls: &str) {
    for url in urls.split_whitespace() {
        check(&TargetPolicy::default(), url, Err(code));
    }
}

#[test]
fn hostile_urls_are_refused_with_their_code() {
    refuse(
        "url_invalid",
        "
            example.com /webhooks https:// https:/// https://:443/ https://[::1/
            https://example.com:99999/ https://1.2.3.4.5/ https://256.1.1.1/ https://0x100000000/
            https://a<b.com/ https://%00/ https://./
        ",
    );
    refuse(
        "url_scheme_not_allowed",
        "
            http://example.com/ ftp://example.com/ file:///etc/passwd javascript:alert(1)
            data:text/plain,x gopher://example.com/ ws://example.com/ unix:/run/x.sock
            httpss://example.com/
        ",
    );
    refuse(
        "url_credentials_not_allowed",
        "
            https://user@example.com/ https://user:pass@example.com/ https://:pass@example.com/
            https://example.com@127.0.0.1/ https://a:b@[::1]/
        ",
    );
    refuse(
        "url_port_not_allowed",
        "
            https://example.com:22/ https://example.com:80/ https://8.8.8.8:6379/
            https://example.com:0/ https://[2606:4700::1]:8080/
        ",
    );
    refuse(
        "url_target_not_allowed",
        "
            https://127.0.0.1/ https://127.1/ https://0x7f.1/ https://0177.0.0.1/
            https://2130706433/ https://0x7f000001/ https://017700000001/ https://127.0.0.1./
            https://１２７.0.0.1/ https://127。0。0。1/ https://0/ https://[::1]/ https://[::]/
            https://[::ffff:127.0.0.1]/ https://[::ffff:7f00:1]/ https://[0:0:0:0:0:ffff:a00:1]/
            https://[64:ff9b::a9fe:a9fe]/ https://169.254.169.254/latest/meta-data/
            https://2852039166/ https://10.0.0.1:8443/ https://192.168.1.1/ https://[fe80::1]/
            https://[fd00:ec2::254]/ https://localhost/ https://LOCALHOST/ https://localhost./
            https://a.localhost/ https://a.b.localhost.:8443/ https://loc%61lhost/
            https://127.0.0.1:22/ https://ⓛocalhost/
        ",
    );
    let longest = format!("https://example.com/{}", "a".repeat(2_028));
    assert!(TargetPolicy::default().check_url(&longest).is_ok());
    refuse("url_too_long", &format!("{longest}a"));
}

#[test]
fn what_two_parsers_could_read_differently_is_refused() {
    for url in [
        "",
        "https://exa mple.com/",
        "https://exam\nple.com/",
        " https://example.com/",
        "https://example.com/\t",
        "https://a\\@b.example/",
        "https://example.com\\path",
        "https://exa\u{2028}mple.com/",
        "https://a\0b/",
    ] {
        check(&TargetPolicy::default(), url, Err("url_invalid"));
    }
}

#[test]
fn http_is_allowed_with_its_ports_where_the_operator_allows_it() {
    let policy = TargetPolicy { allow_http: true, ..TargetPolicy::default() };
    for url in ["http://example.com/", "http://example.com:8080/", "https://example.com/"] {
        check(&policy, url, Ok(url));
    }
    check(&policy, "http://example.com:81/", Err("url_port_not_allowed"));
    check(&policy, "http://127.0.0.1/", Err("url_target_not_allowed"));
    check(&policy, "ftp://example.com/", Err("url_scheme_not_allowed"));
    assert_eq!(policy.check_address(ip("8.8.8.8"), 8080), Ok(()));
}

#[test]
fn an_allowed_range_opens_its_addresses_on_every_port() {
    let policy =
        TargetPolicy { allow_http: true, allow: nets(&["127.0.0.0/8"]), ..TargetPolicy::default() };
    for url in ["http://127.0.0.1:5000/hook", "http://localhost:9000/", "https://a.localhost:1/"] {
        check(&policy, url, Ok(url));
    }
    // A name is judged when it has been resolved.
    check(&policy, "http://receiver:5000/", Ok("http://receiver:5000/"));
    check(&policy, "http://[::1]:5000/", Err("url_target_not_allowed"));
    check(&policy, "http://10.0.0.1/", Err("url_target_not_allowed"));
    check(&policy, "http://8.8.8.8:5000/", Err("url_port_not_allowed"));
    let v6 = TargetPolicy { allow: nets(&["::1/128"]), ..TargetPolicy::default() };
    check(&v6, "https://localhost/", Ok("https://localhost/"));
    check(&v6, "https://127.0.0.1/", Err("url_target_not_allowed"));
}

#[test]
fn a_denied_host_covers_the_names_below_it_in_every_spelling() {
    let deny_hosts = ["corp.example", "*.lan", ".internal", "Münster.example", "9.9.9.9", ""];
    let policy = TargetPolicy {
        allow: nets(&["0.0.0.0/0"]),
        deny_hosts: deny_hosts.map(str::to_owned).to_vec(),
        ..TargetPolicy::default()
    };
    for url in [
        "https://corp.example/",
        "https://CORP.example./",
        "https://a.b.corp.example/",
        "https://lan/",
        "https://nas.lan/",
        "https://metadata.google.internal/",
        "https://9.9.9.9/",
        "https://0x09090909/",
        "https://a.münster.example/",
        "https://xn--mnster-3ya.example/",
    ] {
        check(&policy, url, Err("url_target_not_allowed"));
    }
    for url in ["https://notcorp.example/", "https://corp.example.com/", "https://plan/"] {
        check(&policy, url, Ok(url));
    }
}

#[test]
fn messages_do_not_tell_what_is_there() {
    let policy = TargetPolicy::default();
    let message = |url: &str| policy.check_url(url).unwrap_err().to_string();
    let refused =
        ["https://10.0.0.1/", "https://127.0.0.1/", "https://localhost/", "https://[fd00::1]/"];
    for url in refused {
        assert_eq!(message(url), UrlError::TargetNotAllowed.to_string());
    }
    assert_eq!(AddressError::TargetNotAllowed.code(), "url_target_not_allowed");
    assert_eq!(AddressError::PortNotAllowed.code(), "url_port_not_allowed");
}
