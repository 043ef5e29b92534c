use ring::hmac;

fn is_from_parseflow(raw_body: &[u8], signature: &str, secret: &str) -> bool {
    let digits = signature.as_bytes().chunks(2);
    let bytes = digits.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
    let Some(given) = bytes.collect::<Option<Vec<u8>>>() else { return false };
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    hmac::verify(&key, raw_body, &given).is_ok()
}
