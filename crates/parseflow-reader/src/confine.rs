//! Giving up everything but computing.
//!
//! In order: limits on resources that hold on every Unix; then, on Linux, Landlock (no file system,
//! no TCP, no signals to other processes) and a seccomp filter that ends the process at any system
//! call but those for memory, time, its pipes and its end. A kernel without the latter two leaves
//! limits and the process boundary; the worker says so and the service warns at its start.

use rustix::process::{Resource, Rlimit, setrlimit};

/// Processor time of a worker over its whole life, in seconds. It is renewed long before.
const CPU_SECS_MAX: u64 = 3_600;
/// Its three standard streams, and room for what the runtime opens at the start.
const FILES_MAX: u64 = 16;

/// Sets the limits that need no support of the kernel: address space, processor time, no files
/// written, few files open, no core dump.
///
/// # Errors
/// When the system refuses one.
pub(crate) fn limit_resources(memory_bytes_max: u64) -> rustix::io::Result<()> {
    let limit = |resource, value| {
        setrlimit(resource, Rlimit { current: Some(value), maximum: Some(value) })
    };
    limit(Resource::As, memory_bytes_max)?;
    limit(Resource::Cpu, CPU_SECS_MAX)?;
    limit(Resource::Fsize, 0)?;
    limit(Resource::Nofile, FILES_MAX)?;
    limit(Resource::Core, 0)
}

/// No further process or thread. Called once the worker's own threads run.
///
/// # Errors
/// When the system refuses.
pub(crate) fn forbid_processes() -> rustix::io::Result<()> {
    setrlimit(Resource::Nproc, Rlimit { current: Some(0), maximum: Some(0) })
}

#[cfg(target_os = "linux")]
pub(crate) use linux::{
    close_inherited, die_with_parent, forbid_files_and_network, forbid_system_calls,
};

#[cfg(not(target_os = "linux"))]
pub(crate) use elsewhere::{
    close_inherited, die_with_parent, forbid_files_and_network, forbid_system_calls,
};

#[cfg(target_os = "linux")]
mod linux {
    use std::collections::BTreeMap;

    use landlock::{ABI, Access, AccessFs, AccessNet, Ruleset, RulesetAttr, RulesetStatus, Scope};
    use seccompiler::{
        BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
        SeccompRule,
    };

    /// The kernel ends the worker when its parent dies, even in an endless loop.
    pub(crate) fn die_with_parent() {
        let signal = rustix::process::Signal::KILL;
        // The end of the pipe ends it as well, as soon as it reads again.
        let _ = rustix::process::set_parent_process_death_signal(Some(signal));
    }

    /// Closes what a careless parent of the service has passed down: everything but the three standard
    /// streams. Called before anything of our own is open.
    pub(crate) fn close_inherited() {
        let open = std::fs::read_dir("/proc/self/fd").into_iter().flatten().flatten();
        let open: Vec<i32> =
            open.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect();
        for number in open.into_iter().filter(|number| *number > 2) {
            // The one of the listing itself is closed already.
            let _ = nix::unistd::close(number);
        }
    }

    /// Landlock without a single exception; whether the kernel enforces any of it.
    pub(crate) fn forbid_files_and_network() -> bool {
        let abi = ABI::V6;
        let enforced = Ruleset::default()
            .handle_access(AccessFs::from_all(abi))
            .and_then(|ruleset| ruleset.handle_access(AccessNet::from_all(abi)))
            .and_then(|ruleset| ruleset.scope(Scope::from_all(abi)))
            .and_then(|ruleset| ruleset.create())
            .and_then(|ruleset| ruleset.restrict_self());
        enforced.is_ok_and(|status| status.ruleset != RulesetStatus::NotEnforced)
    }

    /// The system calls of a process that computes: memory, waiting for its own threads, time, chance,
    /// what it has open, its end. Nothing that opens, connects, starts or looks at others.
    const ALLOWED: &[i64] = &[
        libc::SYS_read,
        libc::SYS_readv,
        libc::SYS_write,
        libc::SYS_writev,
        libc::SYS_close,
        libc::SYS_fstat,
        libc::SYS_munmap,
        libc::SYS_mremap,
        libc::SYS_madvise,
        libc::SYS_brk,
        libc::SYS_futex,
        libc::SYS_sched_yield,
        libc::SYS_sched_getaffinity,
        libc::SYS_clock_gettime,
        libc::SYS_clock_nanosleep,
        libc::SYS_getrandom,
        libc::SYS_getpid,
        libc::SYS_gettid,
        libc::SYS_rt_sigaction,
        libc::SYS_rt_sigprocmask,
        libc::SYS_rt_sigreturn,
        libc::SYS_sigaltstack,
        libc::SYS_restart_syscall,
        libc::SYS_rseq,
        libc::SYS_set_robust_list,
        libc::SYS_membarrier,
        libc::SYS_exit,
        libc::SYS_exit_group,
    ];

    /// Memory that can be executed is never made: the third argument of these must not ask for it.
    const WITHOUT_EXECUTION: [i64; 2] = [libc::SYS_mmap, libc::SYS_mprotect];

    /// Filters the system calls of every thread; whether the kernel took the filter.
    pub(crate) fn forbid_system_calls() -> bool {
        match filter() {
            Ok(program) => seccompiler::apply_filter_all_threads(&program).is_ok(),
            // An architecture without a filter.
            Err(_) => false,
        }
    }

    fn filter() -> Result<BpfProgram, seccompiler::BackendError> {
        let mut rules: BTreeMap<i64, Vec<SeccompRule>> =
            ALLOWED.iter().map(|call| (*call, Vec::new())).collect();
        let execute = u64::from(libc::PROT_EXEC.unsigned_abs());
        for call in WITHOUT_EXECUTION {
            let condition = SeccompCondition::new(
                2,
                SeccompCmpArgLen::Dword,
                SeccompCmpOp::MaskedEq(execute),
                0,
            )?;
            rules.insert(call, vec![SeccompRule::new(vec![condition])?]);
        }
        // The allocator names its memory for `/proc`; the kernel is asked for nothing else.
        let names_memory = SeccompCondition::new(
            0,
            SeccompCmpArgLen::Dword,
            SeccompCmpOp::Eq,
            u64::from(libc::PR_SET_VMA.unsigned_abs()),
        )?;
        rules.insert(libc::SYS_prctl, vec![SeccompRule::new(vec![names_memory])?]);
        SeccompFilter::new(
            rules,
            SeccompAction::KillProcess,
            SeccompAction::Allow,
            std::env::consts::ARCH.try_into()?,
        )?
        .try_into()
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn the_filter_compiles_and_lets_nothing_open_connect_or_start() {
            assert!(!filter().unwrap().is_empty());
            let forbidden = [
                libc::SYS_openat,
                libc::SYS_socket,
                libc::SYS_connect,
                libc::SYS_clone,
                libc::SYS_clone3,
                libc::SYS_execve,
                libc::SYS_ptrace,
                libc::SYS_kill,
                libc::SYS_prctl,
                libc::SYS_prlimit64,
                libc::SYS_ioctl,
            ];
            for call in forbidden {
                assert!(!ALLOWED.contains(&call), "{call}");
            }
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod elsewhere {
    /// Whoever starts the service has to pass nothing down.
    pub(crate) fn close_inherited() {}

    /// The end of the pipe ends the worker.
    pub(crate) fn die_with_parent() {}

    /// Not known here.
    pub(crate) fn forbid_files_and_network() -> bool {
        false
    }

    /// Not known here.
    pub(crate) fn forbid_system_calls() -> bool {
        false
    }
}
