// SPDX-License-Identifier: GPL-2.0

//! Serving the routing ioctls, of IPv4 and of IPv6.
//!
//! A module that does is declared by [`module_route_ioctl!`](crate::module_route_ioctl).
//!
//! C header: [`include/net/route_ioctl.h`](srctree/include/net/route_ioctl.h)

use crate::{
    bindings,
    error::{
        to_result,
        VTABLE_DEFAULT_ERROR, //
    },
    ffi::{
        c_int,
        c_uint,
        c_void, //
    },
    module::this_module,
    net::namespace::Namespace,
    prelude::*,
    uaccess::UserPtr, //
};
use core::marker::PhantomData;

/// The layouts of 32-bit callers, of which `uapi` knows nothing.
#[cfg(CONFIG_COMPAT)]
pub use crate::bindings::{
    compat_in6_rtmsg,
    compat_rtentry, //
};

/// What a routing ioctl asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// `SIOCADDRT`: add a route.
    Add,
    /// `SIOCDELRT`: delete a route.
    Delete,
}

impl Command {
    #[inline]
    fn from_raw(cmd: c_uint) -> Option<Self> {
        match cmd {
            bindings::SIOCADDRT => Some(Self::Add),
            bindings::SIOCDELRT => Some(Self::Delete),
            _ => None,
        }
    }
}

/// How the caller laid out the argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// As the kernel itself would.
    Native,
    /// As a 32-bit caller on a 64-bit kernel does.
    #[cfg(CONFIG_COMPAT)]
    Compat,
}

impl Layout {
    #[cfg(CONFIG_COMPAT)]
    fn new(compat: bool) -> Self {
        if compat {
            Self::Compat
        } else {
            Self::Native
        }
    }

    /// This kernel runs no 32-bit programs.
    #[cfg(not(CONFIG_COMPAT))]
    fn new(_: bool) -> Self {
        Self::Native
    }
}

/// Who serves the routing ioctls.
///
/// The module that the code is part of cannot be unloaded while a call is being served. Calls of a
/// family for which there is no method are left to the C code.
///
/// Each method serves one call. `net` is the namespace of the socket that the call was made on.
/// `arg` is what user space passed, not checked in any way. Nor are the caller's capabilities.
///
/// They run in process context and may sleep. RTNL is not held, a socket's lock may be.
///
/// [`ENOIOCTLCMD`] leaves the call to the C code. Any other result is the caller's.
#[vtable]
pub trait RouteIoctl {
    /// Serves a call on a socket of IPv4. `arg` leads to a `struct rtentry`, or to a
    /// `struct compat_rtentry`.
    fn ipv4(_net: &Namespace, _command: Command, _arg: UserPtr, _layout: Layout) -> Result {
        build_error!(VTABLE_DEFAULT_ERROR)
    }

    /// Serves a call on a socket of IPv6. `arg` leads to a `struct in6_rtmsg`, or to a
    /// `struct compat_in6_rtmsg`.
    fn ipv6(_net: &Namespace, _command: Command, _arg: UserPtr, _layout: Layout) -> Result {
        build_error!(VTABLE_DEFAULT_ERROR)
    }
}

/// Evidence that `T` is registered to serve the routing ioctls.
///
/// Until it is dropped, `T` is asked before the kernel's C code, unless an administrator has said
/// otherwise (`route_ioctl.enabled`). Dropping it may sleep.
///
/// # Invariants
///
/// `provider` is registered.
#[must_use = "the provider is unregistered immediately when the registration is unused"]
pub struct Registration<T: RouteIoctl> {
    provider: &'static bindings::route_ioctl_provider,
    _provider: PhantomData<T>,
}

// SAFETY: A provider may be unregistered by any thread, and `T` is never owned.
unsafe impl<T: RouteIoctl> Send for Registration<T> {}

// SAFETY: A shared reference gives access to nothing.
unsafe impl<T: RouteIoctl> Sync for Registration<T> {}

