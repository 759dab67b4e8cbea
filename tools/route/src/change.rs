// SPDX-License-Identifier: GPL-2.0

//! Routes to the kernel, each family by one socket that is opened when it is first needed.

use crate::{
    error::Error,
    hints,
    kernel::{
        device_index,
        Inet,
        Inet6, //
    },
    route::{
        Change,
        Route, //
    },
};

/// The sockets.
#[derive(Debug, Default)]
pub struct Kernel {
    inet: Option<Inet>,
    inet6: Option<Inet6>,
}

impl Kernel {
    /// Adds or deletes a route.
    pub fn change(&mut self, change: Change, route: &Route) -> Result<(), Error> {
        match route {
            Route::V4(to) => {
                let socket = match &self.inet {
                    Some(socket) => socket,
                    None => self
                        .inet
                        .insert(Inet::open().map_err(|errno| hints::no_socket("IPv4", errno))?),
                };
                socket.change(change, to)
            }
            Route::V6(to) => {
                let socket = match &self.inet6 {
                    Some(socket) => socket,
                    None => self
                        .inet6
                        .insert(Inet6::open().map_err(|errno| hints::no_socket("IPv6", errno))?),
                };
                let index = match &to.device {
                    Some(name) => {
                        device_index(socket, name).map_err(|errno| hints::no_device(name, errno))?
                    }
                    None => 0,
                };
                socket.change(change, to, index)
            }
        }
        .map_err(|errno| hints::refused(change, route, errno))
    }
}
