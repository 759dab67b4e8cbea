// SPDX-License-Identifier: GPL-2.0

//! The C library's resolver: /etc/hosts, DNS, and what else nsswitch.conf(5) says.
//!
//! Names are bytes here, as they are there: those in /etc/hosts need not be UTF-8.

#![allow(unsafe_code)]

use libc::{
    addrinfo,
    c_int,
    freeaddrinfo,
    getaddrinfo,
    getnameinfo,
    in6_addr,
    in_addr,
    sockaddr_in,
    sockaddr_in6,
    socklen_t,
    AF_INET,
    AF_INET6,
    NI_NAMEREQD,
    SOCK_DGRAM, //
};
use std::{
    ffi::CStr,
    net::{
        IpAddr,
        Ipv4Addr,
        Ipv6Addr, //
    },
    ptr,
};

/// What `NI_MAXHOST` is in netdb.h.
const LONGEST: usize = 1025;

/// The first IPv4 address of a host, or an `EAI_` number. `None` if it has addresses, but none of
/// these.
pub fn host4(name: &CStr) -> Result<Option<Ipv4Addr>, c_int> {
    first(name, AF_INET, |entry| {
        // SAFETY: `first` has seen that it is an entry of AF_INET, so its address is a sockaddr_in.
        let address = unsafe { entry.ai_addr.cast::<sockaddr_in>().read_unaligned() };
        Ipv4Addr::from(address.sin_addr.s_addr.to_ne_bytes())
    })
}

/// The first IPv6 address of a host, as [`host4`].
pub fn host6(name: &CStr) -> Result<Option<Ipv6Addr>, c_int> {
    first(name, AF_INET6, |entry| {
        // SAFETY: `first` has seen that it is an entry of AF_INET6, so its address is a
        // sockaddr_in6.
        let address = unsafe { entry.ai_addr.cast::<sockaddr_in6>().read_unaligned() };
        Ipv6Addr::from(address.sin6_addr.s6_addr)
    })
}

/// What `address` makes of the first entry of `family` that has an address.
fn first<A>(
    name: &CStr,
    family: c_int,
    address: impl Fn(&addrinfo) -> A,
) -> Result<Option<A>, c_int> {
    let hints = addrinfo {
        ai_flags: 0,
        ai_family: family,
        ai_socktype: SOCK_DGRAM,
        ai_protocol: 0,
        ai_addrlen: 0,
        ai_addr: ptr::null_mut(),
        ai_canonname: ptr::null_mut(),
        ai_next: ptr::null_mut(),
    };
    let mut list = ptr::null_mut();
    // SAFETY: The name ends with a zero, the service may be null, and the list is written to.
    match unsafe { getaddrinfo(name.as_ptr(), ptr::null(), &hints, &mut list) } {
        0 => {}
        error => return Err(error),
    }
    let mut found = None;
    let mut next = list.cast_const();
    // SAFETY: The resolver's list holds valid entries until it is freed; the last one's `ai_next`
    // is null.
    while let Some(entry) = unsafe { next.as_ref() } {
        if entry.ai_family == family && !entry.ai_addr.is_null() {
            found = Some(address(entry));
            break;
        }
        next = entry.ai_next;
    }
    // SAFETY: It is the resolver's list, and nothing of it is used any more.
    unsafe { freeaddrinfo(list) };
    Ok(found)
}

/// The name of the host that has this address, if it has one.
pub fn name(address: IpAddr) -> Option<Vec<u8>> {
    match address {
        IpAddr::V4(address) => name_of(&sockaddr_in {
            sin_family: AF_INET as _,
            sin_port: 0,
            sin_addr: in_addr {
                s_addr: u32::from_ne_bytes(address.octets()),
            },
            sin_zero: [0; 8],
        }),
        IpAddr::V6(address) => name_of(&sockaddr_in6 {
            sin6_family: AF_INET6 as _,
            sin6_port: 0,
            sin6_flowinfo: 0,
            sin6_addr: in6_addr {
                s6_addr: address.octets(),
            },
            sin6_scope_id: 0,
        }),
    }
}

/// The same of a socket address, whose first field says of which kind it is.
fn name_of<A>(address: &A) -> Option<Vec<u8>> {
    let mut name = [0u8; LONGEST];
    // SAFETY: The address is as long as is said, the name has room for so many bytes, and no
    // service is asked for.
    let error = unsafe {
        getnameinfo(
            ptr::from_ref(address).cast(),
            size_of::<A>() as socklen_t,
            name.as_mut_ptr().cast(),
            LONGEST as socklen_t,
            ptr::null_mut(),
            0,
            NI_NAMEREQD,
        )
    };
    if error != 0 {
        return None;
    }
    Some(CStr::from_bytes_until_nul(&name).ok()?.to_bytes().to_vec())
}