impl<T: RouteIoctl> Registration<T> {
    const PROVIDER: &'static bindings::route_ioctl_provider = &bindings::route_ioctl_provider {
        owner: this_module::<T::OwnerModule>().as_ptr(),
        ipv4: if T::HAS_IPV4 { Some(Self::ipv4) } else { None },
        ipv6: if T::HAS_IPV6 { Some(Self::ipv6) } else { None },
    };

    /// Registers `T`.
    ///
    /// Wraps `route_ioctl_register()`. Process context, may sleep.
    ///
    /// # Safety
    ///
    /// `T::OwnerModule` must be the module that `T` and this function's code are part of. The
    /// result must be dropped before that module is gone. Nothing that may fail may follow in its
    /// initialisation, since nobody waits for the calls of a module that could not be loaded.
    ///
    /// # Errors
    ///
    /// - [`EBUSY`]: there is a provider already.
    pub unsafe fn new() -> Result<Self> {
        // Each use of a constant may be at another address, and it is by this one that C will know
        // the provider.
        let provider = Self::PROVIDER;

        // SAFETY: The provider stays valid as long as the code of its module.
        to_result(unsafe { bindings::route_ioctl_register(provider) })?;

        // INVARIANT: It was just registered.
        Ok(Self {
            provider,
            _provider: PhantomData,
        })
    }

    /// # Safety
    ///
    /// `net` must be a network namespace that has been set up in full, and that somebody holds a
    /// reference to until this returns.
    unsafe extern "C" fn ipv4(
        net: *mut bindings::net,
        cmd: c_uint,
        arg: *mut c_void,
        compat: bool,
    ) -> c_int {
        // SAFETY: As the caller promises.
        unsafe { serve(T::ipv4, net, cmd, arg, compat) }
    }

    /// # Safety
    ///
    /// `net` must be a network namespace that has been set up in full, and that somebody holds a
    /// reference to until this returns.
    unsafe extern "C" fn ipv6(
        net: *mut bindings::net,
        cmd: c_uint,
        arg: *mut c_void,
        compat: bool,
    ) -> c_int {
        // SAFETY: As the caller promises.
        unsafe { serve(T::ipv6, net, cmd, arg, compat) }
    }
}

/// Has `method` serve a call that C passes on.
///
/// # Safety
///
/// `net` must be a network namespace that has been set up in full, and that somebody holds a
/// reference to until this returns.
#[inline]
unsafe fn serve(
    method: impl FnOnce(&Namespace, Command, UserPtr, Layout) -> Result,
    net: *mut bindings::net,
    cmd: c_uint,
    arg: *mut c_void,
    compat: bool,
) -> c_int {
    let Some(command) = Command::from_raw(cmd) else {
        return ENOIOCTLCMD.to_errno();
    };
    // SAFETY: The caller promises both.
    let net = unsafe { Namespace::from_ptr(net) };

    match method(net, command, UserPtr::from_ptr(arg), Layout::new(compat)) {
        Ok(()) => 0,
        Err(error) => error.to_errno(),
    }
}

impl<T: RouteIoctl> Drop for Registration<T> {
    fn drop(&mut self) {
        // SAFETY: By the type invariant, it is registered.
        unsafe { bindings::route_ioctl_unregister(self.provider) };
    }
}

/// Declares a module that serves the routing ioctls as long as it is loaded, by a type that
/// implements [`RouteIoctl`].
///
/// # Examples
///
/// ```ignore
/// use kernel::{
///     net::{
///         namespace::Namespace,
///         route_ioctl::{
///             Command,
///             Layout,
///             RouteIoctl, //
///         }, //
///     },
///     prelude::*,
///     uaccess::UserPtr, //
/// };
///
/// kernel::module_route_ioctl! {
///     type: Nobody,
///     name: "nobody",
///     authors: ["Nobody"],
///     description: "Nobody may change routes",
///     license: "GPL",
/// }
///
/// struct Nobody;
///
/// #[vtable]
/// impl RouteIoctl for Nobody {
///     fn ipv4(_: &Namespace, _: Command, _: UserPtr, _: Layout) -> Result {
///         Err(EPERM)
///     }
///
///     fn ipv6(_: &Namespace, _: Command, _: UserPtr, _: Layout) -> Result {
///         Err(EPERM)
///     }
/// }
/// ```
#[macro_export]
macro_rules! module_route_ioctl {
    (type: $type:ty, $($f:tt)*) => {
        struct RouteIoctlModule {
            _registration: $crate::net::route_ioctl::Registration<$type>,
        }

        impl $crate::Module for RouteIoctlModule {
            fn init(_module: &'static $crate::ThisModule) -> $crate::error::Result<Self> {
                const fn assert_owner<T>()
                where
                    T: $crate::net::route_ioctl::RouteIoctl<OwnerModule = RouteIoctlModule>,
                {
                }
                const { assert_owner::<$type>() };

                // SAFETY: The type is this module's, as just asserted. `module!` calls this, which
                // is all of the initialisation, and drops the result when the module is unloaded.
                // Whoever else in the module calls this gets no registration, as there is one:
                // none of the module's code may run once `module!` drops it.
                unsafe { $crate::net::route_ioctl::Registration::new() }
                    .map(|registration| Self { _registration: registration })
            }
        }

        $crate::prelude::module! {
            type: RouteIoctlModule,
            $($f)*
        }
    };
}
