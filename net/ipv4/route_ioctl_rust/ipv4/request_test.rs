// SPDX-License-Identifier: GPL-2.0

//! Tests of [`request`](super::request): every field is found where user space puts it.

use kernel::prelude::*;

#[kunit_tests(route_ioctl_rust_ipv4_request)]
mod tests {
    use crate::ipv4::request::{
        Request,
        SocketAddress,
        NATIVE_SIZE, //
    };
    use core::mem::offset_of;
    use kernel::uapi::rtentry;

    #[cfg(CONFIG_COMPAT)]
    use crate::ipv4::request::COMPAT_SIZE;
    #[cfg(CONFIG_COMPAT)]
    use kernel::net::route_ioctl::compat_rtentry;

    fn put<const N: usize>(bytes: &mut [u8], at: usize, value: [u8; N]) {
        bytes[at..at + N].copy_from_slice(&value);
    }

    /// Puts a value where user space has a field of `struct rtentry`.
    macro_rules! put_native {
        ($bytes:ident, $field:ident, $value:expr) => {
            put(&mut $bytes, offset_of!(rtentry, $field), $value)
        };
    }

    /// The same for `struct compat_rtentry`, of which the bytes begin with `rt_dst`.
    #[cfg(CONFIG_COMPAT)]
    macro_rules! put_compat {
        ($bytes:ident, $field:ident, $value:expr) => {
            put(
                &mut $bytes,
                offset_of!(compat_rtentry, $field) - offset_of!(compat_rtentry, rt_dst),
                $value,
            )
        };
    }

    /// A `struct sockaddr_in` with a port and padding that nobody may look at.
    fn sockaddr(family: u16, address: [u8; 4]) -> [u8; 16] {
        let mut bytes = [0xee; 16];
        put(&mut bytes, 0, family.to_ne_bytes());
        put(&mut bytes, 4, address);
        bytes
    }

    fn is(address: &SocketAddress, family: u16, bytes: [u8; 4]) -> bool {
        address.family == family && address.address == bytes
    }

    #[test]
    fn native_fields() {
        // What lies between the fields is not zero, and must not show up in any.
        let mut bytes = [0xee; NATIVE_SIZE];
        put_native!(bytes, rt_dst, sockaddr(1, [1, 2, 3, 4]));
        put_native!(bytes, rt_gateway, sockaddr(2, [5, 6, 7, 8]));
        put_native!(bytes, rt_genmask, sockaddr(3, [9, 10, 11, 12]));
        put_native!(bytes, rt_flags, 0x8421u16.to_ne_bytes());
        put_native!(bytes, rt_metric, (-2i16).to_ne_bytes());
        put_native!(bytes, rt_dev, usize::MAX.to_ne_bytes());
        put_native!(bytes, rt_mtu, 1500usize.to_ne_bytes());
        put_native!(bytes, rt_window, 65535usize.to_ne_bytes());
        put_native!(bytes, rt_irtt, 300u16.to_ne_bytes());

        let request = Request::from_native(bytes);
        assert!(is(&request.destination, 1, [1, 2, 3, 4]));
        assert!(is(&request.gateway, 2, [5, 6, 7, 8]));
        assert!(is(&request.mask, 3, [9, 10, 11, 12]));
        assert_eq!(request.flags, 0x8421);
        assert_eq!(request.metric, -2);
        assert_eq!(request.device, usize::MAX);
        assert_eq!(request.mtu, 1500);
        assert_eq!(request.window, 65535);
        assert_eq!(request.irtt, 300);
    }

    #[test]
    #[cfg(CONFIG_COMPAT)]
    fn compat_fields() {
        let mut bytes = [0xee; COMPAT_SIZE];
        put_compat!(bytes, rt_dst, sockaddr(1, [1, 2, 3, 4]));
        put_compat!(bytes, rt_gateway, sockaddr(2, [5, 6, 7, 8]));
        put_compat!(bytes, rt_genmask, sockaddr(3, [9, 10, 11, 12]));
        put_compat!(bytes, rt_flags, 0x8421u16.to_ne_bytes());
        put_compat!(bytes, rt_metric, (-2i16).to_ne_bytes());
        put_compat!(bytes, rt_dev, u32::MAX.to_ne_bytes());
        put_compat!(bytes, rt_mtu, 1500u32.to_ne_bytes());
        put_compat!(bytes, rt_window, 65535u32.to_ne_bytes());
        put_compat!(bytes, rt_irtt, 300u16.to_ne_bytes());

        let request = Request::from_compat(bytes);
        assert!(is(&request.destination, 1, [1, 2, 3, 4]));
        assert!(is(&request.gateway, 2, [5, 6, 7, 8]));
        assert!(is(&request.mask, 3, [9, 10, 11, 12]));
        assert_eq!(request.flags, 0x8421);
        assert_eq!(request.metric, -2);
        // A 32-bit pointer is not sign-extended.
        assert_eq!(request.device, 0xffff_ffff);
        assert_eq!(request.mtu, 1500);
        assert_eq!(request.window, 65535);
        assert_eq!(request.irtt, 300);
    }

    /// Only the lower 32 bits of `rt_mtu` and `rt_window` ever reached a route.
    #[test]
    #[cfg(CONFIG_64BIT)]
    fn wide_fields_are_cut() {
        let mut bytes = [0; NATIVE_SIZE];
        put_native!(bytes, rt_mtu, 0x1_0000_05dc_usize.to_ne_bytes());
        put_native!(bytes, rt_window, 0xffff_ffff_0000_0001_usize.to_ne_bytes());

        let request = Request::from_native(bytes);
        assert_eq!(request.mtu, 1500);
        assert_eq!(request.window, 1);
    }
}
