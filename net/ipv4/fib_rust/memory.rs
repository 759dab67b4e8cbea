// SPDX-License-Identifier: GPL-2.0

//! What the trie stands on in the kernel: memory and RCU.

use crate::trie::{
    Block,
    Cell,
    Cursor,
    Fresh,
    Memory,
    Node,
    Publication, //
};
use kernel::{
    alloc::{
        AllocError,
        Flags, //
    },
    net::fib_impl::{
        Reader,
        Writer, //
    },
    prelude::*,
    sync::rcu_tree, //
};

/// How a change allocates.
pub(crate) struct Kernel(Flags);

impl Kernel {
    /// For what may fail.
    pub(crate) const FOR_INSERT: Self = Self(GFP_KERNEL_ACCOUNT);
    /// For what is better done, but may be left: neither waits nor is killed for it. It is charged
    /// to somebody, as is what it takes the place of.
    pub(crate) fn to_tidy() -> Self {
        Self(GFP_NOWAIT | __GFP_NOWARN | GFP_KERNEL_ACCOUNT & !GFP_KERNEL)
    }

    pub(crate) fn flags(&self) -> Flags {
        self.0
    }
}

impl Cell for rcu_tree::Cell {
    #[inline]
    fn load(&self) -> u32 {
        self.load()
    }

    #[inline]
    fn store(&self, value: u32) {
        self.store(value);
    }

    #[inline]
    fn init(&self, value: u32) {
        self.set(value);
    }
}

impl Memory for Kernel {
    // Lists have no such numbers.
    const TOO_LARGE: AllocError = AllocError;

    type Error = AllocError;
    type Cell = rcu_tree::Cell;
    type Leaf = rcu_tree::Leaf;
    type Branch = rcu_tree::Branch<Writer>;

    fn leaf(&self, tag: u8, head: u32, cells: usize) -> Result<rcu_tree::Leaf, AllocError> {
        rcu_tree::Leaf::new(tag, head, cells, self.0)
    }

    fn branch(
        &self,
        tag: u8,
        head: u32,
        slots: usize,
    ) -> Result<rcu_tree::Branch<Writer>, AllocError> {
        rcu_tree::Branch::new(tag, head, slots, self.0)
    }

    fn cells(leaf: &rcu_tree::Leaf) -> &[rcu_tree::Cell] {
        leaf.cells()
    }

    fn hang(branch: &mut rcu_tree::Branch<Writer>, slot: usize, child: Fresh<Self>) {
        match child {
            Fresh::Leaf(leaf) => branch.hang(slot, leaf),
            Fresh::Branch(below) => branch.hang(slot, below),
        }
    }
}

impl Publication for Kernel {
    type Root = rcu_tree::Root<Writer>;
    type Slot = rcu_tree::Slot<Writer>;
    type Guard = Reader;
    type Writer = Writer;
    type Cursor<'w> = rcu_tree::Cursor<'w, Writer>;

    #[inline]
    fn root<'g>(root: &'g Self::Root, guard: &'g Reader) -> Node<'g, Self> {
        node(root.read(guard))
    }

    #[inline]
    fn read<'g>(slot: &'g rcu_tree::Slot<Writer>, guard: &'g Reader) -> Node<'g, Self> {
        node(slot.read(guard))
    }

    fn edit<'w>(root: &'w Self::Root, writer: &'w mut Writer) -> rcu_tree::Cursor<'w, Writer> {
        root.edit(writer)
    }
}

impl Cursor<Kernel> for rcu_tree::Cursor<'_, Writer> {
    fn node(&self) -> Node<'_, Kernel> {
        node(self.node())
    }

    fn peek<'a>(&'a self, slot: &'a rcu_tree::Slot<Writer>) -> Node<'a, Kernel> {
        node(self.peek(slot))
    }

    fn descend(&mut self, slot: usize) -> bool {
        self.descend(slot)
    }

    fn publish(&mut self, node: Option<Fresh<Kernel>>) {
        match node {
            None => self.publish::<rcu_tree::Cell>(None),
            Some(Fresh::Leaf(leaf)) => self.publish(Some(leaf)),
            Some(Fresh::Branch(branch)) => self.publish(Some(branch)),
        }
    }
}

#[inline]
fn node(node: rcu_tree::Node<'_, Writer>) -> Node<'_, Kernel> {
    match node {
        rcu_tree::Node::Empty => Node::Empty,
        rcu_tree::Node::Leaf(block) => Node::Leaf(converted(block)),
        rcu_tree::Node::Branch(block) => Node::Branch(converted(block)),
    }
}

#[inline]
fn converted<T>(block: rcu_tree::Block<'_, T>) -> Block<'_, T> {
    let rcu_tree::Block { tag, head, body } = block;

    Block { tag, head, body }
}
