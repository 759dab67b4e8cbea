// SPDX-License-Identifier: GPL-2.0

//! The `route` command: shows and changes the IP routing table.
//!
//! A line of words is split into options and words ([`line`]), which [`parse`] makes a
//! [`route::Route`], with [`grammar`] to look them up in. [`change`] sends it to the kernel, and
//! [`hints`] says what the kernel has against it. [`show`] is the other way: tables from the kernel
//! to columns or JSON.

pub mod address;
pub mod batch;
pub mod change;
pub mod command;
pub mod completions;
pub mod error;
pub mod get;
pub mod grammar;
pub mod help;
pub mod hints;
pub mod kernel;
pub mod line;
pub mod mistake;
pub mod names;
pub mod netlink;
pub mod networks;
pub mod parse;
pub mod progress;
pub mod request;
pub mod resolver;
pub mod route;
pub mod show;
