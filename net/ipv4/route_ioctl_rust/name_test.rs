// SPDX-License-Identifier: GPL-2.0

//! Tests of [`name`](crate::name).

use kernel::prelude::*;

#[kunit_tests(route_ioctl_rust_name)]
mod tests {
    use crate::name::Name;

    #[test]
    fn what_is_cut_off() {
        assert_eq!(Name::new(b"").as_cstr(), c"");
        assert_eq!(Name::new(b"eth0\0junk").as_cstr(), c"eth0");
        assert_eq!(Name::new(b"eth0\0junk"), Name::new(b"eth0"));
        assert_eq!(Name::new(b"fifteen-bytes-1").as_cstr(), c"fifteen-bytes-1");
        assert_eq!(Name::new(b"sixteen-bytes-16").as_cstr(), c"sixteen-bytes-1");
    }

    #[test]
    fn before_the_first_colon() {
        assert_eq!(Name::new(b"eth0").before_colon(), None);
        assert_eq!(Name::new(b"eth0\0:1").before_colon(), None);
        assert_eq!(Name::new(b"eth0:").before_colon(), Some(Name::new(b"eth0")));
        assert_eq!(
            Name::new(b"eth0:1:2").before_colon(),
            Some(Name::new(b"eth0"))
        );
        assert_eq!(Name::new(b":1").before_colon(), Some(Name::new(b"")));
        assert_eq!(
            Name::new(b"fourteen-bytes:16").before_colon(),
            Some(Name::new(b"fourteen-bytes"))
        );
    }
}
