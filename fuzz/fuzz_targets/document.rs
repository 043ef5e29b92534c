#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| parseflow_sim::fuzz::document(bytes));
