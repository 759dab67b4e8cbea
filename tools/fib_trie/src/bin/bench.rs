// SPDX-License-Identifier: GPL-2.0

//! C's trie and ours, side by side.
//!
//! - `bench [ROUTES]`: a table of ratios. `ROUTES` is a file of prefixes, one a line; without it, they
//!   are made up.
//! - `bench size SIZE [ROUTES]`: the same for one size.
//! - `bench longest SIZE [ROUTES]`: the longest insert.
//! - `bench count SIZE SET c|rust [ROUTES]`: some lookups, or a `walk`, or `remove` for each prefix,
//!   for valgrind to count.

use fib_trie::{
    host::{
        Guard,
        Host,
        Usage,
        Writer, //
    },
    routes::{
        internet,
        parse,
        table,
        Random, //
    },
    trie::{
        Prefix,
        Trie, //
    },
};
use std::{
    convert::Infallible,
    env, fs,
    hint::black_box,
    num::NonZero,
    time::{
        Duration,
        Instant, //
    },
};

/// C's structs, as c/kernel.h has them.
mod c {
    #[repr(C)]
    pub struct NetDevice {
        pub ignore_linkdown: i32,
    }

    #[repr(C)]
    pub struct NextHop {
        pub dev: *const NetDevice,
        pub oif: i32,
        pub scope: u8,
        pub family: u8,
        pub gw_family: u8,
        pub flags: u8,
    }

    #[repr(C)]
    pub struct FibInfo {
        pub flags: u32,
        pub dead: u8,
        pub protocol: u8,
        pub scope: u8,
        pub kind: u8,
        pub priority: u32,
        pub clntref: i32,
        pub nhs: i32,
        pub nh: *const u8,
        pub fib_nh: [NextHop; 1],
    }

    #[repr(C)]
    pub struct Flow {
        pub daddr: u32,
        pub scope: u8,
        pub oif: i32,
    }

    #[repr(C)]
    pub struct FibResult {
        pub prefix: u32,
        pub prefixlen: u8,
        pub nh_sel: u8,
        pub kind: u8,
        pub scope: u8,
        pub dscp: u8,
        pub nhc: *const NextHop,
        pub fi: *const FibInfo,
        pub table: *const u8,
        pub fa_head: *const u8,
    }

    #[repr(C)]
    pub struct Table {
        _opaque: [u8; 0],
    }

    extern "C" {
        pub static c_bytes: i64;
        pub fn c_table() -> *mut Table;
        pub fn c_insert(tb: *mut Table, key: u32, plen: u8, fi: *const FibInfo) -> i32;
        pub fn c_remove(tb: *mut Table, key: u32, plen: u8) -> i32;
        pub fn c_walk(tb: *mut Table) -> i64;
        pub fn fib_table_lookup(
            tb: *mut Table,
            flow: *const Flow,
            result: *mut FibResult,
            flags: i32,
        ) -> i32;
    }
}

use c::{
    FibInfo,
    FibResult,
    Flow, //
};

const NOREF: i32 = 1;
/// As a router has next hops.
const ROUTES: usize = 64;

struct Tables {
    c: *mut c::Table,
    rust: Trie<Host>,
    memory: Host,
    writer: Writer,
    infos: Vec<*const FibInfo>,
    errors: [i32; 16],
}

impl Tables {
    fn new() -> Self {
        let device: &c::NetDevice = Box::leak(Box::new(c::NetDevice { ignore_linkdown: 0 }));
        let info = |oif| -> *const FibInfo {
            Box::leak(Box::new(FibInfo {
                flags: 0,
                dead: 0,
                protocol: 4,
                scope: 0,
                kind: 1,
                priority: 0,
                clntref: 1,
                nhs: 1,
                nh: std::ptr::null(),
                fib_nh: [c::NextHop {
                    dev: device,
                    oif,
                    scope: 253,
                    family: 2,
                    gw_family: 2,
                    flags: 0,
                }],
            }))
        };
        Self {
            // SAFETY: It has no requirements.
            c: unsafe { c::c_table() },
            rust: Trie::new(),
            memory: Host::new(),
            writer: Writer,
            infos: (0..=ROUTES as i32).map(info).collect(),
            errors: black_box([0; 16]),
        }
    }

    fn word(prefix: Prefix) -> u32 {
        1 + (prefix.address() >> 8).wrapping_mul(0x9e37_79b9) % ROUTES as u32
    }

