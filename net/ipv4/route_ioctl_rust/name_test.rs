// SPDX-License-Identifier: GPL-2.0

//! Tests of [`name`](crate::name): what of fifteen bytes is the name, and what the device's.

use kernel::prelude::*;

#[kunit_tests(route_ioctl_rust_name)]
mod tests {
    use crate::name::Name;

    #[test]
    fn names() {
        for (bytes, whole, device) in [
            (b"eth0\0\0\0\0\0\0\0\0\0\0\0", c"eth0", None),
            (b"eth0\0garbage:::", c"eth0", None),
            (b"eth0:1\0\0\0\0\0\0\0\0\0", c"eth0:1", Some(c"eth0")),
            (b"eth0:1:2\0\0\0\0\0\0\0", c"eth0:1:2", Some(c"eth0")),
            (b"eth0:\0\0\0\0\0\0\0\0\0\0", c"eth0:", Some(c"eth0")),
            (b":1\0\0\0\0\0\0\0\0\0\0\0\0\0", c":1", Some(c"")),
            (b"\0eth0\0\0\0\0\0\0\0\0\0\0", c"", None),
            (b"fifteen-bytes-x", c"fifteen-bytes-x", None),
            (
                b"fourteen-bytes:",
                c"fourteen-bytes:",
                Some(c"fourteen-bytes"),
            ),
        ] {
            let name = Name::new(*bytes);
            let before = name.before_colon();
            assert_eq!(name.as_cstr(), whole);
            assert_eq!(before.as_ref().map(Name::as_cstr), device);
        }
    }
}
