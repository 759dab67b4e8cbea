// SPDX-License-Identifier: GPL-2.0

//! Serving the IPv4 routing ioctls.
//!
//! C header: [`include/net/route_ioctl.h`](srctree/include/net/route_ioctl.h)

use crate::{
    bindings,
    error::to_result,
    ffi::{
        c_int,
        c_uint,
        c_void, //
    },
    net::namespace::Namespace,
    prelude::*,
    uaccess::UserPtr, //
};
use core::{
    marker::PhantomData,
    mem::MaybeUninit, //
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
    /// `struct rtentry`, as the kernel itself would.
    Native,
    /// `struct compat_rtentry`: a 32-bit caller on a 64-bit kernel.
    Compat,
}

/// The size of a `struct rtentry`.
pub const NATIVE_SIZE: usize = size_of::<bindings::rtentry>();
/// The size of what is read of a `struct compat_rtentry`: from `rt_dst` to `rt_irtt`. What is
/// before and behind may lie on pages that cannot be read.
pub const COMPAT_SIZE: usize = 78;

/// Reads the argument of a routing ioctl in native layout. May sleep.
///
/// # Errors
///
/// - [`EFAULT`]: it cannot be read.
#[inline]
pub fn read_native(arg: UserPtr) -> Result<[u8; NATIVE_SIZE]> {
    let mut bytes = MaybeUninit::<[u8; NATIVE_SIZE]>::uninit();

    // SAFETY: There is room for the struct.
    if !unsafe { bindings::load_rtentry(bytes.as_mut_ptr().cast(), arg.as_const_ptr().cast()) } {
        return Err(EFAULT);
    }

    // SAFETY: All of it was just written.
    Ok(unsafe { bytes.assume_init() })
}

/// Reads what counts of the argument of a routing ioctl in 32-bit layout. May sleep.
///
/// # Errors
///
/// - [`EFAULT`]: it cannot be read.
#[cfg(CONFIG_COMPAT)]
#[inline]
pub fn read_compat(arg: UserPtr) -> Result<[u8; COMPAT_SIZE]> {
    let mut bytes = MaybeUninit::<[u8; COMPAT_SIZE]>::uninit();

    // SAFETY: There is room for that much of the struct, which C says is as much as that.
    if !unsafe {
        bindings::load_compat_rtentry(bytes.as_mut_ptr().cast(), arg.as_const_ptr().cast())
    } {
        return Err(EFAULT);
    }

    // SAFETY: All of it was just written.
    Ok(unsafe { bytes.assume_init() })
}

/// Nobody calls in 32-bit layout: this kernel runs no such programs.
#[cfg(not(CONFIG_COMPAT))]
#[inline]
pub fn read_compat(_: UserPtr) -> Result<[u8; COMPAT_SIZE]> {
    Err(ENOTTY)
}

/// Who serves the routing ioctls.
pub trait RouteIoctl {
    /// Serves one call.
    ///
    /// `net` is the namespace of the socket that the call was made on. `arg` is what user space
    /// passed, not checked in any way. Nor are the caller's capabilities.
    ///
    /// Runs in process context without locks and may sleep. The [`Registration`] is not gone before
    /// this returns.
    ///
    /// [`ENOIOCTLCMD`] leaves the call to the C code. Any other result is the caller's.
    fn ioctl(net: &Namespace, command: Command, arg: UserPtr, layout: Layout) -> Result;
}

/// Evidence that `T` is registered to serve the routing ioctls.
///
/// Until it is dropped, the kernel's C code does not see a call; from then on, it does again.
/// Registering may sleep. So may dropping, for as long as `T` takes to serve the calls that have
/// reached it: there must be no lock held that they take, such as RTNL.
///
/// # Invariants
///
/// The provider made of `T` is registered while an instance exists.
///
/// # Examples
///
/// ```
/// use kernel::{
///     net::{
///         namespace::Namespace,
///         route_ioctl::{
///             Command,
///             Layout,
///             Registration,
///             RouteIoctl, //
///         }, //
///     },
///     uaccess::UserPtr, //
/// };
///
/// struct Nobody;
///
/// impl RouteIoctl for Nobody {
///     fn ioctl(_: &Namespace, _: Command, _: UserPtr, _: Layout) -> Result {
///         Err(EPERM)
///     }
/// }
///
/// // There is at most one provider.
/// # fn test() -> Result {
/// let first = Registration::<Nobody>::new()?;
/// assert_eq!(Registration::<Nobody>::new().err(), Some(EBUSY));
/// drop(first);
/// drop(Registration::<Nobody>::new()?);
/// # Ok(())
/// # }
/// # // Unless the kernel under test has one built in.
/// # match test() {
/// #     Err(e) if e == EBUSY => {}
/// #     other => other?,
/// # }
/// # Ok::<(), Error>(())
/// ```
#[must_use = "the provider is unregistered immediately when the registration is unused"]
pub struct Registration<T: RouteIoctl>(PhantomData<T>);

impl<T: RouteIoctl> Registration<T> {
    const PROVIDER: &'static bindings::route_ioctl_provider = &bindings::route_ioctl_provider {
        ioctl: Some(Self::ioctl),
    };

    /// Registers `T`.
    ///
    /// Wraps `route_ioctl_register()`.
    ///
    /// # Errors
    ///
    /// - [`EBUSY`]: there is a provider already.
    pub fn new() -> Result<Self> {
        // SAFETY: The provider is a constant, valid as long as the code is there. That is longer
        // than this registration, which `Drop` ends.
        to_result(unsafe { bindings::route_ioctl_register(Self::PROVIDER) })?;

        // INVARIANT: It was just registered.
        Ok(Self(PhantomData))
    }

    /// # Safety
    ///
    /// `net` must be a live network namespace.
    unsafe extern "C" fn ioctl(
        net: *mut bindings::net,
        cmd: c_uint,
        arg: *mut c_void,
        compat: bool,
    ) -> c_int {
        let Some(command) = Command::from_raw(cmd) else {
            return ENOIOCTLCMD.to_errno();
        };
        let layout = if compat {
            Layout::Compat
        } else {
            Layout::Native
        };

        // SAFETY: The socket that the call was made on holds a reference to its namespace.
        let net = unsafe { Namespace::from_ptr(net) };

        match T::ioctl(net, command, UserPtr::from_ptr(arg), layout) {
            Ok(()) => 0,
            Err(error) => error.to_errno(),
        }
    }
}

impl<T: RouteIoctl> Drop for Registration<T> {
    fn drop(&mut self) {
        // SAFETY: By the type invariant, this is the registered provider.
        unsafe { bindings::route_ioctl_unregister(Self::PROVIDER) };
    }
}
