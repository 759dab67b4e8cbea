// SPDX-License-Identifier: GPL-2.0

//! The data structure as the kernel would compile it: without the standard library, and on memory
//! of which the compiler knows nothing. tests/panics.rs looks at the object.

#![no_std]
#![allow(improper_ctypes)]

#[path = "../../../net/ipv4/fib_rust/trie/mod.rs"]
pub mod trie;

use core::{
    num::NonZero,
    slice,
    sync::atomic::{
        AtomicPtr,
        AtomicU32,
        Ordering, //
    },
};
use trie::{
    Block,
    Cell,
    Fresh,
    Node,
    Prefix,
    Trie, //
};

extern "C" {
    fn allocate(tag: u8, head: u32, len: usize) -> *mut Header;
    fn hang(branch: *mut Header, slot: usize, child: *mut Header);
    fn replace(slot: *const Slot, node: *mut Header);
    fn free(node: *mut Header);
}

#[repr(C)]
pub struct Header {
    len: u32,
    head: u32,
}

pub struct Bits(AtomicU32);

impl Cell for Bits {
    fn load(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }

    fn store(&self, value: u32) {
        self.0.store(value, Ordering::Release);
    }
}

#[derive(Default)]
pub struct Slot(AtomicPtr<Header>);

pub struct New(*mut Header);

impl Drop for New {
    fn drop(&mut self) {
        unsafe { free(self.0) }
    }
}

pub struct Bare;

unsafe fn block<'a, T>(node: *mut Header) -> Block<'a, T> {
    let header = node.map_addr(|addr| addr & !7);
    unsafe {
        Block {
            tag: (node.addr() >> 1 & 3) as u8,
            head: (*header).head,
            body: slice::from_raw_parts(header.wrapping_add(1).cast(), (*header).len as usize),
        }
    }
}

fn node<'a>(slot: &'a Slot) -> Node<'a, Bare> {
    let node = slot.0.load(Ordering::Acquire);
    if node.is_null() {
        Node::Empty
    } else if node.addr() & 1 != 0 {
        Node::Branch(unsafe { block(node) })
    } else {
        Node::Leaf(unsafe { block(node) })
    }
}

fn pointer(node: Fresh<Bare>) -> *mut Header {
    let (Fresh::Leaf(new) | Fresh::Branch(new)) = node;
    core::mem::ManuallyDrop::new(new).0
}

impl trie::Memory for Bare {
    const TOO_LARGE: () = ();

    type Error = ();
    type Cell = Bits;
    type Leaf = New;
    type Branch = New;

    fn leaf(&self, tag: u8, head: u32, cells: usize) -> Result<New, ()> {
        let new = unsafe { allocate(tag << 1, head, cells) };
        (!new.is_null()).then_some(New(new)).ok_or(())
    }

    fn branch(&self, tag: u8, head: u32, slots: usize) -> Result<New, ()> {
        self.leaf(tag, head, slots)
    }

    fn cells(leaf: &New) -> &[Bits] {
        unsafe { block(leaf.0).body }
    }

    fn hang(branch: &mut New, slot: usize, child: Fresh<Self>) {
        unsafe { hang(branch.0, slot, pointer(child)) }
    }
}

impl trie::Publication for Bare {
    type Root = Slot;
    type Slot = Slot;
    type Guard = ();
    type Writer = ();
    type Cursor<'w> = Cursor<'w>;

    fn root<'g>(root: &'g Slot, _: &'g ()) -> Node<'g, Self> {
        node(root)
    }

    fn read<'g>(slot: &'g Slot, _: &'g ()) -> Node<'g, Self> {
        node(slot)
    }

    fn edit<'w>(root: &'w Slot, _: &'w mut ()) -> Cursor<'w> {
        Cursor(root)
    }
}

pub struct Cursor<'w>(&'w Slot);

impl trie::Cursor<Bare> for Cursor<'_> {
    fn node(&self) -> Node<'_, Bare> {
        node(self.0)
    }

    fn peek<'a>(&'a self, slot: &'a Slot) -> Node<'a, Bare> {
        node(slot)
    }

    fn descend(&mut self, slot: usize) -> bool {
        let Node::Branch(branch) = node(self.0) else {
            return false;
        };
        if let Some(slot) = branch.body.get(slot) {
            self.0 = slot;
        }
        true
    }

    fn publish(&mut self, node: Option<Fresh<Bare>>) {
        unsafe { replace(self.0, node.map_or(core::ptr::null_mut(), pointer)) }
    }
}

#[no_mangle]
pub extern "C" fn longest(trie: &Trie<Bare>, address: u32, below: u8) -> u64 {
    trie.longest(address, below, &())
        .map_or(0, |(length, word)| {
            u64::from(length) << 32 | u64::from(word.get())
        })
}

#[no_mangle]
pub extern "C" fn get(trie: &Trie<Bare>, address: u32, length: u8) -> u32 {
    Prefix::new(address, length)
        .and_then(|prefix| trie.get(prefix, &()))
        .map_or(0, NonZero::get)
}

#[no_mangle]
pub extern "C" fn insert(trie: &Trie<Bare>, address: u32, length: u8, word: u32) -> bool {
    let (Some(prefix), Some(word)) = (Prefix::new(address, length), NonZero::new(word)) else {
        return false;
    };
    trie.insert(prefix, word, &Bare, &mut ()).is_ok()
}

#[no_mangle]
pub extern "C" fn remove(trie: &Trie<Bare>, address: u32, length: u8) -> u32 {
    Prefix::new(address, length)
        .and_then(|prefix| trie.remove(prefix, &Bare, &mut ()))
        .map_or(0, NonZero::get)
}

#[no_mangle]
pub extern "C" fn walk(trie: &Trie<Bare>, seen: extern "C" fn(u32, u8, u32)) {
    let _: Result<(), ()> = trie.walk(None, &(), |prefix, word| {
        seen(prefix.address(), prefix.length(), word.get());
        Ok(())
    });
}
