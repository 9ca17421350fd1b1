//! Metrics that the kernel has about the process, with the names that Prometheus client libraries use
//! (<https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics>). Metrics that cannot be read are left out.

use std::fmt::Write as _;

use jiff::Timestamp;

/// Writes memory, threads, file descriptors and start time.
pub fn write(text: &mut String, started: Timestamp) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let resident = field(&status, "VmRSS:").map(|kilobytes| kilobytes * 1024);
    let open = std::fs::read_dir("/proc/self/fd").ok().map(|all| (all.count() as u64).saturating_sub(1));
    let limit = most_descriptors();
    let gauges = [
        ("process_resident_memory_bytes", "Resident memory size in bytes.", resident),
        ("process_threads", "Number of OS threads in the process.", field(&status, "Threads:")),
        ("process_open_fds", "Number of open file descriptors.", open),
        ("process_max_fds", "Maximum number of open file descriptors.", limit),
    ];
    for (name, help, value) in gauges {
        if let Some(value) = value {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {value}");
        }
    }
    let name = "process_start_time_seconds";
    let help = "Start time of the process since unix epoch in seconds.";
    let _ = writeln!(
        text,
        "# HELP {name} {help}\n# TYPE {name} gauge\n{name} {:.3}",
        started.as_duration().as_secs_f64()
    );
}

/// Returns the limit of open files of the process. `None` if the kernel gives none, or there is no limit.
pub fn most_descriptors() -> Option<u64> {
    soft_limit(&std::fs::read_to_string("/proc/self/limits").ok()?)
}

/// `Max open files            1024                 524288               files`
fn soft_limit(limits: &str) -> Option<u64> {
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// `VmRSS:     12345 kB`
fn field(status: &str, name: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernels_tables_are_read_as_they_are_laid_out() {
        let limits = "Limit                     Soft Limit           Hard Limit           Units     \n\
                      Max cpu time              unlimited            unlimited            seconds   \n\
                      Max open files            1024                 524288               files     \n";
        assert_eq!(soft_limit(limits), Some(1024));
        assert_eq!(soft_limit(&limits.replace("1024", "unlimited")), None);
        assert_eq!(soft_limit(""), None);
        let status = "VmPeak:\t  9 kB\nVmRSS:\t    12 kB\nThreads:\t7\n";
        assert_eq!((field(status, "VmRSS:"), field(status, "Threads:")), (Some(12), Some(7)));
    }
}