    #[inline(never)]
    fn insert_c(&mut self, prefix: Prefix) {
        let info = self.infos[Self::word(prefix) as usize];
        // SAFETY: Table and route live as long as the process.
        let done = unsafe { c::c_insert(self.c, prefix.address(), prefix.length(), info) };
        assert_eq!(done, 0);
    }

    #[inline(never)]
    fn insert_rust(&mut self, prefix: Prefix) {
        let word = NonZero::new(Self::word(prefix)).unwrap();
        let done = self
            .rust
            .insert(prefix, word, &self.memory, &mut self.writer);
        assert_eq!(done, Ok(None));
    }

    #[inline(never)]
    fn remove_c(&mut self, prefix: Prefix) {
        // SAFETY: As above.
        let done = unsafe { c::c_remove(self.c, prefix.address(), prefix.length()) };
        assert_eq!(done, 0);
    }

    #[inline(never)]
    fn remove_rust(&mut self, prefix: Prefix) {
        let done = self.rust.remove(prefix, &self.memory, &mut self.writer);
        assert!(done.is_some());
    }

    #[inline(never)]
    fn walk_rust(&self, guard: &Guard) -> usize {
        let mut count = 0;
        let Ok(()) = self.rust.walk(None, guard, |prefix, _| {
            count += 1;
            black_box(prefix);
            Ok::<(), Infallible>(())
        });
        count
    }

    #[inline(always)]
    fn lookup_c(&self, address: u32) -> (i32, FibResult) {
        let flow = Flow {
            daddr: address.to_be(),
            scope: 0,
            oif: 0,
        };
        let mut result = std::mem::MaybeUninit::<FibResult>::zeroed();
        // SAFETY: Table, flow and result are valid; a result of zeros is one, too.
        unsafe {
            let error = c::fib_table_lookup(self.c, &flow, result.as_mut_ptr(), NOREF);
            (error, result.assume_init())
        }
    }

    /// What C's function does, for the same result.
    #[inline(never)]
    fn fib_table_lookup(&self, flow: &Flow, guard: &Guard, result: &mut FibResult) -> i32 {
        let address = u32::from_be(flow.daddr);
        let mut below = Trie::<Host>::ANY;

        while let Some((length, word)) = self.rust.longest(address, below, guard) {
            below = length;
            // SAFETY: The routes are those that all words stand for.
            let info = unsafe { &**self.infos.get_unchecked(word.get() as usize) };
            if info.dead != 0 || info.scope < flow.scope {
                continue;
            }
            let error = self.errors[info.kind as usize & 15];
            if error < 0 {
                return error;
            }
            if info.flags & 1 != 0 || !info.nh.is_null() {
                continue;
            }
            for hop in info.fib_nh.iter().take(info.nhs as usize) {
                // SAFETY: All have a device.
                let ignores = unsafe { (*hop.dev).ignore_linkdown != 0 };
                if hop.flags & 1 != 0
                    || ignores && hop.flags & 16 != 0
                    || flow.oif != 0 && flow.oif != hop.oif
                {
                    continue;
                }
                result.prefix = cut_be(address, length);
                result.prefixlen = length;
                result.nh_sel = 0;
                result.kind = info.kind;
                result.scope = info.scope;
                result.dscp = 0;
                result.nhc = hop;
                result.fi = info;
                result.table = self.c.cast();
                return error;
            }
        }
        -11
    }

    #[inline(always)]
    fn lookup_rust(&self, address: u32, guard: &Guard) -> (i32, FibResult) {
        let flow = Flow {
            daddr: address.to_be(),
            scope: 0,
            oif: 0,
        };
        // SAFETY: A result of zeros is one.
        let mut result = unsafe { std::mem::zeroed() };
        let error = self.fib_table_lookup(&flow, guard, &mut result);
        (error, result)
    }

    /// Looks addresses up, each when the last has been found.
    #[inline(never)]
    fn all_c(&self, addresses: &[u32], depend: u32) -> u32 {
        addresses.iter().fold(0, |sum, address| {
            let (error, result) = self.lookup_c(address ^ sum & depend);
            sum.wrapping_add(error as u32 ^ result.nhc as u32 ^ u32::from(result.prefixlen))
        })
    }

