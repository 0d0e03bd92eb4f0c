//! What a server shows as its certificate.
#![no_main]

use checks::network::certificate::Certificate;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Some(certificate) = Certificate::read(bytes) {
        let _ = certificate.is_self_signed();
    }
});
