// SPDX-License-Identifier: GPL-2.0

//! Tests of [`name`](super::name): what of fifteen bytes names the device, and what is a label.

use kernel::prelude::*;

#[kunit_tests(route_ioctl_rust_ipv4_name)]
mod tests {
    use crate::ipv4::name::{
        Name,
        Parts, //
    };

    #[test]
    fn names() {
        for (bytes, device, label) in [
            (b"eth0\0\0\0\0\0\0\0\0\0\0\0", c"eth0", None),
            (b"eth0\0garbage:::", c"eth0", None),
            (b"eth0:1\0\0\0\0\0\0\0\0\0", c"eth0", Some(c"eth0:1")),
            (b"eth0:1:2\0\0\0\0\0\0\0", c"eth0", Some(c"eth0:1:2")),
            (b"eth0:\0\0\0\0\0\0\0\0\0\0", c"eth0", Some(c"eth0:")),
            (b":1\0\0\0\0\0\0\0\0\0\0\0\0\0", c"", Some(c":1")),
            (b"\0eth0\0\0\0\0\0\0\0\0\0\0", c"", None),
            (b"fifteen-bytes-x", c"fifteen-bytes-x", None),
            (
                b"fourteen-bytes:",
                c"fourteen-bytes",
                Some(c"fourteen-bytes:"),
            ),
        ] {
            assert_eq!(Name::new(*bytes).parts(), Parts { device, label });
        }
    }
}