    #[inline(never)]
    fn all_rust(&self, addresses: &[u32], depend: u32, guard: &Guard) -> u32 {
        addresses.iter().fold(0, |sum, address| {
            let (error, result) = self.lookup_rust(address ^ sum & depend, guard);
            sum.wrapping_add(error as u32 ^ result.nhc as u32 ^ u32::from(result.prefixlen))
        })
    }
}

fn cut_be(address: u32, length: u8) -> u32 {
    let mask = u64::from(u32::MAX).wrapping_shl(32u32.wrapping_sub(length.into()));
    (address & mask as u32).to_be()
}

const SETS: [&str; 4] = ["random", "in table", "1,024 hot", "64 hot"];

/// The addresses that are looked up.
fn addresses(set: &str, prefixes: &[Prefix], random: &mut Random) -> Vec<u32> {
    const COUNT: usize = 1 << 18;
    let inside = |random: &mut Random| {
        let prefix = prefixes[random.below(prefixes.len())];
        prefix.address() | (u64::from(random.number()) >> prefix.length()) as u32
    };
    match set {
        "random" => (0..COUNT).map(|_| random.number() % 0xe000_0000).collect(),
        "in table" => (0..COUNT).map(|_| inside(random)).collect(),
        hot => {
            let few = if hot == "64 hot" { 64 } else { 1024 };
            let some: Vec<u32> = (0..few).map(|_| inside(random)).collect();
            (0..COUNT).map(|_| some[random.below(few)]).collect()
        }
    }
}

fn time<T>(run: impl FnOnce() -> T) -> (Duration, T) {
    let start = Instant::now();
    let result = run();
    (start.elapsed(), result)
}

fn load(size: usize, routes: Option<&str>) -> (Vec<Prefix>, Random) {
    let mut random = Random::new(size as u64);
    let prefixes = match routes {
        None if env::var_os("NO_DEFAULT").is_none() => table(size, &mut random),
        None => internet(size, &mut random),
        Some(path) => {
            let text = fs::read_to_string(path).expect(path);
            let mut all = parse(&text).expect("ROUTES has a prefix in each line");
            // The same order for all sizes.
            Random::new(0).shuffle(&mut all);
            all.truncate(size);
            all
        }
    };
    (prefixes, random)
}

fn row(size: usize, routes: Option<&str>) {
    let (prefixes, mut random) = load(size, routes);
    let mut tables = Tables::new();
    // SAFETY: One thread.
    let before = unsafe { c::c_bytes };
    let used = Usage::now();

    let mut longest = [Duration::ZERO; 2];
    let mut total = [Duration::ZERO; 2];
    for prefix in &prefixes {
        let times = [
            time(|| tables.insert_c(*prefix)).0,
            time(|| tables.insert_rust(*prefix)).0,
        ];
        for i in 0..2 {
            longest[i] = longest[i].max(times[i]);
            total[i] += times[i];
        }
    }
    let n = prefixes.len();
    // SAFETY: One thread.
    let bytes_c = (unsafe { c::c_bytes } - before) as f64 / n as f64;
    let now = Usage::now();
    let exact = (now.exact - used.exact) as f64 / n as f64;
    let kmalloc = (now.kmalloc - used.kmalloc) as f64 / n as f64;
    println!(
        "{n} routes: bytes each C {bytes_c:.1}, ours {exact:.1} exact, {kmalloc:.1} kmalloc; \
         insert C {} ns, ours {} ns; longest C {:?}, ours {:?}",
        total[0].as_nanos() / n as u128,
        total[1].as_nanos() / n as u128,
        longest[0],
        longest[1]
    );

    let guard = Guard::new();
    for set in SETS {
        let addresses = addresses(set, &prefixes, &mut random);
        // That each lookup waits for the last, the compiler must not see through.
        let depend = black_box(0u32);
        // Other programs run as well: of each piece, the best of some tries.
        let mut best = [0.0; 2];
        for piece in addresses.chunks(1 << 15) {
            let mut least = [Duration::MAX; 2];
            for _ in 0..5 {
                let (c, sum) = time(|| tables.all_c(piece, depend));
                let (rust, same) = time(|| tables.all_rust(piece, depend, &guard));
                assert_eq!(sum, same);
                least = [least[0].min(c), least[1].min(rust)];
            }
            for i in 0..2 {
                best[i] += least[i].as_nanos() as f64 / addresses.len() as f64;
            }
        }
        println!(
            "  {set}: C {:.1} ns, ours {:.1} ns, ratio {:.2}",
            best[0],
            best[1],
            best[0] / best[1]
        );
    }
    drop(guard);

    // SAFETY: The table is there.
    let (walk_c, count) = time(|| unsafe { c::c_walk(tables.c) });
    let guard = Guard::new();
    let (walk, same) = time(|| tables.walk_rust(&guard));
    drop(guard);
    assert_eq!((count as usize, same), (n, n));
    let mut order = prefixes.clone();
    random.shuffle(&mut order);
    let half = &order[..n.div_ceil(10)];
    let flap_c = time(|| {
        half.iter().for_each(|p| {
            tables.remove_c(*p);
            tables.insert_c(*p);
        })
    })
    .0;
    let flap = time(|| {
        half.iter().for_each(|p| {
            tables.remove_rust(*p);
            tables.insert_rust(*p);
        })
    })
    .0;
    let gone_c = time(|| order.iter().for_each(|p| tables.remove_c(*p))).0;
    let gone = time(|| order.iter().for_each(|p| tables.remove_rust(*p))).0;
    let each = |time: Duration, n: usize| time.as_nanos() / n as u128;
    println!(
        "  walk C {} ns, ours {}; withdraw and announce C {}, ours {}; remove C {}, ours {}",
        each(walk_c, n),
        each(walk, n),
        each(flap_c, half.len()),
        each(flap, half.len()),
        each(gone_c, n),
        each(gone, n)
    );
}

