//! The binary as an operator meets it: command line, settings, start, stop, operating, the
//! demonstration, and every command that the documentation shows.

mod bench;
mod command_line;
mod demo;
mod docs;
mod operate;
mod process;
mod start;
mod stop;
