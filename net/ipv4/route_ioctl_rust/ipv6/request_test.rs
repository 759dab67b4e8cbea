// SPDX-License-Identifier: GPL-2.0

//! Tests of [`request`](super::request): every field is found where user space puts it.

use kernel::prelude::*;

#[kunit_tests(route_ioctl_rust_ipv6_request)]
mod tests {
    use crate::ipv6::request::{
        Request,
        NATIVE_SIZE, //
    };
    use core::mem::offset_of;
    use kernel::uapi::in6_rtmsg;

    #[cfg(CONFIG_COMPAT)]
    use crate::ipv6::request::COMPAT_SIZE;
    #[cfg(CONFIG_COMPAT)]
    use kernel::net::route_ioctl::compat_in6_rtmsg;

    const DESTINATION: [u8; 16] = [1; 16];
    const SOURCE: [u8; 16] = [2; 16];
    const GATEWAY: [u8; 16] = [3; 16];

    /// Puts each value where user space has a field of `$message`.
    macro_rules! put {
        ($bytes:ident, $message:ty, { $($field:ident: $value:expr,)* }) => {
            $({
                let (at, value) = (offset_of!($message, $field), $value);
                $bytes[at..at + value.len()].copy_from_slice(&value);
            })*
        };
    }

    /// Asserts that all fields but `rtmsg_info` are what the tests have put into them.
    fn check(request: &Request) {
        assert_eq!(request.destination, DESTINATION);
        assert_eq!(request.source, SOURCE);
        assert_eq!(request.gateway, GATEWAY);
        assert_eq!(request.kind, 0x8765_4321);
        assert_eq!(request.destination_len, 0xfedc);
        assert_eq!(request.source_len, 0xba98);
        assert_eq!(request.metric, 0xffff_fffe);
        assert_eq!(request.flags, 0x8040_0003);
        assert_eq!(request.device, -2);
    }

    #[test]
    fn native_fields() {
        // What lies between the fields is not zero, and must not show up in any.
        let mut bytes = [0xee; NATIVE_SIZE];
        put!(bytes, in6_rtmsg, {
            rtmsg_dst: DESTINATION,
            rtmsg_src: SOURCE,
            rtmsg_gateway: GATEWAY,
            rtmsg_type: 0x8765_4321_u32.to_ne_bytes(),
            rtmsg_dst_len: 0xfedc_u16.to_ne_bytes(),
            rtmsg_src_len: 0xba98_u16.to_ne_bytes(),
            rtmsg_metric: 0xffff_fffe_u32.to_ne_bytes(),
            rtmsg_info: usize::MAX.to_ne_bytes(),
            rtmsg_flags: 0x8040_0003_u32.to_ne_bytes(),
            rtmsg_ifindex: (-2i32).to_ne_bytes(),
        });

        let request = Request::from_native(bytes);
        check(&request);
        assert_eq!(request.info, usize::MAX);
    }

    #[test]
    #[cfg(CONFIG_COMPAT)]
    fn compat_fields() {
        let mut bytes = [0xee; COMPAT_SIZE];
        put!(bytes, compat_in6_rtmsg, {
            rtmsg_dst: DESTINATION,
            rtmsg_src: SOURCE,
            rtmsg_gateway: GATEWAY,
            rtmsg_type: 0x8765_4321_u32.to_ne_bytes(),
            rtmsg_dst_len: 0xfedc_u16.to_ne_bytes(),
            rtmsg_src_len: 0xba98_u16.to_ne_bytes(),
            rtmsg_metric: 0xffff_fffe_u32.to_ne_bytes(),
            rtmsg_info: u32::MAX.to_ne_bytes(),
            rtmsg_flags: 0x8040_0003_u32.to_ne_bytes(),
            rtmsg_ifindex: (-2i32).to_ne_bytes(),
        });

        let request = Request::from_compat(bytes);
        check(&request);
        // A 32-bit lifetime is not sign-extended.
        assert_eq!(request.info, 0xffff_ffff);
    }

    /// Nothing lies between the fields of the 32-bit layout, nor behind them: every byte counts.
    #[test]
    #[cfg(CONFIG_COMPAT)]
    fn compat_size() {
        assert_eq!(COMPAT_SIZE, 3 * 16 + 4 + 2 + 2 + 4 + 4 + 4 + 4);
    }
}