/// The longest insert. Other programs run as well: each is done some times, and its shortest counts.
fn longest(size: usize, routes: Option<&str>) {
    let (prefixes, _) = load(size, routes);
    let mut least = vec![[Duration::MAX; 2]; prefixes.len()];
    for _ in 0..4 {
        let mut tables = Tables::new();
        // Not in turns: what one frees at once, the other's next allocation would have to sort.
        for (prefix, [_, rust]) in prefixes.iter().zip(&mut least) {
            *rust = time(|| tables.insert_rust(*prefix)).0.min(*rust);
        }
        for (prefix, [c, _]) in prefixes.iter().zip(&mut least) {
            *c = time(|| tables.insert_c(*prefix)).0.min(*c);
        }
    }
    let of = |i| {
        least
            .iter()
            .map(|both: &[Duration; 2]| both[i])
            .max()
            .unwrap_or_default()
    };
    println!("longest insert: C {:?}, ours {:?}", of(0), of(1));
}

fn count(size: usize, set: &str, which: &str, routes: Option<&str>) {
    let (prefixes, mut random) = load(size, routes);
    let mut tables = Tables::new();
    for prefix in &prefixes {
        if which == "c" {
            tables.insert_c(*prefix);
        } else {
            tables.insert_rust(*prefix);
        }
    }
    let guard = Guard::new();
    match (set, which) {
        // SAFETY: The table is there.
        ("walk", "c") => drop(black_box(unsafe { c::c_walk(tables.c) })),
        ("walk", _) => drop(black_box(tables.walk_rust(&guard))),
        ("remove", "c") => prefixes.iter().for_each(|p| tables.remove_c(*p)),
        ("remove", _) => prefixes.iter().for_each(|p| tables.remove_rust(*p)),
        _ => {
            let mut addresses = addresses(set, &prefixes, &mut random);
            addresses.truncate(100_000);
            match which {
                "c" => black_box(tables.all_c(&addresses, 0)),
                _ => black_box(tables.all_rust(&addresses, 0, &guard)),
            };
        }
    }
}

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        ["count", size, set, which] => count(size.parse().unwrap(), set, which, None),
        ["count", size, set, which, routes] => {
            count(size.parse().unwrap(), set, which, Some(routes))
        }
        ["longest", size] => longest(size.parse().unwrap(), None),
        ["longest", size, routes] => longest(size.parse().unwrap(), Some(routes)),
        ["size", size] => row(size.parse().unwrap(), None),
        ["size", size, routes] => row(size.parse().unwrap(), Some(routes)),
        [] | [_] => {
            for size in [1, 3, 10, 30, 60, 100, 300, 1000, 10_000, 100_000, 1_000_000] {
                row(size, words.first().copied());
            }
        }
        _ => eprintln!("bench [ROUTES]"),
    }
}
