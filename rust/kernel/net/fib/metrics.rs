// SPDX-License-Identifier: GPL-2.0

//! Metrics of a route.

/// What TCP is to assume about the path. [`None`] leaves a metric alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Metrics {
    /// The maximum segment size to advertise, in bytes (`RTAX_ADVMSS`).
    pub advmss: Option<u32>,
    /// The largest window to advertise, in bytes (`RTAX_WINDOW`).
    pub window: Option<u32>,
    /// The round trip time to start from, in eighths of a millisecond (`RTAX_RTT`).
    pub rtt: Option<u32>,
}
