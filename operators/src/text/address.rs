//! Addresses of the web and of mail, which stay whole as [tokens](super::tokens).

/// Whether the whole text is an address: `scheme://` and `user@` if there are any, then a
/// name with dots that ends in lower case or a public IPv4 address, then a port and a path.
pub(super) fn is_address(text: &str) -> bool {
    let named = after_scheme(text).is_some_and(opens_with_host);
    // Whatever stands before an @ may be a user's name.
    named || opens_with_host(text) || {
        let mut ats = memchr::memchr_iter(b'@', text.as_bytes()).filter(|&at| 0 < at);
        ats.any(|at| opens_with_host(&text[at + 1..]))
    }
}

fn after_scheme(text: &str) -> Option<&str> {
    let at = text.find("://")?;
    let scheme = &text[..at];
    let known = |c: char| c.is_alphanumeric() || matches!(c, '_' | '+' | '-' | '.');
    (2 <= scheme.len() && scheme.chars().all(known)).then(|| &text[at + 3..])
}

/// Whether a host stands at the start, and nothing but a port and a path after it.
fn opens_with_host(text: &str) -> bool {
    let is_host =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '\u{a1}'..='\u{ffff}');
    let end = text.find(|c| !is_host(c)).unwrap_or(text.len());
    let host = &text[..end];
    (is_name(host) || is_public_ip(host)) && is_port_and_path(&text[end..])
}

fn is_name(host: &str) -> bool {
    let Some((labels, top)) = host.rsplit_once('.') else { return false };
    let lower = |c: char| c.is_alphabetic() && !c.is_uppercase();
    let is_label = |label: &str| {
        let inner = !label.starts_with(['-', '_']) && !label.ends_with(['-', '_']);
        inner && !label.is_empty() && label.len() <= 64
    };
    (2..=63).contains(&top.chars().take(64).count())
        && top.chars().all(lower)
        && labels.split('.').all(is_label)
}

fn is_public_ip(host: &str) -> bool {
    let mut octets = [0_u8; 4];
    let mut parts = host.split('.');
    for octet in &mut octets {
        match parts.next().map(str::parse) {
            Some(Ok(number)) => *octet = number,
            _ => return false,
        }
    }
    let private =
        matches!(octets, [10 | 127, ..] | [169, 254, ..] | [192, 168, ..] | [172, 16..=31, ..]);
    let [first, _, _, last] = octets;
    parts.next().is_none() && !private && (1..=223).contains(&first) && (1..=254).contains(&last)
}

fn is_port_and_path(rest: &str) -> bool {
    let path = match rest.strip_prefix(':') {
        Some(port) => {
            let digits = port.bytes().take(6).take_while(u8::is_ascii_digit).count();
            if !(2..=5).contains(&digits) {
                return false;
            }
            &port[digits..]
        }
        None => rest,
    };
    path.is_empty() || path.starts_with(['/', '?', '#'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_known_by_their_host() {
        for text in [
            "https://example.org/a-b?c=d",
            "example.org",
            "http://user:word@example.org:8080/",
            "a.b-c@mail.example.org",
            "8.8.8.8:53",
        ] {
            assert!(is_address(text), "{text}");
        }
    }

    #[test]
    fn words_and_private_networks_are_no_addresses() {
        for text in ["well-known", "end.Next", "and/or", "10.0.0.1/x", "a-.org", "@org", "x:y.z"] {
            assert!(!is_address(text), "{text}");
        }
    }
}
